"""A learner's tests against a stub: ``python3 -I suite.py``, the submission and nothing else in the work folder.

The stub carries each call to another sandbox, so the same files with the same
content are here whichever variant answers. All that is believed of this process
is whether it ended with 0; it ends with 0 when there are tests and none failed.
"""

import builtins
import importlib.util
import json
import os
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from types import ModuleType
from typing import Any

sys.path.append(os.path.dirname(os.path.abspath(__file__)))

import frames
import plain

WORK, PLAN = "/work", "/kit/suite.json"
CHANNEL = 3
TOLD = 10
"""Tests whose traceback is shown on standard error."""


class Unanswered(Exception):
    """The module that is tested gave no answer: it took too long, or ended."""


def stub(plan: dict[str, Any]) -> ModuleType:
    """The module that tests import: its functions ask, its exceptions are those that may be raised."""
    module = ModuleType(plan["module"])
    channel = socket.socket(fileno=CHANNEL)
    turn = threading.Lock()
    over = ""

    def ask(function: str, args: Any, kwargs: Any) -> Any:
        nonlocal over
        message = plain.encode({"function": function, "args": args, "kwargs": kwargs})
        with turn:
            if over:
                raise Unanswered(over)
            try:
                frames.send(channel, message)
                reply = plain.decode(frames.receive(channel, plan["seconds"]))
            except frames.Late:
                over = f"{function} did not return within {plan['seconds']:g} seconds"
            except (frames.Closed, OSError):
                over = f"{function} ended the program"
            if over:
                raise Unanswered(over)
        if "raised" in reply:
            raise exception(module, reply["raised"], reply["text"])
        return reply["value"]

    def function(name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            return ask(name, args, kwargs)

        call.__name__ = call.__qualname__ = name
        return call

    for name in plan["functions"]:
        setattr(module, name, function(name))
    for name, base in plan["exceptions"].items():
        setattr(module, name, type(name, (getattr(builtins, base),), {"__module__": plan["module"]}))
    return module


def exception(module: ModuleType, names: list[str], text: str) -> Exception:
    """What was raised, or the first base of it that is known here and made of a text."""
    for name in names:
        kind = getattr(module, name, None) or getattr(builtins, name, None)
        if isinstance(kind, type) and issubclass(kind, Exception):
            with suppress(TypeError):
                return kind(text)
    return Exception(text)


def tests(file: str) -> dict[str, Callable[[], Any]]:
    """The functions ``test_*`` of *file*, in its order."""
    name = os.path.basename(file).removesuffix(".py")
    spec = importlib.util.spec_from_file_location(name, f"{WORK}/{file}")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return {key: value for key, value in vars(module).items() if key.startswith("test") and callable(value)}


def main() -> int:
    with open(PLAN) as file:
        plan = json.load(file)
    # After Python's own folders: a file of the submission never stands in for one of its modules.
    sys.path.append(WORK)
    sys.modules[plan["module"]] = stub(plan)
    try:
        found = tests(plan["file"])
    except BaseException:
        traceback.print_exc(limit=-5)
        return 1
    failed = []
    for name, test in found.items():
        try:
            test()
        except BaseException as error:
            failed.append(f"{name}: {type(error).__name__} {error}".strip())
            if len(failed) <= TOLD:
                traceback.print_exc(limit=-3)
    if not found:
        failed.append(f"{plan['file']} has no function test_*.")
    if failed:
        # The first is what learners are told about: it comes last.
        sys.stderr.write(f"{failed[0]}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    status = main()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    # Threads that were left running are not waited for.
    os._exit(status)
