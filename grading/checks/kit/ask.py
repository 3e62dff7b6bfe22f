"""The grader's side of a call check: ``python3 -I ask.py``, hidden cases in the work folder.

Asks one call at a time on descriptor 3, compares the plain value that arrived,
and writes ``result.json``. Every case that was planned is in it, in order, with
what became of it; a reply that was not asked for ends the check.
"""

import json
import os
import random
import runpy
import secrets
import socket
import sys
from collections.abc import Iterator
from typing import Any

sys.path.append(os.path.dirname(os.path.abspath(__file__)))

import frames
import plain

CHANNEL = 3
PLAN, RESULT, AUTHOR = "/work/plan.json", "/work/result.json", "/work/author.py"
SHOWN = 160
"""Characters of a value in a message."""


class Broken(Exception):
    """The other side does not keep to the protocol: nothing it says counts any more."""


def shown(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def call_of(plan: dict[str, Any], case: dict[str, Any]) -> str:
    values = [shown(value) for value in case["args"]]
    values += [f"{name}={shown(value)}" for name, value in case["kwargs"].items()]
    return f"{plan['function']}({', '.join(values)})"


def planned(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All cases: those written down, then those made from the two seeds."""
    yield from plan["cases"]
    generated = plan["generated"]
    if not generated:
        return
    author = runpy.run_path(AUTHOR)
    for audience in ("visible", "hidden"):
        source = random.Random(generated[audience]["seed"])  # noqa: S311
        for number in range(1, generated[audience]["count"] + 1):
            made = plain.decode(plain.encode(author["case"](source)))
            case = {"id": f"{audience}-{number}", "visible": audience == "visible", "kwargs": {}, "args": made}
            # Expected values are plain as well, and made from a copy: a reference may change its arguments.
            case["expect"] = plain.decode(plain.encode(author["expected"](*json.loads(json.dumps(made)))))
            yield case


def ask(channel: socket.socket, plan: dict[str, Any], case: dict[str, Any]) -> tuple[str, str]:
    """(status, message) of one case."""
    nonce = secrets.token_hex(16)
    if frames.waiting(channel):
        raise Broken("something was said before it was asked for")
    question = {"nonce": nonce, "module": plan["module"], "function": plan["function"]}
    frames.send(channel, plain.encode({**question, "args": case["args"], "kwargs": case["kwargs"]}))
    try:
        reply = plain.decode(frames.receive(channel, plan["seconds"]))
    except plain.Unplain as error:
        raise Broken(f"the reply cannot be read: {error}") from None
    if not isinstance(reply, dict) or reply.get("nonce") != nonce:
        raise Broken("the reply belongs to no question")
    return judge(plan, case, reply)


def judge(plan: dict[str, Any], case: dict[str, Any], reply: dict[str, Any]) -> tuple[str, str]:
    call = call_of(plan, case)
    if "value" in reply:
        if "raises" in case:
            return "failed", f"{call} returned {shown(reply['value'])}; it should raise {case['raises']}."
        if plain.same(case["expect"], reply["value"], **plan["compare"]):
            return "passed", ""
        return "failed", f"{call} returned {shown(reply['value'])}, expected {shown(case['expect'])}."
    if "raised" in reply:
        names = reply["raised"] if isinstance(reply["raised"], list) else []
        if "raises" in case and case["raises"] in names:
            return "passed", ""
        return "failed", f"{call} raised {shown(names[0] if names else '')}: {shown(reply.get('text'))}."
    return "failed", f"{call} returned what cannot be compared: {shown(reply.get('unplain'))}."


def main() -> None:
    with open(PLAN) as file:
        plan = json.load(file)
    channel = socket.socket(fileno=CHANNEL)
    results, over, why = [], "", ""
    for case in planned(plan):
        status, message = "not called", why
        if not over:
            try:
                status, message = ask(channel, plan, case)
            except (frames.Closed, ConnectionError):
                over, why = "ended", "The program ended before it answered."
            except frames.Late:
                over, why = "late", f"{call_of(plan, case)} did not return within {plan['seconds']:g} seconds."
            except Broken as error:
                over, why = "broken", f"The answers cannot be trusted: {error}."
            if over:
                status, message = "failed", why
        results.append({"id": case["id"], "visible": case["visible"], "status": status, "message": message})
    with open(RESULT, "w") as file:
        json.dump({"cases": results, "over": over}, file)


main()
