"""Labels of the parts of a question: *Answer:*, *Explanation:*, *Points:*."""

from __future__ import annotations

import re

from courses.curriculum.sources.parts import folded

LABEL = re.compile(
    r"^(?:(?:[\u2705\u2714\u2713\u27a1\u2192\u2794\u279c\U0001f449\U0001f4a1\U0001f511\U0001f4dd]\ufe0f?|[-=]>)\s*)?"
    r"(?:\*\*|__|\*|_)?"
    r"(?P<label>[^\W\d_](?:[^\W\d_]|[ /'&-]){1,30}?(?:\(s\))?)\s*+"
    r"(?:(?:\*\*|__|\*|_)\s*+(?P<qualifier>\([^()]*+\))?\s*+:|(?P<qualifier2>\([^()]*+\))?\s*+:(?:\*\*|__|\*|_)?)(?P<value>.*)$"
)
# "**Why?** because", "**Explanation**" by itself: labels in bold without a colon.
_BOLD_LABEL = re.compile(
    r"^(?:\U0001f4a1\ufe0f?\s*)?(?:\*\*|__)(?P<label>[A-Za-z][A-Za-z ]{1,30})[?.!]?(?:\*\*|__)\s*(?P<value>.*)$"
)
# "Correct answer → B", "Answer - B".
_ARROW_LABEL = re.compile(
    r"^(?:\*\*|__)?(?P<label>[^\W\d_][\w ]{1,30}?)(?:\*\*|__)?\s+"
    r"(?:[\u2192\u2794\u279c\u21d2=\u2013\u2014-]|->|=>)\s+(?P<value>\S.*)$"
)
_UMLAUTS = str.maketrans("\u00e4\u00f6\u00fc\u00c4\u00d6\u00dc", "aouAOU")
FIELDS = {
    "answer": "answer|answers|correct answer|correct answers|correct answer s|answer s|right answer|correct|"
    "correct option|correct options|correct choice|solution|expected|expected answer|sample answer|model answer|key|"
    "answer key|ans|correct ans|expected output|suggested answer|acceptable answers|accepted answers|example answer|"
    "antwort|richtige antwort|korrekte antwort|losung|musterlosung|"
    "correct order|correct matches|correct matching|ideal answer|answer explanation",
    "blank": "your answer|your answers|your answer s|student answer|response|your response",
    "explanation": "explanation|explanations|rationale|why|reason|reasoning|feedback|justification|because|"
    "why this is correct|discussion|key points|key concepts|grading criteria|erklarung|begrundung|detailed explanation|"
    "common mistakes|why others are wrong|why not the others|learning point|takeaway|why it matters|"
    "incorrect answers|incorrect options|why other options are wrong",
    "difficulty": "difficulty|difficulty level|level|schwierigkeit",
    "points": "points|point|marks|score|value|worth|points possible",
    "hint": "hint|hints|tip",
    "tolerance": "tolerance|margin|margin of error|accepted tolerance",
    "unit": "unit|units",
    "stated.type": "type|question type|format",
    "topics": "topic|topics|tag|tags|concept|concepts|domain|skill|skills|objective|learning objective|category|tests",
    "references": "reference|references|source|see|see also|lecture|reading|related|review|lesson|further reading",
    "stated.time": "time|time limit|estimated time",
    "stem": "question|scenario|context|situation|given|background|statement|prompt|problem|task|code|case|setup|frage|"
    "true or false|true false|fill in the blank|select all that apply|instructions|consider",
    "options": "options|choices|answer choices|answer options|choose one|select one",
}  # fmt: skip
_FIELD_OF = {word: name for name, words in FIELDS.items() for word in words.split("|")}


def field_of(label: str) -> str | None:
    """Which part of a question a label begins."""
    return _FIELD_OF.get(words_of(label))


def words_of(title: str) -> str:
    """A label or title for comparing, umlauts without their dots."""
    return folded(title.translate(_UMLAUTS))


def label_of(text: str) -> tuple[str, str, str] | None:
    """Label, qualifier and value of a line as quizzes write them, in bold or plain."""
    # A label is short; a line without a colon near its beginning is not searched for one.
    found = LABEL.match(text) if ":" in text[:200] else None
    if found is None:
        if (arrow := _ARROW_LABEL.match(text)) and field_of(arrow["label"]) in ("answer", "explanation"):
            return arrow["label"], "", arrow["value"].strip()
        bold = _BOLD_LABEL.match(text)
        named = field_of(bold["label"]) if bold else None
        if bold and (named in ("explanation", "hint") or (named == "answer" and not bold["value"])):
            return bold["label"], "", bold["value"].strip()
        return None
    value = found["value"].strip()
    if value.startswith(("//", "=", ":")):
        return None
    whole = re.match(r"^(\*\*|__|\*|_)", text)
    if whole and value.endswith(whole[1]) and text.count(whole[1]) == 2:
        value = value[: -len(whole[1])].strip()
    return found["label"].strip(), (found["qualifier"] or found["qualifier2"] or "").strip("()"), value
