"""Words among prerequisites that say how much they are needed, how many of several, and that it is not certain."""

from __future__ import annotations

import re

from courses.curriculum.sources.claims import Claim

SOFT = re.compile(
    r"\b(?:recommend(?:ed|s)?|optional(?:ly)?|nice[ _-]to[ _-]have|good to have|helpful|helps?|useful"
    r"|prefer(?:red|abl[ey])|suggest(?:ed|s)?|ideal(?:ly)?|beneficial|bonus|desirable|advantageous|an advantage|a plus"
    r"|advised|encouraged|soft (?:requirement|prerequisite|dependency)|(?<=[(\[])soft(?=[)\]])"
    r"|(?:not|n't) (?:\w{1,12} )?(?:required|necessary|needed|mandatory|compulsory))\b",
    re.IGNORECASE,
)
HARD = re.compile(r"\b(?:required|mandatory|compulsory)\b", re.IGNORECASE)
PREFERENCE = re.compile(r"\b(?:prefer|ideal)\w*", re.IGNORECASE)
_ID = r"(?:mod|proj)\w{0,6}[-_ ]?\d"
UNSURE = re.compile(
    r"\b(?:unless|except(?:ing)?|excluding|instead of|waived?|without|no longer|rather than|concurrent(?:ly)?"
    r"|co-?requisites?|simultaneous(?:ly)?|in parallel|alongside|or (?:higher|later|above|newer|beyond|better)"
    r"|and (?:later|above|beyond|up|higher|onwards?)|onwards?|if|when|in case|depending on|as needed|but not"
    r"|where (?:applicable|relevant|needed|possible|appropriate)|skip(?:s|ped|ping)?|exempt\w*|anything but|all but"
    r"|tentative(?:ly)?|possibly|probably|perhaps|maybe|presumably|tb[acd]|to be (?:decided|confirmed|determined)"
    r"|oder|entweder|ou|xor|vs|versus|neither|nor|respectively|replace[sd]?|supersede[sd]?|same as"
    r"|independent(?:ly)? (?:of|from)|prerequisite (?:for|of|to)"
    rf"|equivalent to (?={_ID})|(?<=\d)-level|(?<=\d) for (?:the )?[a-z-]{{2,20}}s"
    rf"|(?:before|prior to|ahead of|unlocks|opens|precedes|leads to) (?={_ID}))\b"
    r"|\([^()]{2,40}\bonly\)|(?<=\d)\?|(?<=\d)\+(?=$|[\s,;.)])",
    re.IGNORECASE,
)
# Who a part is for: another reader may not need it.
WHO = re.compile(
    r"(?:only )?(?:for |if you are )|(?:\w+[ -])*"
    r"(?:\w+(?:eer|yst|ist|tect|ager|oper|ian|cher|trator|sultant)|learner|designer|practitioner|owner|beginner|lead|student|graduate|admin|operator|sre|newcomer|junior|senior|other|team|track"
    r"|role)s?$",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:not|never|cannot|\w{2,8}n['\u2019]t|no (?:need|prerequisites?|requirements?|dependenc\w+)|none|nothing)\b",
    re.IGNORECASE,
)
_COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_COUNT = rf"(?:{'|'.join(_COUNTED)}|[1-9]\d?(?!\d))"
_THINGS = r"(?:modules?|courses?|class(?:es)?|units?|projects?|labs?|exercises?|options?|prerequisites?)(?!\s\d)"
_AT_LEAST = r"(?:(?:choose|pick|complete|any|at least|at (?:a )?minimum|(?:a )?minimum(?: of)?|min\.?) )"
_THESE = rf"(?: the| our)?(?: following| these| those| above)?(?: {_COUNT})?(?: {_THINGS})?(?: above| below)?"
SOME_OF = re.compile(
    rf"\b(?:(?:either|any)(?: {_THINGS})?(?: of{_THESE}| from{_THESE})?(?<!any)"
    rf"|{_AT_LEAST}{{0,3}}(?P<count>{_COUNT})(?: or more)?(?: {_THINGS})?(?: out)? (?:of|from|among){_THESE}"
    rf"|{_AT_LEAST}{{1,3}}(?P<number>{_COUNT})(?: {_THINGS})?(?=\s?:|\s?$))"
    r"\s?:?\s(?:$|(?=\W{0,3}(?:[A-Za-z]{3,10}[-_ ]?)?\d))",
    re.IGNORECASE,
)
# Quantities that nothing above reads: *half of MOD-801, MOD-802*.
_QUANTITY = re.compile(
    rf"\b(?:half|most|some|several|few|couple|either|any|{_COUNT})(?: \w{{1,12}}){{0,3}}? (?:of|from|out of|among)"
    rf"(?: \w{{1,12}}){{0,3}}?[\W_]{{1,3}}{_ID}",
    re.IGNORECASE,
)
_OF_THEM = rf"of (?:them|these|those|(?:the )?(?:{_COUNT}|above))"
_BOTH = (
    r"(?:(?:or|and/or) both|or all(?: of them)?|or a combination(?: of (?:them|these|both|the two))?|(?:but )?not both)"
)
_BEHIND = (
    rf"(?:(?:either|any|choose|pick|at least|min(?:imum)?\.?(?: of)?)(?: (?P<IN_any>{_COUNT}))?(?: {_OF_THEM})?"
    rf"|(?P<IN_of>{_COUNT}) {_OF_THEM}|(?P<IN_enough>{_COUNT}) (?:is|are) enough|one (?:will do|suffices)|{_BOTH})\.?"
)
SOME_BEHIND = re.compile(
    rf"\s?\((?:{_BEHIND})\)|(?:\s?[,:]|\s[-\u2013\u2014])\s(?:{_BEHIND.replace('IN_', 'AT_')})$|,? {_BOTH}$",
    re.IGNORECASE,
)
_LAST = re.compile(rf";(?=\s{_BEHIND}$)", re.IGNORECASE)
ALONE = re.compile(
    r"(?:an? |the |its |their |something |anything )?(?P<how>equivalent|similar|comparable|corresponding)s?"
    r"(?: (?:course|module|class|one|thing)s?)?\b",
    re.IGNORECASE,
)
# Alternatives in words that stand for having learned it elsewhere; other words behind a title may be a part of it.
INSTEAD = re.compile(
    r"experience|equivalent|similar|comparable|correspond|years?\b|knowledge|skill|familiar|proficien|permission|waiver"
    r"|approv|consent|instructor|work|pass|test|exam|certif|degree|training|background|course|interview",
    re.IGNORECASE,
)
_MARK = r"[\u00b9\u00b2\u00b3\u2070\u2074-\u2079\u2020\u2021\u00a7]+"
_NOTE = re.compile(rf"(?<=[\w)\]*`])\s?(?:\[\^(?P<name>[\w-]{{1,30}})\]|(?P<mark>{_MARK}|\\?\*(?![\w*])))")
_OR_ELSE = re.compile(
    r"[,;.]?\s(?:or,?\s)?(?:alternatively|alternately|otherwise|failing that|or else|else)\b,?\s|\s?[;.]\sor,?\s",
    re.IGNORECASE,
)
_THROUGH = re.compile(r"(?<=\d) (?:through|thru|up to) (?=[A-Za-z]{0,8}[-_ ]?\d)", re.IGNORECASE)
_AND_SO_ON = re.compile(r"(?<=\d)\s?,?\s?(?:\.{2,3}|\u2026)\s?,?\s?(?=[A-Za-z]{0,8}[-_ ]?\d)")
_BRACKETS = re.compile(r"[\[{]([^\[\]{}]*\d[^\[\]{}]*)[\]}](?!\()")


def plain(text: str) -> tuple[str, bool]:
    """A text with one way to write ranges, brackets and *or*; and whether *or* divided it more than a comma does."""
    text = _AND_SO_ON.sub(" to ", _THROUGH.sub(" to ", " ".join(text.split())))
    text = _LAST.sub(",", _BRACKETS.sub(r"(\1)", text))
    said, times = _OR_ELSE.subn(" or ", text)
    return said, times > 0


def count_of(found: re.Match[str]) -> int:
    """How many a phrase of several asks for; one where it says none."""
    said = next((value for value in found.groupdict().values() if value), "one").casefold()
    return int(said) if said.isdigit() else _COUNTED.index(said) + 1


def doubt(text: str) -> str:
    """Why what a text names is not needed for certain; empty where it is."""
    text = SOME_BEHIND.sub("", SOME_OF.sub(" ", text))
    if unsure := UNSURE.search(text):
        return f"what {unsure[0].strip()!r} means"
    # What it is about, in parentheses or quotes, may be said with any words.
    told = re.sub(r"\((?!\s?(?:no|not|none)\b)[^()]*\)|`[^`]*`|\"[^\"]*\"", " ", SOFT.sub(" ", text))
    if negated := _NEGATED.search(told):
        return f"what {negated[0]!r} means"
    if quantity := _QUANTITY.search(text):
        return f"how many {quantity[0].rpartition(' ')[0]!r} is"
    return ""


def doubt_of_all(text: str) -> str:
    """As :func:`doubt`, where one part of a text throws it on another."""
    words = {word.casefold() for word in re.findall(r"\b(?:must|should)\b", text, re.IGNORECASE)}
    return "what 'should' is beside 'must'" if len(words) == 2 else ""


def with_notes(claim: Claim, text: str) -> str:
    """A text with what its footnotes say in parentheses where their marks stand; marks without a note are left out."""

    def said(found: re.Match[str]) -> str:
        mark = f"[^{found['name']}]:" if found["name"] else found["mark"]
        for line in claim.statement.source.lines:
            if (note := line.strip()).startswith(mark) and note != mark and (mark != "*" or note[:2] != "* "):
                return f" ({re.sub(r'[()]', ' ', note.removeprefix(mark)).strip()})"
        return "" if found["name"] or found["mark"] != "*" else found[0]

    return _NOTE.sub(said, text)
