"""Choices without letters: bullets or numbers of which the answer, a mark or bold text says the right one."""

from __future__ import annotations

import re

from courses.curriculum.sources.readers.quiz.answers import compared, plain
from courses.curriculum.sources.readers.quiz.chunks import BOLD, is_truth
from courses.curriculum.sources.readers.quiz.kinds import CUT, Found, Option

MARKED = re.compile(
    r"(?:(?<!\s)\s++)?(?:[\u2705\u2713\u2714\u2611]\ufe0f?|\((?:correct|right)(?: answer)?\)|\*\(correct\)\*|(?:<-|"
    r"\u2190)\s*+correct)\s*+",
    re.IGNORECASE,
)
# The number of a choice, alone or with what is said of it.
_FIGURE = re.compile(
    r"(?P<figure>\d{1,3})(?:[.)]*$|(?:[.):,]\s++|\s++[\u2013\u2014-]\s++|\s++(?=because\b))(?P<why>\S.*))",
    re.DOTALL | re.I,
)


def late_options(found: Found) -> None:
    """Options without letters: bullets or numbers at the end of the stem that the answer points at."""
    answer = found.text("answer")[0]
    if found.options:
        return
    tail: list[tuple[int, str]] = []
    for line, text in reversed(found.stem):
        if not re.match(r"^(?:[-*+\u2022]|\d+[.)])\s+\S", text):
            break
        tail.insert(0, (line, text))
    texts = [re.sub(r"^\S+\s+", "", text) for _, text in tail]
    if not answer:
        _told_options(found, tail, texts)
        return
    numbered = [text for _, text in tail if re.match(r"^\d", text)]
    figure = _FIGURE.match(plain(answer))
    said = figure["figure"] if figure else ""
    points = len(numbered) == len(tail) and bool(said) and 0 < int(said) <= len(tail)
    before = found.stem[: -len(tail)] if tail else []
    asks = (
        bool(before) and before[-1][1].rstrip("*_ ").endswith(("?", ":")) and len(answer) <= 120 and "\n" not in answer
    )
    if points and len(tail) > 1 and figure and figure["why"]:
        # What stands behind the number of a choice explains it.
        (line, _), *more = found.texts["answer"]
        found.texts["answer"] = [(line, said)]
        found.texts["explanation"] = [
            (line, figure["why"]),
            *((at, "") for at, _ in more),
            *found.texts.get("explanation", []),
        ]
    if len(tail) > 1 and (points or (asks and not numbered) or _is_said(answer, texts)):
        found.stem = found.stem[: -len(tail)]
        names = [str(place + 1) if points else chr(ord("A") + place) for place in range(len(tail))]
        found.options = [
            Option(name, [text], [line]) for name, text, (line, _) in zip(names, texts, tail, strict=False)
        ]


def _is_said(answer: str, texts: list[str]) -> bool:
    """Whether an answer is one of the choices in its own words, alone or with what explains it."""
    said = [compared(answer), *(compared(answer[: cut.start()]) for cut in CUT.finditer(answer))]
    return any(compared(text) in said for text in texts)


def _told_options(found: Found, tail: list[tuple[int, str]], texts: list[str]) -> None:
    """Choices without an answer of their own: some are marked, one is bold, or a question asks which of them it is."""
    marked = [bool(MARKED.search(text)) for text in texts]
    plain_texts = [MARKED.sub(" ", text).strip() for text in texts]
    bold = [BOLD.fullmatch(text) for text in plain_texts]
    before = found.stem[: -len(tail)] if tail else []
    asks = bool(before) and before[-1][1].rstrip("*_ ").endswith("?") and tail[0][1][0] in "-*+\u2022"
    told = 0 < sum(marked) < len(tail) or sum(map(bool, bold)) == 1 or is_truth(texts) or asks
    if len(tail) < 2 or not told:
        return
    found.stem = before
    for place, ((line, _), text, each) in enumerate(zip(tail, plain_texts, bold, strict=True)):
        letter = chr(ord("A") + place) if place < 26 else "Z"
        words = each["text"] if each else text
        found.options.append(Option(letter, [words], [line], marked=marked[place], bold=each is not None))
