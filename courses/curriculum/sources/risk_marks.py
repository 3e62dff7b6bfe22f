"""The words that say what stands behind them among risks: what may happen, what is done about it, and how bad it is."""

from __future__ import annotations

import re

from courses.curriculum.sources.outline import unmarked
from courses.curriculum.sources.parts import folded

# A word that says what stands behind it; blanks are bounded, so that a search takes no longer than the text is long.
_WORD = (
    r"(?:known\s|key\s|main\s|major\s)?risks?(?:\s?(?:/|&|and)\s?mitigations?)?"
    r"|mitigations?(?:\s(?:strategy|strategies|plans?|steps?|measures?))?|mitigated\sby|countermeasures?"
    r"|responses?|contingency|impact|severity|likelihood|probability"
)
_NUMBERED = r"(?:\s{0,2}#?\d{1,2})?"
_MARK = re.compile(
    rf"(?P<mark>\*\*|__|\*|_)\s?(?P<bold>{_WORD}){_NUMBERED}\s?(?P<inside>:?)(?P=mark)"
    r"(?:\s{0,3}(?P<outside>[:\u2013\u2014-]))?\s{0,3}"
    rf"|\b(?P<plain>{_WORD}){_NUMBERED}\s?(?:(?P<colon>:)|[\u2013\u2014-]\s)\s{{0,3}}",
    re.IGNORECASE,
)
_INSIDE_BOLD = re.compile(
    rf"^\*\*(?:risk{_NUMBERED}|r[-\s]?\d{{1,2}})\s?[:.\u2013\u2014-]\s{{1,3}}(?=[^*]*\*\*)", re.IGNORECASE
)
_AMBIGUOUS = re.compile("response|contingency", re.IGNORECASE)
GENERIC = re.compile(
    r"(?:(?:[a-z]+ ){0,2}risks|(?:known |key |main |major |top |biggest )?risk)"
    r"(?: (?:and )?(?:mitigations?|issues|notes|assumptions|blockers|answers?))?(?: \d{1,2})?"
)
_LEVELS = {"l": "low", "m": "medium", "med": "medium", "h": "high", "low": "low", "medium": "medium", "high": "high"}


def name_of(text: str) -> str:
    """What a label says of what stands behind it: *risk*, *mitigation*, *impact* or *likelihood*; else empty."""
    words = folded(text)
    if re.fullmatch(GENERIC, words):
        return "risk"
    found = re.fullmatch(rf"(?:{_WORD})(?: \d{{1,2}})?", words)
    return _kind(words) if found else ""


def _kind(word: str) -> str:
    word = word.casefold()
    if "risk" in word:
        return "risk"
    names = {"impact": "impact", "severity": "impact"}
    names |= dict.fromkeys(("mitigat", "counter", "response", "contingency"), "mitigation")
    return next((name for begin, name in names.items() if word.startswith(begin)), "likelihood")


def pieces(text: str) -> list[tuple[str, str]]:
    """The parts of a text with the word that marks each (``name_of``); the first has none where no word begins it."""
    text = _INSIDE_BOLD.sub("**", text.strip())
    found: list[tuple[str, int, int]] = []
    for match in _MARK.finditer(text):
        name = _kind(match["bold"] or match["plain"])
        before = text[: match.start()].rstrip(" *_")
        if match["bold"]:
            said = match["inside"] or match["outside"] or (match["mark"] == "**" and name in ("risk", "mitigation"))
        else:
            # "Slow response:" is no answer.
            alone = match["colon"] and name == "mitigation" and not _AMBIGUOUS.match(match["plain"])
            said = alone or not before or before[-1] in ".;,|(\u2013\u2014-"
        # A second risk in one line has its label, and stands behind the answer to the first.
        again = name == "risk" and bool(found) and found[-1][0] == "mitigation" and before[-1:] in (".", ";", "|")
        if said and (name != "risk" or not before or (again and (match["colon"] or match["bold"]))):
            found.append((name, match.start(), match.end()))
    if not found:
        return [("", text)]
    ends = [*(start for _, start, _ in found[1:]), None]
    made = [
        (name, _trimmed(text[end:stop], last=stop is None)) for (name, _, end), stop in zip(found, ends, strict=True)
    ]
    first = _trimmed(text[: found[0][1]], last=False)
    return [("", first), *made] if first else made


def _trimmed(text: str, *, last: bool) -> str:
    """A part without what divides it from the next; a parenthesis that is closed only is dropped, too."""
    text = text.strip() if last else text.strip().rstrip(" .;,|\u2013\u2014-(")
    return text[:-1].rstrip() if text.endswith(")") and text.count("(") < text.count(")") else text


def level_of(text: str) -> str:
    """The level that a text is; empty for any other text."""
    return _LEVELS.get(re.sub(r"[^a-z]+", " ", unmarked(text.strip("*_ ")).casefold()).strip(), "")


_STRONG = re.compile(r"\u2192|->|=>")
_LONG = re.compile(r"\s?\u2014\s?|\s\u2013\s")
_NEXT = re.compile(r";\s{1,3}|(?<=[a-z)])\.\s{1,3}(?=[A-Z])")
_SHORT = r"(?P<{0}>[plis]|prob|likelihood|probability|impact|severity)\s?[:=]\s?(?P<{1}>low|medium|med|high|[lmh])"
_BEHIND = re.compile(
    rf"\s?[(\[]{_SHORT.format('a', 'x')}(?:\s?[,;/|]\s?{_SHORT.format('b', 'y')})?[)\]]", re.IGNORECASE
)


def several(text: str) -> list[str]:
    """The risks of one line, each with its answer behind an arrow or a dash; the text whole where it is one."""
    parts = _NEXT.split(text)
    for arrow in (_STRONG, _LONG):
        if len(parts) > 1 and all(len(arrow.findall(part)) == 1 for part in parts):
            return parts
    return [text]


def levels_behind(text: str) -> tuple[str, dict[str, str]]:
    """A text without the levels in its parentheses (*(P: high, I: low)*), and these by what they are of."""
    found = _BEHIND.search(text)
    if found is None:
        return text, {}
    levels = {
        "impact" if label[0] in "isIS" else "likelihood": level_of(level)
        for label, level in ((found["a"], found["x"]), (found["b"], found["y"])) if label
    }  # fmt: skip
    return f"{text[: found.start()]}{text[found.end() :]}".strip(), levels
