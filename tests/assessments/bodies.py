"""Bodies of questions as a revision stores them, one per type."""

from typing import Any

from assessments.curriculum.bodies import QuestionBody


def question(type: str, **fields: Any) -> dict[str, Any]:
    """The canonical JSON of a question, as a revision holds it."""
    body = QuestionBody.model_validate({"type": type, "stem": "What is it?", **fields})
    return body.model_dump(mode="json")


def options(right: str, wrong: str, **fields: Any) -> list[dict[str, Any]]:
    """Options called by the letters of *right* and *wrong*, in this order."""
    return [{"id": f"id-{name}", "text": f"Text {name}", "right": name in right, **fields} for name in right + wrong]


EXAMPLES: dict[str, dict[str, Any]] = {
    "single": question("single", options=options("s", "tuv")),
    "code_reading": question("code_reading", stem="Prints?\n\n```python\nprint(1)\n```", options=options("s", "tuv")),
    "multiple": question("multiple", options=options("stu", "vw"), scheme="proportion"),
    "true_false": question("true_false", answer=False),
    "numeric": question(
        "numeric", answer="1.5", tolerance="0.25", unit="GB", units={"MB": "0.001", "Gb": "0.125"}
    ),
    "short_text": question("short_text", accepted=["etcd", "/e(t|d)cd( v3)?/"]),
    "ordering": question(
        "ordering", items=[{"id": f"step-{number}", "text": f"Step {number}"} for number in (1, 2, 3, 4)]
    ),
    "matching": question(
        "matching", pairs=[{"id": f"pair-{name}", "left": f"Left {name}", "right": f"Right {name}"} for name in "pqr"]
    ),
    "fill_in": question(
        "fill_in",
        stem="A {{one}} runs a {{two}}.",
        scheme="proportion",
        blanks=[{"id": "two", "accepted": ["container"]}, {"id": "one", "accepted": ["pod", "/pods?/"]}],
    ),
}  # fmt: skip

RIGHT: dict[str, Any] = {
    "single": "id-s",
    "code_reading": "id-s",
    "multiple": ["id-s", "id-t", "id-u"],
    "true_false": False,
    "numeric": "1.5 GB",
    "short_text": "etcd",
    "ordering": {"step-1": 1, "step-2": 2, "step-3": 3, "step-4": 4},
    "matching": {"pair-p": "pair-p", "pair-q": "pair-q", "pair-r": "pair-r"},
    "fill_in": {"one": "pod", "two": "container"},
}
"""A fully right value for each example."""
