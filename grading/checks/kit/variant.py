"""One variant of a module, asked by tests: ``python3 -I variant.py``, ``plan.json`` and the module in the work folder.

Calls the functions that the author names, nothing else: whoever asks is not
trusted, and sees of the variant what it gives or raises, never its text.
"""

import importlib.util
import json
import os
import socket
import sys
from typing import Any

sys.path.append(os.path.dirname(os.path.abspath(__file__)))

import frames
import plain

PLAN, SOURCE = "/work/plan.json", "/work/variant_source.py"
CHANNEL = 3
UNUSABLE = 70
"""Exit status of a variant that cannot be loaded: the author's mistake."""


def functions(plan: dict[str, Any]) -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location(plan["module"], SOURCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[plan["module"]] = module
    spec.loader.exec_module(module)
    return {name: getattr(module, name) for name in plan["functions"]}


def answer(known: dict[str, Any], question: Any) -> dict[str, Any]:
    """What the call gave, or the names of what it raised."""
    try:
        value = known[question["function"]](*question["args"], **question["kwargs"])
        plain.encode(value)
    except plain.Unplain as error:
        return {"raised": ["TypeError"], "text": f"what it returned cannot cross: {error}"[:500]}
    except BaseException as error:
        return {"raised": [kind.__name__ for kind in type(error).__mro__], "text": str(error)[:500]}
    return {"value": value}


def main() -> None:
    with open(PLAN) as file:
        plan = json.load(file)
    channel = socket.socket(fileno=CHANNEL)
    try:
        known = functions(plan)
    except BaseException as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        sys.stderr.flush()
        os._exit(UNUSABLE)
    while True:
        try:
            question = plain.decode(frames.receive(channel))
            frames.send(channel, plain.encode(answer(known, question)))
        except (frames.Closed, plain.Unplain, OSError):
            os._exit(0)


main()
