"""Where things live, kept by machine: CONVENTIONS of the checkout as tests."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

TOP_LEVEL = {
    ".ci", ".dockerignore", ".editorconfig", ".github", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "Dockerfile",
    "LICENSE", "Makefile", "README.md", "assessments", "benchmarks", "courses", "docker-compose.yml", "docs",
    "fixtures", "grading", "manage.py", "platform", "pyproject.toml", "requirements", "tests",
}  # fmt: skip
"""A new name here is a decision: everything else belongs into one of these."""

APPS = ("courses", "assessments", "grading", "platform/waymark")
LONGEST = 400
"""Lines of a module; a longer one is split by what a newcomer would look for."""

# Written so that this file does not find itself.
MACHINE = re.compile(
    "|".join(["/" + "work/(main|shared|steering)", "/" + "tmp/(wm|bash_jobs)", re.escape(str(ROOT)) + r"\b"])
)
HOSTS = re.compile(r'"resolved"\s*:|--(extra-)?index-url|--find-links|registry\s*=')


def tracked() -> list[Path]:
    """The files of the checkout that git knows, or all of them where there is no git."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0:
        names = [name for name in listed.stdout.decode().split("\0") if name]
        return [ROOT / name for name in names if (ROOT / name).is_file()]
    apart = {".git", ".venv", "var", "node_modules", "__pycache__"}
    return [path for path in ROOT.rglob("*") if path.is_file() and not apart & set(path.relative_to(ROOT).parts)]


FILES = tracked()
NAMES = {path: path.relative_to(ROOT).as_posix() for path in FILES}


def text(path: Path) -> str:
    try:
        return path.read_text()
    except UnicodeDecodeError:
        return ""


def test_platform_never_shadows_the_standard_library() -> None:
    directly = [path.name for path in (ROOT / "platform").iterdir() if path.suffix == ".py"]
    assert directly == [], "platform/ holds the package waymark and no module: it would hide Python's own platform"
    assert not (ROOT / "tests" / "platform").exists()


def test_python_keeps_its_platform_module_through_manage() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", "import platform; print(platform.system())"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() in {"Linux", "Darwin"}


def test_top_level_names() -> None:
    assert {name.split("/")[0] for name in NAMES.values()} - TOP_LEVEL == set()


def test_no_module_is_too_long() -> None:
    def counted(name: str) -> bool:
        return name.endswith(".py") and not name.startswith("tests/") and "/migrations/" not in name

    long = {
        name: count for path, name in NAMES.items() if counted(name) and (count := text(path).count("\n")) > LONGEST
    }
    assert long == {}


@pytest.mark.parametrize("root", [*APPS, "tests"])
def test_every_folder_of_modules_is_a_package(root: str) -> None:
    folders = {path.parent for path, name in NAMES.items() if name.startswith(f"{root}/") and name.endswith(".py")}
    if root == "tests":
        folders |= {path.parent for path, name in NAMES.items() if name.startswith("tests/test_")}
    assert sorted(str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists()) == []


def test_no_path_of_a_machine() -> None:
    found = [f"{name}: {match.group()}" for path, name in NAMES.items() if (match := MACHINE.search(text(path)))]
    assert found == []


def test_locks_name_no_index_and_carry_hashes() -> None:
    locks = [
        path for path, name in NAMES.items() if name.startswith("requirements/") or name.endswith("package-lock.json")
    ]
    assert len(locks) >= 4
    for path in locks:
        content = text(path)
        assert not HOSTS.search(content), f"{NAMES[path]} names where packages come from"
        if path.suffix == ".txt":
            pins = re.findall(r"^[a-zA-Z0-9][^\s=]*==", content, re.M)
            assert pins
            assert len(re.findall(r"^    --hash=", content, re.M)) >= len(pins)
        assert "http://" not in content
        assert "https://" not in content


def test_locks_agree_with_each_other() -> None:
    def pins(name: str) -> dict[str, str]:
        return dict(
            re.findall(r"^([a-zA-Z0-9][^\s=\[]*)(?:\[[^\]]*\])?==([^\s;]+)", text(ROOT / "requirements" / name), re.M)
        )

    dev = pins("dev.txt")
    # The tools of the sandbox image have an environment of their own, on another Python.
    for lock in sorted(set((ROOT / "requirements").glob("*.txt")) - {ROOT / "requirements" / "sandbox.txt"}):
        differing = {name: (pin, dev.get(name)) for name, pin in pins(lock.name).items() if dev.get(name) != pin}
        assert differing == {}, f"{lock.name} and dev.txt must install side by side"


def test_every_task_of_make_is_documented() -> None:
    targets = re.findall(r"^([a-z-]+):", text(ROOT / "Makefile"), re.M)
    guide = text(ROOT / "docs" / "operating.md")
    hidden = {"setup", "setup-dev", "system"}
    assert [target for target in targets if target not in hidden and f"make {target}" not in guide] == []
