"""Choices without letters: bullets or numbers of which the answer, a mark or bold text says the right one."""

from __future__ import annotations

import re

from courses.curriculum.sources.readers.quiz.answers import answer_of, compared, plain
from courses.curriculum.sources.readers.quiz.chunks import BOLD, is_truth
from courses.curriculum.sources.readers.quiz.kinds import CUT, FIGURES, Found, Option
from courses.curriculum.sources.readers.quiz.options import beside
from courses.curriculum.sources.readers.quiz.order import ASKED, order_of

MARKED = re.compile(
    r"(?:(?<!\s)\s++)?(?:[\u2705\u2713\u2714\u2611]\ufe0f?|\((?:correct|right)(?: answer)?\)|\*\(correct\)\*|(?:<-|"
    r"\u2190)\s*+correct)\s*+",
    re.IGNORECASE,
)
# The number of a choice, alone or with what is said of it.
_FIGURE = re.compile(
    r"(?P<figure>\d{1,3})(?:[.)]*$|(?:[.):,]\s++|\s++[\u2013\u2014-]\s++|\s++(?=because\b|\())(?P<why>\S.*))",
    re.DOTALL | re.I,
)


def late_options(found: Found, asked: str, key: str) -> None:
    """Options without letters: bullets or numbers at the end of the stem that the answer points at.

    :param asked: the words of the question before its stem.
    :param key: its answer in the key, for one without an answer of its own.
    """
    if found.options:
        return
    tail: list[tuple[int, str]] = []
    for line, text in reversed(found.stem):
        if not re.match(r"^(?:[-*+\u2022]|\d+[.)])\s+\S", text):
            break
        tail.insert(0, (line, text))
    texts = [re.sub(r"^\S+\s+", "", text) for _, text in tail]
    own = found.text("answer")[0]
    answer = own or key
    if not own and (_told_options(found, tail, texts, key) or not answer):
        return
    before = found.stem[: -len(tail)] if tail else []
    numbered = bool(tail) and all(re.match(r"^\d", text) for _, text in tail)
    several = order_of(answer, [str(place + 1) for place in range(len(texts))], texts)
    figures = numbered and _figures(found, answer, len(tail), own=bool(own), several=len(several) > 1)
    asks = bool(before) and before[-1][1].rstrip("*_ ").endswith(("?", ":")) and len(answer) <= 120
    ordered = bool(ASKED.search("\n".join([asked, *(text for _, text in before)]))) and (
        len(several) > 1 or _as_many(answer, texts)
    )
    said = bool(own) and ((asks and not numbered and "\n" not in answer) or _is_said(answer, texts))
    if len(tail) > 1 and (figures or ordered or said or len(several) > 1):
        found.stem = before
        named = figures or (numbered and (ordered or len(several) > 1))
        names = [str(place + 1) if named else chr(ord("A") + place) for place in range(len(tail))]
        found.options = [Option(name, [text], [line]) for name, text, (line, _) in zip(names, texts, tail, strict=True)]


def inner_options(found: Found, title: str, lines: list[int], key: str) -> str:
    """Options in the sentence that asks, ``Which is a graph? (a) IVF (b) HNSW``, where the answer is among them.

    :param title: what asks, where no stem does, with its *lines*.
    :returns: the title without them.
    """
    line, text = found.stem[-1] if found.stem else (0, title)
    told = beside(text) if not found.options and "match" not in f"{title} {text}".casefold() else None
    if told is None or not told[0]:
        return title
    answer = plain(found.text("answer")[0] or key)
    letters, words = {letter for letter, _ in told[1]}, [compared(each) for _, each in told[1]]
    if not ({*answer_of(answer).letters} <= letters if answer_of(answer).letters else compared(answer) in words):
        return title
    found.options = [Option(letter, [each], [line] if line else list(lines)) for letter, each in told[1]]
    if not found.stem:
        return told[0]
    found.stem[-1] = line, told[0]
    return title


def _figures(found: Found, answer: str, choices: int, *, own: bool, several: bool) -> bool:
    """Whether an answer is the number of a choice, or of several; what stands behind its *own* ones explains them.

    :param several: it lists several as a whole, so that nothing of it explains the first.
    """
    words = plain(answer)
    listed, one = FIGURES.match(words), None if several else _FIGURE.match(words)
    said = listed["figures"] if listed else one["figure"] if one else ""
    why = listed["why"] if listed else one["why"] if one else ""
    points = bool(said) and all(0 < int(figure) <= choices for figure in re.findall(r"\d+", said))
    if points and own and choices > 1 and why:
        (line, _), *more = found.texts["answer"]
        found.texts["answer"] = [(line, said)]
        found.texts["explanation"] = [
            (line, why), *((at, "") for at, _ in more), *found.texts.get("explanation", [])
        ]  # fmt: skip
    # Several of which one is no choice are meant as choices all the same: the answer is wrong then, and said to be.
    return points or listed is not None


def _as_many(answer: str, texts: list[str]) -> bool:
    """Whether an answer lists as many things as there are choices."""
    parts = [part for part in re.split(r"->|[,;>\n\u2192]", answer) if part.strip()]
    return len(parts) == len(texts) > 2


def _is_said(answer: str, texts: list[str]) -> bool:
    """Whether an answer is one of the choices in its own words, alone or with what explains it."""
    said = [compared(answer), *(compared(answer[: cut.start()]) for cut in CUT.finditer(answer))]
    return any(compared(text) in said for text in texts)


def _told_options(found: Found, tail: list[tuple[int, str]], texts: list[str], key: str) -> bool:
    """Take choices without an answer of their own: some are marked, one is bold, or it is asked which."""
    marked = [bool(MARKED.search(text)) for text in texts]
    plain_texts = [MARKED.sub(" ", text).strip() for text in texts]
    bold = [BOLD.fullmatch(text) for text in plain_texts]
    before = found.stem[: -len(tail)] if tail else []
    asks = bool(before) and before[-1][1].rstrip("*_ ").endswith("?") and tail[0][1][0] in "-*+\u2022"
    told = 0 < sum(marked) < len(tail) or sum(map(bool, bold)) == 1 or is_truth(texts) or asks
    if len(tail) < 2 or not told:
        return False
    found.stem = before
    # A key may say the figure of a choice.
    numbered = tail[0][1][:1].isdigit() and plain(key)[:1].isdigit()
    for place, ((line, _), text, each) in enumerate(zip(tail, plain_texts, bold, strict=True)):
        letter = str(place + 1) if numbered else chr(ord("A") + place) if place < 26 else "Z"
        words = each["text"] if each else text
        found.options.append(Option(letter, [words], [line], marked=marked[place], bold=each is not None))
    return True
