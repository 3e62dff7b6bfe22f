"""A job as bytes, for our first step inside a sandbox."""

from __future__ import annotations

import marshal
from typing import Any, Final

from grading.sandbox.cgroups import ZOMBIES
from grading.sandbox.contract import CHANNEL, MEBIBYTE, WORK, Job

MARSHAL: Final = 2
"""The version of the format that every Python 3 reads; json would bring half the library along inside."""
SLACK: Final = 64 * 1024
"""What a file system and a file may hold beyond the limit, so that going beyond it can be seen."""
SLACK_INODES: Final = 8


def packed(job: Job, program: bytes, *, limits: dict[str, int], **more: Any) -> bytes:
    """Four bytes of length, a header (marshal), and the contents of all files in its order.

    :param program: the filter of system calls.
    :param more: what else the header of this backend holds.
    """
    header: dict[str, Any] = {
        "limits": limits,
        "command": job.command,
        "environment": {
            "PATH": "/opt/tools/bin:/usr/bin:/bin",
            "HOME": WORK,
            "LANG": "C.UTF-8",
            "TMPDIR": "/tmp",  # noqa: S108
            **job.environment,
        },
        "files": [(path, len(content)) for path, content in job.files.items()],
        "kit": [(path, len(content)) for path, content in job.kit.items()],
        "stdin": len(job.stdin),
        "filter": program,
        **more,
    }
    head = marshal.dumps(header, MARSHAL)
    return b"".join([len(head).to_bytes(4, "big"), head, *job.files.values(), *job.kit.values(), job.stdin])


def limits_inside(job: Job, *, nproc: bool) -> dict[str, int]:
    """What the file systems and each process get.

    :param nproc: whether processes are counted in a user namespace of the run's own; else they
        would be counted together with those of other runs.
    """
    limits = job.limits
    inside = {
        "disk": limits.disk + SLACK,
        "inodes": limits.inodes + SLACK_INODES,
        "kit": sum(map(len, job.kit.values())) + len(job.stdin) + 4 * MEBIBYTE,
        # The group's processor time is judged by whoever watches; this ends a single process that outlives them.
        "cpu": int(limits.cpu) + 2,
        "fsize": limits.file_size + SLACK,
        "nofile": max(limits.open_files, CHANNEL + 1),
    }
    return inside | ({"nproc": limits.processes + ZOMBIES} if nproc else {})
