"""From arguments to files: folders, archives and single files, within limits, with every refusal a finding.

Links are never followed, and nothing outside an argument is opened. A file is
called by its argument joined with the path below it; a member of an archive is
``a.zip!/path``, and a file of a git repository its path there.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from courses.curriculum.findings import Finding
from courses.curriculum.sources import archives, git
from courses.curriculum.sources.budget import Budget, OverBudget
from courses.curriculum.sources.ignored import OWN_FOLDER, Ignored
from courses.curriculum.sources.links import Places, linked_by
from courses.curriculum.sources.text import MAX_BYTES, too_large
from waymark.core.errors import DomainError

# What ends so is meant to be read; what may be a document by its content, or else a file like any other.
DOCUMENTS = frozenset({".md", ".markdown", ".yaml", ".yml"})
CANDIDATES = frozenset({"", ".txt", ".csv"})


@dataclass(frozen=True, slots=True)
class TreeFile:
    """A file that may be a document.

    :ivar file: how findings call it.
    :ivar path: its place below the root of its tree.
    :ivar root: the argument that it came by.
    :ivar alone: named by itself, and not found in a tree.
    :ivar above: kept above the argument, and no source of it.
    """

    file: str
    path: PurePosixPath
    root: str
    data: bytes
    alone: bool = False
    above: bool = False

    @property
    def own(self) -> bool:
        """Whether it says how its tree is imported, and is no document."""
        return OWN_FOLDER in self.path.parts


@dataclass(slots=True)
class Trees:
    """What the arguments hold.

    :ivar names: every file by the name that findings use, also those that are no documents (pictures, code).
    :ivar roots: arguments that are trees, with their ``!`` if they are archives; empty for a repository.
    :ivar linked: contents of the files that documents link to.
    """

    files: list[TreeFile] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    roots: list[str] = field(default_factory=list)
    linked: dict[str, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def refuse(self, rule: str, file: str, message: str, fix: str) -> None:
        self.findings.append(Finding(rule, "error", file, 1, message, fix))


def trees_of(arguments: list[str]) -> Trees:
    """Read everything that *arguments* name; each of them exists. What is named twice is read once."""
    trees, budget, seen = Trees(), Budget(), set[tuple[int, int]]()
    try:
        for argument in arguments:
            start = len(trees.files)
            try:
                _argument(trees, argument, budget, seen)
                _own_above(trees, argument, budget, seen)
            finally:
                trees.files[start:] = sorted(trees.files[start:], key=lambda file: file.path)
    except OverBudget as over:
        trees.refuse(over.rule, over.file, over.message, over.fix)
    return trees


def _argument(trees: Trees, argument: str, budget: Budget, seen: set[tuple[int, int]]) -> None:
    if git.is_address(argument):
        _repository(trees, argument, budget)
        return
    status = os.lstat(argument)
    if stat.S_ISLNK(status.st_mode):
        trees.refuse("source.link", argument, "This is a link, and links are not followed.", "Name what it points to.")
    elif stat.S_ISDIR(status.st_mode):
        trees.roots.append(argument)
        start = len(trees.files)
        _folder(trees, argument, budget, seen)
        for file in _linked(trees, trees.files[start:]):
            _linked_file(trees, file, budget)
    elif not stat.S_ISREG(status.st_mode):
        trees.refuse("source.unreadable", argument, "This is neither a file nor a folder.", "Name one of them.")
    elif archives.is_archive(argument):
        if _first_time(status, seen):
            _archive(trees, argument, budget)
    elif _first_time(status, seen):
        _file(trees, argument, argument, PurePosixPath(Path(argument).name), argument, budget, alone=True)


def _own_above(trees: Trees, argument: str, budget: Budget, seen: set[tuple[int, int]]) -> None:
    """What is kept beside the sources holds for a part of them too.

    The nearest ``.waymark`` up to the repository's top; outside a repository only
    the folder of a file is looked at.
    """
    if git.is_address(argument):
        return
    place = Path(argument)
    folder = place if place.is_dir() else place.parent
    above = [folder, *folder.parents]
    top = next((number for number, each in enumerate(above) if (each / ".git").exists()), 0)
    own = next((each / OWN_FOLDER for each in above[: top + 1] if _is_folder(each / OWN_FOLDER)), None)
    if own is None or own.parent == place:
        return
    for entry in sorted(os.scandir(own), key=lambda entry: entry.name):
        status = entry.stat(follow_symlinks=False)
        if stat.S_ISREG(status.st_mode) and is_document(entry.name) and _first_time(status, seen):
            path = PurePosixPath(OWN_FOLDER, entry.name)
            _file(trees, entry.path, (own / entry.name).as_posix(), path, argument, budget, above=True)


def _is_folder(place: Path) -> bool:
    return place.is_dir() and not place.is_symlink()


def _first_time(status: os.stat_result, seen: set[tuple[int, int]]) -> bool:
    key = (status.st_dev, status.st_ino)
    if key in seen:
        return False
    seen.add(key)
    return True


def _folder(trees: Trees, argument: str, budget: Budget, seen: set[tuple[int, int]]) -> None:
    ignored, above = _of_repository(Path(argument))
    waiting = [""]
    while waiting:
        below = waiting.pop()
        shown = f"{argument.rstrip('/')}/{below}"
        try:
            entries = sorted(os.scandir(os.path.join(argument, below)), key=lambda entry: entry.name)
        except OSError as error:
            message = f"The folder cannot be read: {error.strerror}."
            trees.refuse("source.unreadable", shown.rstrip("/"), message, "Check its permissions.")
            continue
        _ignore_file(ignored, above + below, entries)
        for entry in entries:
            folder = entry.is_dir(follow_symlinks=False)
            if ignored.excludes(f"{above}{below}{entry.name}{'/' if folder else ''}"):
                continue
            if entry.is_symlink():
                message = "This is a link, and links are not followed."
                trees.findings.append(
                    Finding("source.link", "warning", shown + entry.name, 1, message, "Put what it points to here.")
                )
            elif folder:
                waiting.append(f"{below}{entry.name}/")
            elif entry.is_file(follow_symlinks=False):
                budget.file(shown + entry.name)
                trees.names.add(shown + entry.name)
                if may_be_document(entry.name) and _first_time(entry.stat(follow_symlinks=False), seen):
                    path = PurePosixPath(f"{below}{entry.name}")
                    _file(trees, entry.path, shown + entry.name, path, argument, budget)


def is_document(name: str) -> bool:
    """Whether a file is meant as a document, by its ending; what kind it is, its content says."""
    return PurePosixPath(name.lower()).suffix in DOCUMENTS


def may_be_document(name: str) -> bool:
    """Whether a file of a tree is looked into at all."""
    return PurePosixPath(name.lower()).suffix in DOCUMENTS | CANDIDATES


def _of_repository(folder: Path) -> tuple[Ignored, str]:
    """The ignore files above *folder* in its repository, and its place there; none where it is excluded itself."""
    ignored, place = Ignored(), folder.resolve()
    tops = [above for above in (place, *place.parents) if (above / ".git").exists()]
    if not tops or tops[0] == place:
        return ignored, ""
    above = place.relative_to(tops[0]).as_posix() + "/"
    parts = above.rstrip("/").split("/")
    for depth in range(len(parts)):
        prefix = "".join(f"{part}/" for part in parts[:depth])
        _ignore_file(ignored, prefix, [entry for entry in os.scandir(tops[0] / prefix) if entry.name == ".gitignore"])
        if ignored.excludes(f"{prefix}{parts[depth]}/"):
            # Who names an excluded folder wants it read.
            return Ignored(), ""
    return ignored, above


def _ignore_file(ignored: Ignored, folder: str, entries: list[os.DirEntry[str]]) -> None:
    for entry in entries:
        if entry.name == ".gitignore" and entry.is_file(follow_symlinks=False):
            try:
                ignored.add(folder, _bytes(entry.path, MAX_BYTES)[0])
            except OSError:
                continue


def _file(
    trees: Trees,
    place: str,
    shown: str,
    path: PurePosixPath,
    root: str,
    budget: Budget,
    *,
    alone: bool = False,
    above: bool = False,
) -> None:
    try:
        data, size = _bytes(place, MAX_BYTES)
    except OSError as error:
        message = f"The file cannot be read: {error.strerror}."
        trees.refuse("source.unreadable", shown, message, "Check its permissions.")
        return
    trees.names.add(shown)
    if size > MAX_BYTES:
        _refuse_size(trees, shown, size, alone)
        return
    budget.bytes(shown, len(data))
    trees.files.append(TreeFile(shown, path, root, data, alone, above))


def _refuse_size(trees: Trees, shown: str, size: int, alone: bool = False) -> None:
    """A document that is too large is an error; any other large file of a tree is none of our concern."""
    if alone or is_document(shown):
        trees.findings.append(too_large(shown, size).finding)


def _bytes(place: str, limit: int) -> tuple[bytes, int]:
    """The beginning of a file, up to *limit* and a byte, and how large it is. A link that came meanwhile is refused."""
    handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(None, "it is no file")
        data = file.read(limit + 1)
        return data, max(status.st_size, len(data))


def _linked(trees: Trees, documents: list[TreeFile]) -> list[str]:
    """The files that *documents* of a tree link to and that are still to be read."""
    places = Places(frozenset(trees.names), tuple(trees.roots))
    read = {each.file: each.data for each in trees.files}
    found = linked_by(places, ((each.file, each.data) for each in documents if is_document(each.file)))
    trees.linked |= {file: read[file] for file in found if file in read}
    return sorted(found - read.keys())


def _linked_file(trees: Trees, file: str, budget: Budget) -> None:
    try:
        data, size = _bytes(file, MAX_BYTES)
    except OSError as error:
        message = f"The file cannot be read: {error.strerror}."
        trees.refuse("source.unreadable", file, message, "Check its permissions.")
        return
    if size > MAX_BYTES:
        trees.findings.append(too_large(file, size).finding)
        return
    budget.bytes(file, len(data))
    trees.linked[file] = data


def _repository(trees: Trees, address: str, budget: Budget) -> None:
    try:
        with git.fetched(address) as archive:
            _archive(trees, str(archive), budget, root="")
    except DomainError as refused:
        trees.refuse("source.repository", git.without_credentials(address), refused.message, refused.hint)


def _archive(trees: Trees, argument: str, budget: Budget, *, root: str | None = None) -> None:
    root = f"{argument}!" if root is None else root
    trees.roots.append(root)
    members: list[archives.Member] = []
    start = len(trees.files)
    try:
        members.extend(archives.members_of(argument, trees.findings, budget, may_be_document, root=root))
    finally:
        # Also what was unpacked before the limit was met.
        _take(trees, root, members)
    if wanted := {file.removeprefix(f"{root}/") if root else file for file in _linked(trees, trees.files[start:])}:
        # What documents link to is known only when they are read; everything wrong with the archive is told by now.
        for member in archives.members_of(argument, [], Budget(), wanted.__contains__, root=root):
            if member.path in wanted and member.data is not None:
                trees.linked[archives.below(root, member.path)] = member.data
            elif member.path in wanted:
                trees.findings.append(too_large(archives.below(root, member.path), member.size).finding)


def _take(trees: Trees, root: str, members: list[archives.Member]) -> None:
    ignored = Ignored()
    for member in sorted(members, key=lambda each: each.path.count("/")):
        folder, _, name = member.path.rpartition("/")
        if name == ".gitignore" and member.data is not None:
            ignored.add(f"{folder}/" if folder else "", member.data)
    for member in members:
        if any(ignored.excludes(place) for place in _places(member.path)):
            continue
        shown = archives.below(root, member.path)
        trees.names.add(shown)
        if member.data is not None:
            trees.files.append(TreeFile(shown, PurePosixPath(member.path), root, member.data))
        elif member.size > MAX_BYTES:
            _refuse_size(trees, shown, member.size)


def _places(path: str) -> Iterator[str]:
    """The folders of a path from the outside in, then the path: ``a/``, ``a/b/``, ``a/b/c.md``."""
    parts = path.split("/")
    yield from ("".join(f"{part}/" for part in parts[: depth + 1]) for depth in range(len(parts) - 1))
    yield path
