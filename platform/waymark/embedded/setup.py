"""Make ``.venv`` and install the locked dependencies: ``python3 setup.py base|dev``.

Runs on the system's Python before anything is installed, so it uses the
standard library only. What is installed already is not installed again: the
hash of the lock file is kept in the environment.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
VENV = ROOT / ".venv"
OLDEST = (3, 11)


def main(kind: str) -> int:
    if sys.version_info < OLDEST:
        print(
            f"Waymark needs Python {OLDEST[0]}.{OLDEST[1]} or newer and this is {sys.version.split()[0]}: "
            "name another one, such as make up PYTHON=python3.12.",
            file=sys.stderr,
        )
        return 1
    wanted = {name: hashlib.sha256(_lock(name).read_bytes()).hexdigest() for name in ("base", "dev")}
    python = VENV / "bin" / "python"
    # Everything of base is in dev: a development environment serves the product too.
    if python.exists() and any(_stamp(name) == wanted[name] for name in {kind, "dev"}):
        return 0
    print(f"Installing the locked dependencies ({kind}) into .venv ...", flush=True)
    if not python.exists() and subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False).returncode:
        print("The virtual environment could not be made: install Python's venv module.", file=sys.stderr)
        return 1
    lock = str(_lock(kind))
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    if subprocess.run([*command, "-r", lock], check=False).returncode:
        print("The dependencies could not be installed; pip says why above.", file=sys.stderr)
        return 1
    (VENV / f"waymark-{kind}.sha256").write_text(wanted[kind])
    return 0


def _lock(kind: str) -> Path:
    return ROOT / "requirements" / f"{kind}.txt"


def _stamp(kind: str) -> str:
    try:
        return (VENV / f"waymark-{kind}.sha256").read_text()
    except OSError:
        return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
