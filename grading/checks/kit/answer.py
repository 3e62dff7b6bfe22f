"""The learner's side of a call check: ``python3 -I answer.py``, the submission in the work folder.

Answers what is asked on descriptor 3 and knows nothing else: no expected value,
no test, no verdict. The submission runs in this very process, so whatever it
does to this program only changes its own answers.
"""

import importlib
import importlib.machinery
import importlib.util
import os
import socket
import sys
import traceback
from types import ModuleType
from typing import Any

sys.path.append(os.path.dirname(os.path.abspath(__file__)))

import frames
import plain

WORK = "/work"
CHANNEL = 3
TOLD = 10
"""Exceptions whose traceback is shown on standard error: a check may ask for very many."""

_told = 0


def load(name: str) -> ModuleType:
    """The module *name* of the submission, even where a module of Python has the same name."""
    top = name.partition(".")[0]
    if getattr(sys.modules.get(top), "__submission__", False) is False:
        spec = importlib.machinery.PathFinder.find_spec(top, [WORK])
        if spec is None:
            raise ModuleNotFoundError(f"There is no module named {top} in the submission.")
        module = importlib.util.module_from_spec(spec)
        module.__dict__["__submission__"] = True
        sys.modules[top] = module
        if spec.loader is not None:
            spec.loader.exec_module(module)
    return importlib.import_module(name)


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """What the call gave: a value, what it raised, or that the value cannot cross."""
    try:
        target: Any = load(question["module"])
        for name in question["function"].split("."):
            target = getattr(target, name)
        value = target(*question["args"], **question["kwargs"])
    except BaseException as error:
        global _told
        if _told < TOLD:
            _told += 1
            traceback.print_exc(limit=-5)
        return {"raised": [kind.__name__ for kind in type(error).__mro__], "text": str(error)[:500]}
    return {"value": value}


def main() -> None:
    # After Python's own folders: a file of the submission never stands in for one of its modules.
    sys.path.append(WORK)
    channel = socket.socket(fileno=CHANNEL)
    while True:
        try:
            question = plain.decode(frames.receive(channel))
        except frames.Closed:
            break
        given = answer(question)
        try:
            message = plain.encode({"nonce": question["nonce"], **given})
        except BaseException as error:
            message = plain.encode({"nonce": question["nonce"], "unplain": str(error)[:500]})
        frames.send(channel, message)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    # Threads that were left running are not waited for.
    os._exit(0)


if __name__ == "__main__":
    main()
