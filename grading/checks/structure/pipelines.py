"""GitHub workflows and rules of Prometheus."""

from __future__ import annotations

import re
from typing import Any, Final

from grading.checks.structure.reading import Misread, entries, mapping, word

_DURATION: Final = re.compile(r"0|(?:[0-9]{1,9}(?:ms|[smhdwy]))+")


def workflow(value: Any) -> dict[str, Any]:
    """``on`` becomes a mapping of events, ``needs`` of jobs a list."""
    whole = dict(mapping(value, "The file"))
    events = whole.get("on")
    if isinstance(events, str):
        events = [events]
    if isinstance(events, list):
        events = {word(each, "on"): {} for each in events}
    whole["on"] = {name: {} if each is None else each for name, each in mapping(events, "on").items()}
    jobs = mapping(whole.get("jobs"), "jobs")
    if not whole["on"] or not jobs:
        raise Misread("A workflow has events (on) and jobs.")
    whole["jobs"] = {name: _job(f"jobs.{name[:80]}", each, jobs) for name, each in jobs.items()}
    return whole


def _job(where: str, value: Any, jobs: dict[str, Any]) -> dict[str, Any]:
    job = dict(mapping(value, where))
    needs = job.get("needs") or []
    job["needs"] = [needs] if isinstance(needs, str) else entries(needs, f"{where}.needs") if needs else []
    for name in job["needs"]:
        if word(name, f"{where}.needs") not in jobs:
            raise Misread(f"{where}.needs: there is no job {name[:80]!a}.")
    if isinstance(job.get("uses"), str):
        return job
    if not job.get("runs-on"):
        raise Misread(f"{where} has no runs-on.")
    for number, each in enumerate(entries(job.get("steps"), f"{where}.steps")):
        step = mapping(each, f"{where}.steps[{number}]")
        if ("uses" in step) == ("run" in step):
            raise Misread(f"{where}.steps[{number}] has either uses or run.")
        word(step.get("uses", step.get("run")), f"{where}.steps[{number}]: uses or run")
    return job


def prometheus(value: Any) -> dict[str, Any]:
    """Expressions are text: they are not parsed."""
    whole = mapping(value, "The file")
    names: set[str] = set()
    for number, each in enumerate(entries(whole.get("groups"), "groups")):
        where = f"groups[{number}]"
        group = mapping(each, where)
        name = word(group.get("name"), f"{where}.name")
        if name in names:
            raise Misread(f"groups: {name[:80]!a} is there twice.")
        names.add(name)
        for place, rule in enumerate(entries(group.get("rules"), f"{where}.rules")):
            _rule(f"{where}.rules[{place}]", mapping(rule, f"{where}.rules[{place}]"))
    return whole


def _rule(where: str, rule: dict[str, Any]) -> None:
    if ("alert" in rule) == ("record" in rule):
        raise Misread(f"{where} has either alert or record.")
    word(rule.get("alert", rule.get("record")), f"{where}: its name")
    if not isinstance(rule.get("expr"), int | float):
        word(rule.get("expr"), f"{where}.expr")
    for name in ("for", "keep_firing_for"):
        if rule.get(name) is not None and not _DURATION.fullmatch(str(rule[name])[:100]):
            raise Misread(f"{where}.{name} is no duration.")
    for name in ("labels", "annotations"):
        for key, text in mapping(rule.get(name) or {}, f"{where}.{name}").items():
            if not isinstance(text, str):
                raise Misread(f"{where}.{name}.{key[:80]} is no text.")
