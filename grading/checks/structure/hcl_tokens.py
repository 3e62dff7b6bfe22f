"""The words of HCL: names, numbers, texts with templates in them, signs and ends of lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from grading.checks.structure.reading import DEPTH, VALUES, Refused, at

Kind = Literal["name", "number", "text", "sign", "newline", "end"]
READING: Final = frozenset({"templatefile", "fileset", "fileexists", "file"})
_HASHED = re.compile(r"file(?:base64\w*|md5|sha\w+)")
_PLAIN = re.compile(
    r"""(?P<blank>[ \t]+|\#[^\n]*|//[^\n]*) | (?P<comment>/\*)
      | (?P<newline>\n) | (?P<heredoc><<-?(?P<mark>[^\W\d][\w-]*)[ \t]*\n)
      | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?) | (?P<name>[^\W\d][\w-]*) | (?P<quote>")
      | (?P<sign>::|\.\.\.|==|!=|<=|>=|=>|&&|\|\||[-+*/%!<>=?:.,()\[\]{}])""",
    re.VERBOSE,
)
_INSIDE = re.compile(r'[^"\\$%\n]+|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\[nrt"\\]|\$\$\{|%%\{|\$\{~?|%\{~?|[$%"]')
_BODY = re.compile(r"[^$%]+|\$\$\{|%%\{|\$\{~?|%\{~?|[$%]")
_ESCAPES: Final = {"\\n": "\n", "\\r": "\r", "\\t": "\t", '\\"': '"', "\\\\": "\\"}


@dataclass(frozen=True, slots=True)
class Token:
    """:param literal: what a text says when no template is in it, else None.
    :param start, end: where it stands.
    """

    kind: Kind
    text: str
    line: int
    start: int
    end: int
    literal: str | None = None


class Lexer:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._count = 0

    def tokens(self) -> list[Token]:
        found = self._code(0)
        found.append(Token("end", "", self._line, len(self._text), len(self._text)))
        return found

    def _code(self, level: int) -> list[Token]:
        """Words until the end, or inside a template until its closing brace."""
        if level > DEPTH:
            raise Refused(f"Line {self._line}: it is nested deeper than {DEPTH} levels.")
        found: list[Token] = []
        braces = 0
        while self._at < len(self._text):
            match = _PLAIN.match(self._text, self._at)
            if match is None:
                raise at(self._line, f"{self._text[self._at]!a} cannot stand here.")
            start, line, self._at = self._at, self._line, match.end()
            what = match.lastgroup
            if what == "comment":
                self._comment(line)
            elif what == "newline":
                self._line += 1
                self._add(found, Token("newline", "\n", line, start, self._at))
            elif what in ("heredoc", "mark"):
                literal = self._heredoc(match["mark"], match[0].startswith("<<-"), level)
                self._add(found, Token("text", "", line, start, self._at, literal))
                # The line of the mark ends the value.
                self._add(found, Token("newline", "\n", self._line, self._at, self._at))
            elif what == "quote":
                literal = self._quoted(line, level)
                self._add(found, Token("text", self._text[start + 1 : self._at - 1], line, start, self._at, literal))
            elif what == "sign":
                braces += {"{": 1, "}": -1}.get(match[0], 0)
                if level and braces < 0:
                    return found
                self._add(found, Token("sign", match[0], line, start, self._at))
            elif what != "blank":
                self._add(found, Token("number" if what == "number" else "name", match[0], line, start, self._at))
        if level:
            raise at(self._line, "a template has no end.")
        return found

    def _add(self, found: list[Token], token: Token) -> None:
        self._count += 1
        if self._count > 4 * VALUES:
            raise Refused(f"It has more than {4 * VALUES} words.")
        if token.kind == "sign" and token.text == "(":
            self._called(found, token.line)
        found.append(token)

    def _called(self, found: list[Token], line: int) -> None:
        """Refuse a call of what reads files; ends of lines do not count between brackets."""
        before = (token for token in reversed(found) if token.kind != "newline")
        name, member = next(before, None), next(before, None)
        if name is None or name.kind != "name" or (member is not None and member.text == "."):
            return
        if name.text in READING or _HASHED.fullmatch(name.text):
            raise Refused(f"Line {line}: {name.text}() reads a file of the machine. Write the value out.")

    def _comment(self, line: int) -> None:
        end = self._text.find("*/", self._at)
        if end < 0:
            raise at(line, "a comment has no end.")
        self._line += self._text.count("\n", self._at, end)
        self._at = end + 2

    def _quoted(self, line: int, level: int) -> str | None:
        """What a text in quotes says; None when a template is in it."""
        parts: list[str] = []
        literal = True
        while match := _INSIDE.match(self._text, self._at):
            self._at = match.end()
            piece = match[0]
            if piece == '"':
                return "".join(parts) if literal else None
            if piece.startswith(("${", "%{")):
                self._code(level + 1)
                literal = False
            elif piece.startswith("\\"):
                parts.append(_ESCAPES.get(piece) or _character(piece, line))
            else:
                parts.append(piece[1:] if piece in ("$${", "%%{") else piece)
        raise at(line, "a text has no end, or a mark after \\ that is none.")

    def _heredoc(self, mark: str, flush: bool, level: int) -> str | None:
        """What the lines until *mark* say; None when a template is in them."""
        first, line = self._at, self._line
        end = re.compile(rf"^[ \t]*{re.escape(mark)}[ \t]*$", re.MULTILINE).search(self._text, first)
        if end is None:
            raise at(line, f"<<{mark[:40]} has no end.")
        self._line += 1
        literal = True
        while self._at < end.start():
            match = _BODY.match(self._text, self._at, end.start())
            assert match is not None
            self._at = match.end()
            self._line += match[0].count("\n")
            if match[0].startswith(("${", "%{")):
                self._code(level + 1)
                literal = False
        if self._at != end.start():
            raise at(line, "a template has no end.")
        self._at = end.end()
        lines = self._text[first : end.start()].split("\n")[:-1]
        if flush:
            indents = [len(each) - len(each.lstrip(" \t")) for each in lines if each.strip()]
            lines = [each[min(indents, default=0) :] for each in lines]
        said = "".join(f"{each}\n" for each in lines)
        return said.replace("$${", "${").replace("%%{", "%{") if literal else None


def _character(piece: str, line: int) -> str:
    number = int(piece[2:], 16)
    if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
        raise at(line, f"{piece} is no character.")
    return chr(number)
