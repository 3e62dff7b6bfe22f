"""Dockerfiles: stages with their instructions, and what each stage ends with.

``{args, stages, final}``; ``final`` is the last stage. A stage has its instructions by keyword in capitals (``RUN``,
``COPY``) and in small letters what holds at its end, with what it takes over from an earlier stage: ``base`` (the image
outside that it goes back to), ``user``, ``workdir``, ``env``, ``ports``, ``cmd``, ``entrypoint``, ``healthcheck``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from grading.checks.structure.json import json_value
from grading.checks.structure.reading import EXPANDED, Misread, Refused, at

KEYWORDS: Final = frozenset(
    {
        "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER",
        "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
    }
)  # fmt: skip
FLAGGED: Final = frozenset({"ADD", "COPY", "FROM", "HEALTHCHECK", "RUN"})
REPEATED: Final = frozenset({"mount", "exclude"})
INHERITED: Final = ("base", "user", "workdir", "env", "ports", "cmd", "entrypoint", "healthcheck")
_COMMENT = re.compile(r"[ \t]*#")
_DIRECTIVE = re.compile(r"[ \t]*(?:#|//)[ \t]*([A-Za-z][A-Za-z0-9]*)[ \t]*=[ \t]*(.*)")
_HEREDOC = re.compile(r"[0-9]*<<-?(['\"]?)([^\s<'\"]+)\1")
_FLAG = re.compile(r"--([a-z][a-z-]*)(?:=(\S*))?(?:[ \t]+|$)")
_VARIABLE = re.compile(r"\\\$|\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)(?::?-([^{}]*))?\})")
_PAIR = re.compile(r"([^\s=]+)=(.*)", re.DOTALL)

Instruction = dict[str, Any]


def dockerfile(text: str) -> dict[str, Any]:
    """*text* as a value. Nothing is fetched: a front end (``# syntax=``) is refused."""
    args: dict[str, str] = {}
    stages: list[dict[str, Any]] = []
    for instruction in _instructions(text):
        keyword = instruction["keyword"]
        if keyword == "FROM":
            _few(len(stages) + 1, 100, "stages")
            stages.append(_stage(instruction, args, stages))
        elif stages:
            _add(stages[-1], instruction, args, stages)
        elif keyword == "ARG":
            args.update({name: _filled(value, args) for name, value in instruction["values"].items()})
        else:
            raise at(instruction["line"], f"{keyword} stands before the first FROM.")
    if not stages:
        raise Misread("There is no FROM.")
    for stage in stages:
        stage.pop("scope")
    return {"args": args, "stages": stages, "final": stages[-1]}


# -- instructions ------------------------------------------------------------------
def _instructions(text: str) -> Iterator[Instruction]:
    lines = text.split("\n")
    escape, position, count = _escape(lines), 0, 0
    while position < len(lines):
        if not lines[position].strip() or _COMMENT.match(lines[position]):
            position += 1
            continue
        first = position + 1
        logical, position = _logical(lines, position, escape)
        count += 1
        _few(count, 2000, "instructions")
        keyword, _, rest = logical.strip().partition(" ")
        keyword, rest = keyword.upper(), rest.strip()
        if keyword not in KEYWORDS:
            raise at(first, f"{keyword[:40]!a} is no instruction.")
        if not rest:
            raise at(first, f"{keyword} says nothing.")
        bodies: list[str] = []
        if keyword in ("RUN", "COPY", "ADD"):
            for found in map(_HEREDOC.fullmatch, rest.split()):
                if found:
                    body, position = _heredoc(lines, position, found[2], first)
                    bodies.append(body)
        yield _instruction(keyword, rest, bodies, first)


def _escape(lines: list[str]) -> str:
    """The character that continues lines. It may be named above everything else; a front end may not."""
    escape, above = "\\", True
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith(("#", "//")):
            break
        found = _DIRECTIVE.fullmatch(line)
        name = found[1].lower() if found else ""
        if name == "syntax":
            raise Refused(f"Line {number}: a front end of its own (syntax=) would be fetched. Remove the line.")
        above = above and found is not None
        if found and above and name == "escape" and found[2].strip() == "`":
            escape = "`"
    return escape


def _logical(lines: list[str], position: int, escape: str) -> tuple[str, int]:
    """The instruction that begins at *position* as one line, and where the next may begin."""
    parts: list[str] = []
    while position < len(lines):
        line = lines[position]
        position += 1
        if parts and (_COMMENT.match(line) or not line.strip()):
            continue
        bare = line.rstrip(" \t")
        if not bare.endswith(escape):
            parts.append(line)
            break
        parts.append(bare[:-1])
    return "".join(parts).replace("\t", " "), position


def _heredoc(lines: list[str], position: int, name: str, first: int) -> tuple[str, int]:
    for end in range(position, len(lines)):
        if lines[end].lstrip("\t") == name:
            return "\n".join(lines[position:end]), end + 1
    raise at(first, f"<<{name[:40]} has no end.")


def _instruction(keyword: str, rest: str, bodies: list[str], line: int) -> Instruction:
    flags: dict[str, Any] = {}
    position = 0
    while keyword in FLAGGED and (found := _FLAG.match(rest, position)):
        name, value = found[1], found[2] if found[2] is not None else "true"
        if name in REPEATED:
            flags.setdefault(name, []).append(value)
        else:
            flags[name] = value
        position = found.end()
    rest = rest[position:]
    listed = _listed(rest)
    instruction: Instruction = {
        "keyword": keyword,
        "line": line,
        "text": "\n".join([rest, *bodies]),
        "exec": listed is not None,
        "words": listed if listed is not None else rest.split() if keyword == "RUN" else words(rest),
        "flags": flags,
    }
    if keyword in ("ENV", "LABEL", "ARG"):
        instruction["values"] = _values(keyword, rest, instruction["words"], line)
    return instruction


def _listed(rest: str) -> list[str] | None:
    """The words of a JSON list of texts; None for the shell form, which all else is."""
    if not rest.startswith("["):
        return None
    try:
        found = json_value(rest)
    except (Misread, Refused):
        return None
    return found if isinstance(found, list) and all(isinstance(word, str) for word in found) else None


def words(text: str) -> list[str]:
    """*text* split at blanks outside quotes, without the quotes."""
    found: list[list[str]] = []
    inside = escaped = False
    quote = ""
    for character in text:
        if not (inside or character.isspace()):
            found.append([])
            inside = True
        if escaped:
            found[-1].append(character)
            escaped = False
        elif character == "\\" and quote != "'":
            escaped = True
        elif quote or character in "'\"":
            if not quote:
                quote = character
            elif character == quote:
                quote = ""
            else:
                found[-1].append(character)
        elif character.isspace():
            inside = False
        else:
            found[-1].append(character)
    return ["".join(each) for each in found]


def _values(keyword: str, rest: str, given: list[str], line: int) -> dict[str, str]:
    pairs = [_PAIR.fullmatch(word) for word in given]
    if keyword == "ARG":
        return {pair[1] if pair else word: pair[2] if pair else "" for pair, word in zip(pairs, given, strict=True)}
    if pairs and pairs[0] is None:
        name, _, value = rest.partition(" ")
        return {name: value.strip()}
    if not all(pairs):
        raise at(line, f"{keyword} is no list of NAME=value.")
    return {pair[1]: pair[2] for pair in pairs if pair}


# -- stages ------------------------------------------------------------------------
def _stage(instruction: Instruction, args: dict[str, str], stages: list[dict[str, Any]]) -> dict[str, Any]:
    given = instruction["words"]
    named = len(given) == 3 and given[1].lower() == "as"
    if not (len(given) == 1 or named):
        raise at(instruction["line"], "FROM is followed by an image, and perhaps AS and a name.")
    image = _filled(given[0], args)
    if not image:
        raise at(instruction["line"], "FROM names no image.")
    stage: dict[str, Any] = {"image": image, "instructions": [], "scope": {}, "base": image}
    if named:
        stage["name"] = given[2].lower()
    if "platform" in instruction["flags"]:
        stage["platform"] = instruction["flags"]["platform"]
    earlier = _earlier(image, stages)
    if earlier is not None:
        stage["from_stage"] = earlier
        stage.update({name: stages[earlier][name] for name in INHERITED if name in stages[earlier]})
        stage["scope"] = dict(stages[earlier].get("env", {}))
    return stage


def _earlier(name: str, stages: list[dict[str, Any]]) -> int | None:
    """The number of the stage that *name* means; the last one of that name."""
    found = [number for number, stage in enumerate(stages) if stage.get("name") == name.lower()]
    return found[-1] if found else None


def _add(stage: dict[str, Any], instruction: Instruction, args: dict[str, str], stages: list[dict[str, Any]]) -> None:
    keyword, scope = instruction["keyword"], stage["scope"]
    stage["instructions"].append(instruction)
    stage.setdefault(keyword, []).append(instruction)
    if keyword == "ARG":
        scope.update(
            {name: _filled(value, scope) or args.get(name, "") for name, value in instruction["values"].items()}
        )
    elif keyword == "ENV":
        new = {name: _filled(value, scope) for name, value in instruction["values"].items()}
        scope.update(new)
        stage["env"] = {**stage.get("env", {}), **new}
        _few(len(stage["env"]), 1000, "variables")
    elif keyword == "USER":
        stage["user"] = _filled(instruction["text"].strip(), scope)
    elif keyword == "WORKDIR":
        path = _filled(" ".join(instruction["words"]), scope)
        stage["workdir"] = (
            path if path.startswith("/") else f"{stage.get('workdir', '').rstrip('/')}/{path}"[-EXPANDED:]
        )
    elif keyword == "EXPOSE":
        ports = [_filled(word, scope).lower().removesuffix("/tcp") for word in instruction["words"]]
        stage["ports"] = [*stage.get("ports", ()), *ports]
        _few(len(stage["ports"]), 1000, "ports")
    elif keyword in ("CMD", "ENTRYPOINT"):
        stage[keyword.lower()] = {name: instruction[name] for name in ("exec", "words", "text")}
        if keyword == "ENTRYPOINT" and "CMD" not in stage:
            stage.pop("cmd", None)
    elif keyword == "HEALTHCHECK":
        stage.pop("healthcheck", None)
        if instruction["text"].strip().upper() != "NONE":
            stage["healthcheck"] = {**instruction["flags"], **_test(instruction)}
    elif keyword == "COPY" and "from" in instruction["flags"]:
        source = instruction["flags"]["from"]
        number = (
            int(source) if source.isascii() and source.isdigit() and len(source) < 4 else _earlier(source, stages[:-1])
        )
        if number is not None and number < len(stages) - 1:
            instruction["from_stage"] = number


def _test(instruction: Instruction) -> dict[str, Any]:
    keyword, _, rest = instruction["text"].partition(" ")
    if keyword.upper() != "CMD" or not rest.strip():
        raise at(instruction["line"], "HEALTHCHECK is followed by CMD and a command, or by NONE.")
    return {"test": rest.strip()}


def _few(number: int, most: int, what: str) -> None:
    if number > most:
        raise Refused(f"It has more than {most} {what}.")


def _filled(text: str, values: dict[str, str]) -> str:
    """*text* with its variables filled in; those that are not known stay as they are."""
    length = 0

    def value(found: re.Match[str]) -> str:
        nonlocal length
        name = found[1] or found[2]
        filled = (values.get(name) or found[3] or (found[0] if name not in values else "")) if name else "$"
        length += len(filled)
        if length > EXPANDED:
            raise Refused(f"A text is longer than {EXPANDED} characters once its variables are filled in.")
        return filled

    return _VARIABLE.sub(value, text)
