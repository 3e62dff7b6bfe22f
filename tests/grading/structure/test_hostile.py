"""What is refused, and texts of the largest size that would take a careless reader minutes, its stack or its memory."""

from __future__ import annotations

import random

import pytest

from tests.grading.structure.reads import how, read

N = 131_072
ALIASES = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("form", "text", "why"),
    [
        ("compose", ALIASES, "stands for more than"),
        ("kubernetes", ALIASES, "stands for more than"),
        ("yaml", "a: &a " + "x" * 60_000 + "\nb: [" + "*a, " * 20 + "]\n", "stands for more than"),
        ("yaml", "- &a0 [x]\n" + "".join(f"- &a{n} [*a{n - 1}]\n" for n in range(1, 100)), "nested deeper"),
        ("yaml", "a: &a [*a]", "*a contains itself"),
        ("yaml", "a: &a\n  b: *a\n", "*a contains itself"),
        ("yaml", "a: !!python/object/apply:os.system [id]", "tags (!name) are not read"),
        ("yaml", "!!python/object:os.system {}", "tags (!name) are not read"),
        ("yaml", "a: !!str x", "tags (!name) are not read"),
        ("yaml", "%TAG ! tag:example.org,2000:\n---\na: !it x", "tags (!name) are not read"),
        ("yaml", "[" * 40, "nested deeper"),
        ("json", "[" * 40, "nested deeper"),
        ("dockerfile", "# syntax=docker/dockerfile:1\nFROM a:1", "front end"),
        ("dockerfile", "\n#Syntax = example.org/mine\r\nFROM a:1", "front end"),
        ("dockerfile", "# escape=`\n# syntax=x\nFROM a:1", "front end"),
        ("dockerfile", "// syntax=x\nFROM a:1", "front end"),
        ("dockerfile", "FROM a\n" * 101, "more than 100 stages"),
        ("dockerfile", "FROM a\n" + "RUN x\n" * 2000, "more than 2000 instructions"),
        ("dockerfile", "FROM a\nEXPOSE " + "1 " * 1001, "more than 1000 ports"),
        ("dockerfile", "FROM a\nENV " + " ".join(f"A{n}=1" for n in range(1001)), "more than 1000 variables"),
        (
            "dockerfile",
            "ARG A0=x\n" + "".join(f"ARG A{n}=$A{n - 1}$A{n - 1}\n" for n in range(1, 40)),
            "longer than 1024",
        ),
        ("terraform", 'module "vpc" { source = "example/vpc/aws" }', "would be fetched"),
        ("terraform", 'module "vpc" { source = "git::https://example.org/vpc.git" }', "would be fetched"),
        ("terraform", 'module "vpc" { source = var.source }', "would be fetched"),
        ("terraform", 'data "external" "it" { program = ["sh"] }', 'data "external"'),
        ("terraform", 'data "http" "it" { url = "https://example.org" }', 'data "http"'),
        ("terraform", 'locals { a = file("/etc/passwd") }', "file() reads"),
        ("terraform", 'locals { a = core::file\t("/etc/passwd") }', "file() reads"),
        ("terraform", 'locals { a = [upper(file(\n"x"))] }', "file() reads"),
        ("terraform", 'locals { a = (file\n\n("x")) }', "file() reads"),
        ("terraform", 'locals { a = "-${ "${filebase64("x")}" }-" }', "filebase64() reads"),
        ("terraform", 'locals { a = "%{ if fileexists("x") }y%{ endif }" }', "fileexists() reads"),
        ("terraform", 'locals {\n a = <<E\n${templatefile("x", {})}\nE\n}', "templatefile() reads"),
        ("terraform", "locals { a = filemd5(1) }", "filemd5() reads"),
        ("terraform", "locals { a = " + "[" * 40, "nested deeper"),
        ("terraform", "locals {" + "a {" * 40, "nested deeper"),
        ("terraform", 'locals { a = "' + '${"' * 40, "nested deeper"),
        ("terraform", "\n" * 40_001, "more than 40000 words"),
    ],
)
def test_what_is_refused(form: str, text: str, why: str) -> None:
    said = how(form, text)
    assert said.startswith("refused: ")
    assert why in said


LONG = {
    "yaml": [
        "[" * N,
        "[[]," * N,
        "# abc\n" * N,
        "? " * N,
        "- " * N,
        '"' + "\\n" * N,
        "'" + "''" * N,
        "a " * N,
        "a: " + "b\n  " * N,
        "a: |\n" + "  b\n" * N,
        "a: >\n" + "  b\n\n" * N,
        "[&a " * N,
        " b: {" * N,
        "---\n" * N,
        "--- a\n" * N,
        "[" + "a," * N,
        "{" + ":," * N,
        "a:" + "\n" * N,
        "- {a: b, c: [1, 2]}\n" * N,
        "x" * N + ": 1",
        "? " + "x" * N + "\n: 1",
        "".join(" " * n + "a:\n" for n in range(500)),
        "".join(f"k{n}: 1\n" for n in range(N // 8)),
        "%a b\n" * N,
        "a: \t" * N,
    ],
    "json": [
        '"' + '\\"' * N,
        '["' + '\\"' * 65_000 + '"]',
        "[" * N,
        '{"a":' * N,
        "1" * N,
        '"' * N,
        "[" + "1," * N,
        "\\" * N,
    ],
    "dockerfile": [
        "FROM a\nCMD [" + '"' + '\\"' * N,
        "FROM a\nCMD " + "[" * N,
        "FROM a\nRUN " + "x \\\n" * N,
        "FROM a\nRUN " + "--a=b " * N,
        "FROM a\n" + "RUN <<E\n" * N,
        "FROM a\nRUN " + "<<E " * N,
        "FROM a\nRUN " + "<<E " * 20_000 + "\nE" * 20_000,
        "#\n" * N,
        "FROM " + "${A:-" * N,
        "FROM a\nUSER " + "$A" * N,
        "FROM a\nCOPY " + "\"'" * N,
        "FROM a\nCOPY x" + "\\" * N,
        "FROM a\n" + ("WORKDIR " + "a" * 50 + "\n") * 1900,
        "FROM a\nLABEL " + "a=" * N,
        "FROM a\nHEALTHCHECK " + "--a " * N,
        "FROM a AS a0\n" + "".join(f"FROM a{n - 1} AS a{n}\nENV A{n}=1\nEXPOSE {n}\n" for n in range(1, 99)),
    ],
    "terraform": [
        "a {" * N,
        "locals { a = " + "[" * N,
        "locals { a = " + "[1]+" * N,
        "locals { a = " + "(" * N,
        "locals {}\n" * N,
        "locals { a = " + "f([" * N,
        "locals {\na = <<E\n" + "x\n" * N,
        "/*" * N,
        "#\n" * N,
        "locals { a = f" + "\n" * 30_000 + "(",
        "resource " + '"a" ' * N,
        "locals { a = " + "1" * N,
        "a" * N,
        'locals { a = "' + "$" * 100_000 + '" }',
        "locals {\n" + "a = <<E\nE\n" * N,
        "locals { a = {" + "a=1," * N,
        "locals {\n a = <<E\n" + " " * 100_000 + "\nE\n}",
        "locals { a = " + "[" * 24 + "1" + "]+1" * 24 + "\n}",
        "locals { a = " + "{a=" * 24 + "1" + "}" * 24 + "\n}",
    ],
}


@pytest.mark.parametrize(
    ("form", "number"), [(form, number) for form, texts in LONG.items() for number in range(len(texts))]
)
def test_long_texts_end_in_time(form: str, number: int) -> None:
    how(form, LONG[form][number])


HONEST = {
    "yaml": "a: &b\n  c: [1, 'x', \"y\", 2.5, null, true]\n  d: |\n    text\n    more\n"
    "e: *b\nf:\n  <<: *b\n  g: >-\n    folded\n",
    "compose": "services:\n  a: {image: 'b:1', ports: ['1:2'], volumes: ['c:/d'], depends_on: [e]}\n"
    "  e: {build: .}\nvolumes: {c: }\n",
    "kubernetes": "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: b, image: 'c:1'}]}\n---\n"
    "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 1}]}\n",
    "workflow": "on: push\njobs:\n  a: {runs-on: x, steps: [{run: y}, {uses: z@1}]}\n  b: {needs: a, uses: ./c}\n",
    "prometheus": "groups:\n- name: a\n  rules:\n  - {alert: B, expr: 'up == 0', for: 5m, labels: {x: y}}\n"
    "  - {record: c, expr: 1}\n",
    "json": '{"a": [1, 2.5, "x\\"y", null, true, {"b": {}}]}',
    "dockerfile": "ARG V=1\nFROM a:$V AS b\nENV C=d E='f g'\nRUN <<X\nmake\nX\nFROM b\nCOPY --from=0 x \\\n"
    '  y\nCMD ["z"]\nHEALTHCHECK CMD w\n',
    "terraform": 'resource "a" "b" {\n  c = "d${var.e}f"\n  g = [1, { h = "i" }, -2]\n  j { k = <<-L\n    m\n  L\n  }\n'
    "  n = o ? p(q[0], r) : s\n}\n",
}


@pytest.mark.parametrize("form", HONEST)
def test_broken_texts_are_never_worse_than_unreadable(form: str) -> None:
    """Whatever becomes of an honest text, a reader reads it, or says why not: no other error leaves it."""
    chance = random.Random(20)
    text = HONEST[form]
    read(form, text)
    for _ in range(400):
        pieces = list(text)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(pieces))
            pieces[at : at + chance.choice([0, 1, 1, 5])] = chance.choice(
                [
                    "",
                    "",
                    *"\n\t\\\"'{}[]()<>&*!|%$#=:,-.?`~@0e",
                    "<<",
                    "${",
                    "null",
                    "\u2028",
                    "\x85",
                    "é",
                    pieces[at] * 3,
                ]
            )
        how(form, "".join(pieces))
