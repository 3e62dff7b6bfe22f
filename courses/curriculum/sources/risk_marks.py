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
_SENTENCE = re.compile(r"(?<=[a-z)%\d])\.\s{1,3}(?=\*{0,2}[A-Z])")
_SEMICOLON = re.compile(r";\s{1,3}")
_IN_PARENTHESES = re.compile(r"(?P<what>[^()]{3,200}?)\s?\((?P<answer>[^()]{3,300})\)\.?")
_BEHIND_COLON = re.compile(r"(?P<what>\*{0,2}[A-Z][^:]{2,60}):(?:\*\*)?\s+(?P<answer>[^:]+?)\.?")
# What stands behind these belongs to the risk before it.
_NO_RISK = re.compile(
    r"\W*(?:owners?|triggers?|notes?|status|examples?|why|when|who|causes?|effects?|plan|fallback|actions?|answers?|due)\b",
    re.IGNORECASE,
)
_OF = {
    **dict.fromkeys(("p", "l", "prob", "likelihood", "probability", "chance"), "likelihood"),
    **dict.fromkeys(("i", "s", "impact", "severity"), "impact"),
}
_ENCLOSED = re.compile(r"\s?[(\[](?P<inside>[^()\[\]]{3,60})[)\]]")
_LEVELLED = re.compile(
    r"(?P<short>[plis]|prob|likelihood|probability|chance|impact|severity)\s?[:=]\s?(?P<of>low|medium|med|high|[lmh])"
    r"|(?P<before>likelihood|probability|chance|impact|severity)\s(?P<last>low|medium|med|high)"
    r"|(?P<first>low|medium|med|high)\s(?P<behind>likelihood|probability|chance|impact|severity)",
    re.IGNORECASE,
)


def several(text: str, *, called: bool = False) -> list[tuple[str, str]]:
    """The risks of one line, each with its answer behind an arrow or a dash; the text whole where it is one.

    :param called: a label says that these are risks: answers may stand in parentheses or behind a colon, too.
    :return: the texts, with the answers of those that stand in parentheses; the others have theirs in them.
    """
    parts = _NEXT.split(text)
    for arrow in (_STRONG, _LONG):
        if len(parts) > 1 and all(len(arrow.findall(part)) == 1 for part in parts):
            return [(part, "") for part in parts]
    for between in (_SEMICOLON, _SENTENCE) if called else ():
        parts = [part.strip() for part in between.split(text)]
        if len(parts) < 2 or any(map(_NO_RISK.match, parts)):
            continue
        if all(found := [_IN_PARENTHESES.fullmatch(part) for part in parts]) and not any(
            levels_behind(part)[1] for part in parts
        ):
            return [(each["what"], each["answer"]) for each in found if each]
        if all(map(_BEHIND_COLON.fullmatch, parts)):
            return [(part.rstrip("."), "") for part in parts]
    return [(text, "")]


def levels_behind(text: str) -> tuple[str, dict[str, str]]:
    """A text without the levels in its parentheses (*(P: high, I: low)*), and these by what they are of.

    Two levels that nothing names (*(high/low)*) are of likelihood and impact, in this order.
    """
    for found in _ENCLOSED.finditer(text):
        if levels := _levels(found["inside"]):
            return f"{text[: found.start()]}{text[found.end() :]}".strip(), levels
    return text, {}


def _levels(text: str) -> dict[str, str]:
    """The levels that a text is, by what they are of; empty for any other text."""
    parts = [part.strip() for part in re.split(r"[,;/|]|\sand\s", text)]
    bare = [level_of(part) for part in parts]
    if len(bare) == 2 and all(bare) and "/" in text:
        return dict(zip(("likelihood", "impact"), bare, strict=True))
    levels: dict[str, str] = {}
    for part in parts:
        found = _LEVELLED.fullmatch(part)
        if found is None:
            return {}
        name = _OF[(found["short"] or found["before"] or found["behind"]).casefold()]
        if name in levels:
            return {}
        levels[name] = level_of(found["of"] or found["last"] or found["first"])
    return levels
