"""What each reader makes of a file, and what it says of one that is not what it should be."""

from __future__ import annotations

from typing import Any

import pytest

from grading.checks.structure.dockerfile import words
from grading.checks.structure.reading import text_of
from tests.grading.structure.reads import how, read


def unread(form: str, text: str) -> str:
    said = how(form, text)
    assert said.startswith("misread: "), said
    return said.removeprefix("misread: ")


# -- YAML --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[~, null, '', \"null\"]", [None, None, "", "null"]),
        ("[true, False, yes, on, 'true']", [True, False, "yes", "on", "true"]),
        ("[1, -2, 0o17, 0x1F, 012, '1', 1_000]", [1, -2, 15, 31, 12, "1", "1_000"]),
        ("[1.5, .5, 1e3, 2., 1e999, .inf, .nan]", [1.5, 0.5, 1000.0, 2.0, "1e999", ".inf", ".nan"]),
        ("[" + "9" * 31 + "]", ["9" * 31]),
        ("[2024-01-02, 12:30:00]", ["2024-01-02", "12:30:00"]),
        ("{1: a, true: b, on: c, ~: d}", {"1": "a", "true": "b", "on": "c", "~": "d"}),
        ("a: &x [1]\nb: *x\n", {"a": [1], "b": [1]}),
        ("a: &x {k: 1, l: 2}\nb: {<<: *x, l: 3}\n", {"a": {"k": 1, "l": 2}, "b": {"k": 1, "l": 3}}),
        ("a: &x {k: 1}\nb: &y {k: 2, l: 2}\nc: {<<: [*x, *y]}\n",
         {"a": {"k": 1}, "b": {"k": 2, "l": 2}, "c": {"k": 1, "l": 2}}),
        ("&k a: 1\nb: *k\n", {"a": 1, "b": "a"}),
        ("%YAML 1.1\n---\non: yes\n", {"on": "yes"}),
        ("---\n---\na: 1\n...\n", {"a": 1}),
        ("\ufeffa: 1\r\nb: |\r\n  x\r\n  y\r\n", {"a": 1, "b": "x\ny\n"}),
    ],
)  # fmt: skip
def test_yaml_is_read_by_the_core_schema(text: str, value: Any) -> None:
    assert read("yaml", text_of(text.encode())) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "It holds 0 documents instead of one."),
        ("a: 1\n---\nb: 2\n", "It holds 2 documents instead of one."),
        ("a: 1\nb: 2\na: 3\n", "Line 3: the key 'a' is there twice."),
        ("a: *x\n", "Line 1: *x has no anchor before it."),
        ("&x a: 1\n---\n*x : 2\n", "Line 3: *x has no anchor before it."),
        ("? [a]\n: b\n", "Line 1: a key is no text."),
        ("a: {<<: 1}\n", "Line 1: what << takes in is no mapping."),
        ("a: {<<: [b]}\n", "Line 1: what << takes in is no mapping."),
        ("a: [1\n", "Line 2: it is no YAML:"),
        ("a: \x01\n", "It is no YAML:"),
    ],
)
def test_yaml_that_is_none_says_where(text: str, said: str) -> None:
    assert unread("yaml", text).startswith(said)


# -- Dockerfile --------------------------------------------------------------------
def test_stages_with_what_they_say_and_what_they_end_with() -> None:
    whole = read(
        "dockerfile",
        "# hadolint ignore=DL3006\n# check=skip=all\nARG TAG=3.12\nARG FULL=$TAG-slim\n\n"
        "FROM --platform=linux/amd64 python:${FULL} AS Base\nARG TAG\nENV HOME=/home/app \"A=b c\"\nENV OLD x y\n"
        "WORKDIR srv\nWORKDIR $HOME\nWORKDIR sub\nUSER app:app\nEXPOSE 80/TCP 53/udp $TAG\n"
        "SHELL [\"/bin/sh\", \"-c\"]\n"
        "HEALTHCHECK --interval=5s CMD curl \\\n# a comment in between\n\n  localhost\nCMD run it\nENTRYPOINT [\"x\"]\n"
        "run  --mount=type=cache,target=/x --mount=type=bind --network=none\tmake 'a b'\n"
        "from base\nCOPY --from=base --chown=1:1 a b\nCOPY --from=0 [\"a b\", \"c\"]\nCOPY --from=nginx:1 a b\n"
        "COPY --from=1 a b\nADD x y\nHEALTHCHECK NONE\nLABEL a=\"b c\" d=e\n"
        "FROM base as last\nCMD [\"it\"]\nRUN <<-A cat <<'B'\n\tone\n\tA\ntwo\nB\nEXPOSE 1\n",
    )  # fmt: skip
    base, second, last = whole["stages"]
    assert whole["args"] == {"TAG": "3.12", "FULL": "3.12-slim"}
    assert (base["image"], base["base"], base["name"], base["platform"]) == (
        "python:3.12-slim", "python:3.12-slim", "base", "linux/amd64",
    )  # fmt: skip
    assert base["env"] == {"HOME": "/home/app", "A": "b c", "OLD": "x y"}
    assert (base["workdir"], base["user"], base["ports"]) == ("/home/app/sub", "app:app", ["80", "53/udp", "3.12"])
    assert base["healthcheck"] == {"interval": "5s", "test": "curl   localhost"}
    assert base["entrypoint"] == {"exec": True, "words": ["x"], "text": '["x"]'}
    assert "cmd" in base
    [run] = base["RUN"]
    assert run["flags"] == {"mount": ["type=cache,target=/x", "type=bind"], "network": "none"}
    assert (run["text"], run["words"], run["exec"]) == ("make 'a b'", ["make", "'a", "b'"], False)
    assert (second["image"], second["base"], second["from_stage"]) == ("base", "python:3.12-slim", 0)
    assert [copy.get("from_stage") for copy in second["COPY"]] == [0, 0, None, None]
    assert second["COPY"][1]["words"] == ["a b", "c"]
    assert "healthcheck" not in second
    assert second["user"] == "app:app"
    assert second["LABEL"][0]["values"] == {"a": "b c", "d": "e"}
    assert whole["final"] is last
    assert last["cmd"]["words"] == ["it"]
    assert last["ports"] == ["80", "53/udp", "3.12", "1"]
    assert base["ports"] == ["80", "53/udp", "3.12"]
    assert last["RUN"][0]["text"] == "<<-A cat <<'B'\n\tone\ntwo"
    assert [each["line"] for each in last["instructions"]] == [32, 33, 38]


def test_an_entrypoint_of_its_own_takes_the_command_of_its_image_away() -> None:
    whole = read("dockerfile", 'FROM a AS b\nCMD x\nFROM b\nENTRYPOINT y\nFROM b\nCMD [1]\nENTRYPOINT ["y"]\n')
    assert "cmd" not in whole["stages"][1]
    assert whole["final"]["cmd"] == {"exec": False, "words": ["[1]"], "text": "[1]"}


def test_lines_may_be_continued_by_another_character_and_a_later_syntax_line_is_a_comment() -> None:
    whole = read("dockerfile", "# escape=`\nFROM a\nRUN one `\n  two\n# syntax=x\nRUN dir c:\\\n")
    assert [run["text"] for run in whole["final"]["RUN"]] == ["one   two", "dir c:\\"]
    said = read("dockerfile", "# why\n# escape=`\nFROM a\nRUN one `\n")
    assert said["final"]["RUN"][0]["text"] == "one `", "below a comment it is one itself"


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("$A", "1"), ("${A}", "1"), ("${A:-2}", "1"), ("${B:-2}", "2"), ("${B-2}", "2"), ("$B", "$B"), ("\\$A", "$"),
        ("x${A}y$A", "x1y1"), ("${E:-3}", "3"), ("$E", ""),
    ],
)  # fmt: skip
def test_variables_are_filled_in_as_far_as_they_are_known(text: str, filled: str) -> None:
    whole = read("dockerfile", f"FROM a\nENV A=1 E=\nUSER u{text}\n")
    assert whole["final"]["user"] == "u" + (filled if text != "\\$A" else "$A")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is no FROM."),
        ("# only\n# comments\n", "There is no FROM."),
        ("RUN x\nFROM a\n", "Line 1: RUN stands before the first FROM."),
        ("FROM a\n\nFETCH b\n", "Line 3: 'FETCH' is no instruction."),
        ("FROM a\nRUN\n", "Line 2: RUN says nothing."),
        ("FROM a b\n", "Line 1: FROM is followed by an image, and perhaps AS and a name."),
        ("FROM ''\n", "Line 1: FROM names no image."),
        ("FROM a\nENV A=1 B\n", "Line 2: ENV is no list of NAME=value."),
        ("FROM a\nHEALTHCHECK curl x\n", "Line 2: HEALTHCHECK is followed by CMD and a command, or by NONE."),
        ("FROM a\nRUN <<E\nx\n", "Line 2: <<E has no end."),
    ],
)
def test_dockerfiles_that_are_none_say_where(text: str, said: str) -> None:
    assert unread("dockerfile", text) == said


def test_words_are_split_outside_quotes() -> None:
    assert words('a "b c" \'d \\\' e\\ f "" g"h"i "\\""') == ["a", "b c", "d \\", "e f", "", "ghi", '"']


# -- Terraform ---------------------------------------------------------------------
def test_blocks_are_below_their_type_and_labels() -> None:
    whole = read(
        "terraform",
        'terraform {\n  required_version = ">= 1.6"\n}\n/* a\ncomment */ provider aws { region = var.region } // end\n'
        'provider "aws" {\n  alias = "other"\n}\nmodule "net" {\n  source = "./net"\n}\n'
        'resource "a" "b" {\n  text = "x\\n\\"\\u00e9\\U0001F600$${y}%%{z} $5 100%"\n  count = -2\n'
        '  ratio = 1.5e2\n  on = true\n'
        '  none = null\n  long = 1e999\n  list = [1, "a",\n    [true,],  # comment\n  ]\n'
        '  map = { a = 1, "b" : 2\n    (var.c) = 3\n    4 = x.y\n  }\n  name = "${var.a}-b"\n'
        "  doc = <<-EOT\n      one\n        two $${x}\n  EOT\n  tpl = <<EOT\n${var.x}\nEOT\n"
        '  pick = var.a ? [for k, v in m : k if v] : { for x in y : x => "}" }\n'
        "  sum = 1 +  2\n  all = [for s in var.l : s]\n  neg = -var.x\n  call = max(1,\n    2)\n  splat = a.b[*].c\n"
        "  rule {\n    port = 1\n  }\n  rule {\n    port = 2\n  }\n  dynamic \"set\" { for_each = [] }\n"
        "  empty {}\n}\n",
        "locals { a = 1 }\n",
        "locals { b = 2 }\n",
    )  # fmt: skip
    assert whole["terraform"] == [{"required_version": ">= 1.6"}]
    assert whole["provider"]["aws"] == [{"region": "${var.region}"}, {"alias": "other"}]
    assert whole["locals"] == [{"a": 1}, {"b": 2}]
    [body] = whole["resource"]["a"]["b"]
    doc, tpl = body.pop("doc"), body.pop("tpl")
    assert doc == "one\n  two ${x}\n"
    assert "${var.x}" in tpl
    assert body == {
        "text": 'x\n"é😀${y}%{z} $5 100%', "count": -2, "ratio": 150.0, "on": True, "none": None, "long": "1e999",
        "list": [1, "a", [True]], "map": {"a": 1, "b": 2, "(var.c)": 3, "4": "${x.y}"}, "name": "${var.a}-b",
        "pick": '${var.a ? [for k, v in m : k if v] : { for x in y : x => "}" }}', "sum": "${1 + 2}",
        "all": "${[for s in var.l : s]}", "neg": "${-var.x}", "call": "${max(1, 2)}", "splat": "${a.b[*].c}",
        "rule": [{"port": 1}, {"port": 2}], "dynamic": {"set": [{"for_each": []}]}, "empty": [{}],
    }  # fmt: skip


def test_what_only_looks_like_reading_files_is_read() -> None:
    text = (
        '# file("x")\nlocals {\n  a = "file(x)"\n  b = "$${file(1)}"\n  file = var.file\n'
        "  c = x.file (1)\n  d = profile(1)\n}\n"
    )
    assert how("terraform", text) == "read"
    assert how("terraform", 'data "aws_ami" "a" {}\nmodule "a" { source = "../a" }\n') == "read"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is no block."),
        ("a = 1\n", "Line 1: 'a' is no block of Terraform."),
        ('resource "a" {}\n', "Line 1: resource has 1 labels instead of 2."),
        ('resource "a" "b" {}\nresource "a" "b" {}\n', "Line 2: resource a b is there twice."),
        ('module "a" {}\n', "module 'a' has no source."),
        ("locals {\n a = 1\n a = 2\n}\n", "Line 3: 'a' is there twice."),
        ("locals {\n a = 1\n", "Line 3: a name is missing."),
        ("locals {\n a = \n}\n", "Line 2: a value is missing."),
        ("locals {\n a = 1 b = 2\n}\n", "Line 2: 'b' cannot stand here."),
        ("locals {\n a = [1 2]\n}\n", "Line 2: '2' cannot stand here."),
        ("locals {\n a = { b 1 }\n}\n", "Line 2: = is missing."),
        ("locals {\n a = { = 1 }\n}\n", "Line 2: a key is missing."),
        ("locals {\n a = { b = 1 ) }\n}\n", "Line 2: a comma or the end of the line is missing."),
        ("locals {\n a = f(1]\n}\n", "Line 2: ] closes nothing."),
        ("locals {\n a = f(1\n}\n", "Line 3: } closes nothing."),
        ("locals {\n a = f(1\n", "Line 2: ( has no end."),
        ("locals {} locals {}\n", "Line 1: 'locals' cannot stand here."),
        ("locals 1 {}\n", "Line 1: { or = is missing."),
        ("locals {\n a b c d e {}\n}\n", "Line 2: a block has more than three labels."),
        ("locals {\n a = 1\n a b {}\n}\n", "Line 3: 'a' is there as another thing."),
        ("locals {\n a = 1\n a {}\n}\n", "Line 3: 'a' is there as another thing."),
        ("locals {\n a = 'x'\n}\n", 'Line 2: "\'" cannot stand here.'),
        ('locals {\n a = "x\n}\n', "Line 2: a text has no end, or a mark after \\ that is none."),
        ('locals {\n a = "\\q"\n}\n', "Line 2: a text has no end, or a mark after \\ that is none."),
        ('locals {\n a = "\\ud800"\n}\n', "Line 2: \\ud800 is no character."),
        ('locals {\n a = "${x', "Line 2: a template has no end."),
        ("locals {\n a = <<E\n${x\nE\n}\n", "a template has no end."),
        ("locals {\n a = <<E\nx\n", "Line 2: <<E has no end."),
        ("/* x", "Line 1: a comment has no end."),
    ],
)
def test_terraform_that_is_none_says_where(text: str, said: str) -> None:
    assert unread("terraform", text).endswith(said)


# -- JSON --------------------------------------------------------------------------
@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', "[NaN]", "[1e999]", '["x', "[1,]", "", "9" * 5000])
def test_json_that_is_none_is_not_read(text: str) -> None:
    assert unread("json", text).startswith("It is no JSON")
