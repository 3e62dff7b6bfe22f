"""What a learner may take home of a lab: its starter, and the checks as far as they are visible."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from ruamel.yaml import YAML

from grading.checks.contract import SpecProblem
from grading.checks.lab import FILE, checks_from
from waymark.core.downloads import zipped

CASES: Final = {
    "call": ("module", "function", "seconds", "numbers", "absolute", "relative", "scoring", "limits"),
    "program": ("file", "whitespace", "scoring", "limits"),
    "gpu_script": ("file", "whitespace", "scoring", "limits"),
}
"""Types whose cases are visible one by one, with what else of their spec goes along: never the author's own files,
which hold references, and nothing that makes cases anew."""
WHOLE: Final = {
    "lint": ("sets", "only", "defines", "scoring", "limits"),
    "profile": ("profile", "only", "ignore", "defines", "scoring"),
}
"""Types whose spec is settings only."""
WORK: Final = "work"


def visible_part(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """A check's body without what is hidden in it, or None where nothing can be tried outside.

    What no list names stays behind: a new type, and a new field of a known one.
    """
    kind, spec = body["type"], body.get("spec", {})
    if body.get("hidden") or kind not in CASES | WHOLE:
        return None
    kept = {name: spec[name] for name in (CASES | WHOLE)[kind] if name in spec}
    if kind in CASES:
        kept["cases"] = [case for case in spec.get("cases", ()) if case.get("visible")]
        if not kept["cases"]:
            return None
    part = {"title": body["title"], "type": kind, "points": str(body["points"]), "spec": kept}
    try:
        checks_from([("check", part)])
    except SpecProblem:
        return None
    return part


def bundle(title: str, starter: Iterable[tuple[str, str]], checks: Sequence[tuple[str, Mapping[str, Any]]]) -> bytes:
    """A zip of the starter in ``work/``, the visible checks in ``checks.yaml``, and how to run them in ``README.md``.

    :param checks: pairs of an id and the body of a check, in the lab's order.
    """
    parts = [(key, body, visible_part(body)) for key, body in checks]
    shown = [{"id": key, **part} for key, _, part in parts if part is not None]
    texts = [(f"{WORK}/{name}", content) for name, content in starter]
    texts.append(("README.md", _readme(title, [(body, part) for _, body, part in parts])))
    if shown:
        out = io.StringIO()
        yaml = YAML(pure=True)
        yaml.default_flow_style = False
        yaml.dump(shown, out)
        texts.append((FILE, out.getvalue()))
    return zipped((name, text.encode()) for name, text in texts)


def _readme(title: str, parts: Sequence[tuple[Mapping[str, Any], dict[str, Any] | None]]) -> str:
    here = [f"- {body['title']}{_partly(body, part)}" for body, part in parts if part is not None]
    away = [f"- {body['title']}" for body, part in parts if part is None]
    lines = [f"# {title}", "", f"Your work begins in `{WORK}/`.", ""]
    if here:
        lines += [
            f"`{FILE}` has the checks that can be tried without handing in:", "", *here, "",
            "With a checkout of Waymark, once `make setup sandbox-image` was run there:", "",
            f"    PYTHONPATH=.:platform .venv/bin/python manage.py checks run BUNDLE BUNDLE/{WORK}", "",
            "where `BUNDLE` is this folder. They run in a sandbox as on the site; nothing is handed in.", "",
        ]  # fmt: skip
    if away:
        lines += ["Only on the site, when you hand in:", "", *away, ""]
    return "\n".join(lines)


def _partly(body: Mapping[str, Any], part: Mapping[str, Any]) -> str:
    whole = body["type"] not in CASES or (
        part["spec"]["cases"] == list(body["spec"]["cases"]) and not body["spec"].get("generated")
    )
    return "" if whole else " (more cases when you hand in)"
