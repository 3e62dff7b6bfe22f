"""Run a command that dies with its parent: ``python guard.py SIGNAL COMMAND...``.

A program of its own because the kernel forgets the parent-death signal when a
process changes its credentials, as ``unshare --user`` does: this runs after it.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(sys.argv[1]), 0, 0, 0)
    if parent == 1 or os.getppid() != parent:
        sys.exit("the parent has ended already")
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606


if __name__ == "__main__":
    main()
