"""Documents for the rules that no text of a few lines can break: by rule, what does and what does not.

Each is a function of a folder, which writes what it is about there and answers the argument to lint.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.courses.lint.test_run import ROADMAP

Made = Callable[[Path], str]
METADATA = "id: MOD-901\ntype: module\ntitle: Ports\nroles: [operator]\ncompetencies: []\nstatus: draft\n"
NOTES = f"{ROADMAP}\n## Dependencies & Notes\n\n"
# Why no document breaks these, and where they are proven.
WITHOUT = {
    "import.conflict": "needs a database: tests/courses/planning/test_conflicts.py",
    "import.criteria": "needs two documents that are joined: tests/courses/planning/test_joined_documents.py",
    "import.differs": "needs two sources: tests/courses/planning/test_orders.py",
    "import.duplicate_id": "needs two sources: tests/courses/planning",
    "import.idle_rename": "needs a file of renames: tests/courses/planning/test_renames.py",
    "import.incomplete": "needs a program beside the document: tests/courses/planning/test_drafts.py",
    "import.merged": "needs a database: tests/courses/planning/test_alike.py",
    "import.no_place": "needs a program beside the document: tests/courses/planning/test_drafts.py",
    "import.other_thing": "needs a database: tests/courses/planning/test_alike.py",
    "import.other_tree": "needs a database: tests/courses/planning",
    "import.prerequisites": "needs two sources: tests/courses/planning/test_sources.py",
    "import.replaced": "needs a database: tests/courses/planning/test_alike.py",
    "import.retires_much": "needs a database: tests/courses/planning/test_retiring.py",
    "import.reworded": "needs a database: tests/courses/planning/test_alike.py",
    "import.succeeds": "needs a database: tests/courses/planning",
    "import.two_quizzes": "needs two sources: tests/courses/planning/test_quizzes_elsewhere.py",
    "import.unattached": "needs a program beside the document: tests/courses/planning/test_drafts.py",
    "source.reader_failed": "a fault of Waymark and of no document: test_run.py breaks a reader",
    "source.repository": "needs a repository that cannot be fetched: tests/courses/sources/test_git.py",
    "source.too_many_files": "20,000 files are too slow to write: tests/courses/sources/test_trees.py lowers the limit",
    "source.too_much": "200 MiB are too slow to write: tests/courses/sources/test_trees.py lowers the limit",
    "source.unread": "named where a reader has a gap, and none is known: test_run.py makes one",
}


def text(words: str | bytes, name: str = "x.md") -> Made:
    def made(folder: Path) -> str:
        (folder / name).write_bytes(words if isinstance(words, bytes) else words.encode())
        return str(folder)

    return made


def packed(*names: str, method: int = zipfile.ZIP_DEFLATED) -> Made:
    """An archive of roadmaps and of what else has their names."""

    def made(folder: Path) -> str:
        with zipfile.ZipFile(folder / "a.zip", "w", method) as archive:
            for name in names:
                archive.writestr(name, ROADMAP)
        return str(folder / "a.zip")

    return made


def nesting(folder: Path) -> str:
    inner = Path(packed("x.md")(folder)).read_bytes()
    with zipfile.ZipFile(folder / "b.zip", "w") as archive:
        archive.writestr("a.zip", inner)
    return str(folder / "b.zip")


def encrypted(folder: Path) -> str:
    """The bit that says so, set in the member and in the directory."""
    place = Path(packed("x.md")(folder))
    data = bytearray(place.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    place.write_bytes(data)
    return str(place)


def cut(folder: Path) -> str:
    place = Path(packed("x.md")(folder))
    place.write_bytes(place.read_bytes()[:-30])
    return str(place)


def linked(folder: Path) -> str:
    text(ROADMAP, "ports.md")(folder)
    (folder / "link.md").symlink_to(folder / "ports.md")
    return str(folder)


def pipe(folder: Path) -> str:
    os.mkfifo(folder / "pipe.md")
    return str(folder / "pipe.md")


def nested(levels: int) -> str:
    return NOTES + "\n".join("  " * level + "- x" for level in range(levels)) + "\n"


def wide(columns: int) -> str:
    return f"{NOTES}{'|a' * columns}|\n{'|-' * columns}|\n{'|b' * columns}|\n"


def aliases(levels: int) -> str:
    """Lists of ten of the list before."""
    lists = [
        f"a{level}: &a{level} [{', '.join(['x' if not level else f'*a{level - 1}'] * 10)}]" for level in range(levels)
    ]
    return METADATA + "\n".join(lists) + "\n"


MADE: dict[str, tuple[Made, Made]] = {
    "source.alias_bomb": (text(aliases(9), "x.yaml"), text(METADATA, "x.yaml")),
    "source.archive_broken": (cut, packed("x.md")),
    "source.archive_encrypted": (encrypted, packed("x.md")),
    "source.archive_method": (packed("x.md", method=zipfile.ZIP_BZIP2), packed("x.md", method=zipfile.ZIP_STORED)),
    "source.archive_nested": (nesting, packed("x.md", "a.png")),
    "source.archive_path": (packed("../x.md"), packed("b/x.md")),
    "source.archive_twice": (packed("x.md", "X.md"), packed("x.md", "y/x.md")),
    "source.link": (linked, text(ROADMAP)),
    "source.long_line": (text(f"{NOTES}{'word ' * 4_001}\n"), text(f"{NOTES}{'word ' * 3_999}\n")),
    "source.not_text": (text(ROADMAP.encode("utf-16")), text(ROADMAP)),
    "source.too_deep": (text(nested(21)), text(nested(20))),
    "source.too_large": (text(NOTES + "word\n" * 450_000), text(NOTES + "word\n" * 400)),
    "source.too_long": (text(NOTES + "\n" * 50_000 + "word\n"), text(NOTES + "word\n" * 400)),
    "source.too_wide": (text(wide(1_001)), text(wide(1_000))),
    "source.unreadable": (pipe, text(ROADMAP)),
}  # fmt: skip
