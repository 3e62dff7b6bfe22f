"""Starts a program of the submission: ``python3 -I start.py FILE ARGUMENT...``, the work folder last in the path.

Unlike in a plain run, a file of the work never stands in for a module of Python.
"""

import os
import runpy
import sys

WORK = "/work"

if __name__ == "__main__":
    name = sys.argv[1]
    sys.argv = [name, *sys.argv[2:]]
    sys.path[:] = [path for path in sys.path if path != os.path.dirname(os.path.abspath(__file__))]
    sys.path.append(WORK)
    runpy.run_path(f"{WORK}/{name}", run_name="__main__")
