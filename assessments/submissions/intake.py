"""From what was sent to the files of a submission."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from assessments.submissions.archives import archive_read, is_archive
from assessments.submissions.limits import INTAKE, Intake, Measure, Rejected
from assessments.submissions.names import Names, is_left_out, name_read, shown_name
from assessments.submissions.scan import scan
from waymark.core.blobs import digest_of


@dataclass(frozen=True)
class Work:
    """Files that were read and may be kept.

    :param files: by name.
    :param left_out: what tools leave behind, not kept.
    """

    files: Mapping[str, bytes]
    left_out: tuple[str, ...] = ()

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """sha256 of each content, by name."""
        return {name: digest_of(data) for name, data in self.files.items()}

    @cached_property
    def digest(self) -> str:
        """sha256 of names and contents: the same work has the same one."""
        total = hashlib.sha256()
        for name in sorted(self.files):
            total.update(name.encode() + b"\0" + bytes.fromhex(self.digests[name]))
        return total.hexdigest()


def work_read(sent: Mapping[str, bytes], *, starter: Collection[str] = (), intake: Intake = INTAKE) -> Work:
    """The work in *sent*: files by name, or one archive.

    An archive alone is unpacked. When all of it lies in one folder that holds
    files of the starter, it is the folder that was packed, and its name is taken
    off. Anything beside other files stays as it is.

    :param starter: names of the files that the lab begins with.
    :raises Rejected: it may not be kept; nothing was.
    """
    if not sent:
        raise Rejected("nothing_given", _("There is no file."), hint=_("Choose at least one file."))
    left_out: list[str] = []
    if len(sent) == 1 and is_archive(only := next(iter(sent.values()))):
        files, left_out = archive_read(only, intake)
        files = _without_its_folder(files, starter)
    else:
        measure, files = Measure(intake), {}
        for given, data in sent.items():
            name = name_read(given, intake)
            if is_left_out(name):
                left_out.append(name)
                continue
            measure.file()
            measure.bytes(shown_name(name), len(data), len(data))
            files[name] = data
    names = Names()
    for name in files:
        names.take(name)
    if not files:
        raise Rejected("nothing_given", _("There is no file in it that could be kept."))
    if found := scan(files):
        raise Rejected(
            "secret_found",
            _("%(where)s holds what looks like %(what)s; it was not stored.")
            % {"where": f"{found[0].name}:{found[0].line}", "what": found[0].what},
            where=f"{found[0].name}:{found[0].line}",
            hint=_("Take it out, and make a new one where it came from: it has left your machine."),
        )
    return Work(files, tuple(left_out))


def _without_its_folder(files: dict[str, bytes], starter: Collection[str]) -> dict[str, bytes]:
    tops = {name.partition("/")[0] for name in files}
    if len(tops) != 1 or any("/" not in name for name in files):
        return files
    top = tops.pop() + "/"
    if any(name in files for name in starter) or not any(top + name in files for name in starter):
        return files
    return {name.removeprefix(top): data for name, data in files.items()}
