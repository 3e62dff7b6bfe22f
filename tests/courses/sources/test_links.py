"""Links of Markdown texts, outside their code."""

from __future__ import annotations

import pytest

from courses.curriculum.sources.links import Places, links_in, with_links

PLACES = Places(frozenset({"./docs/a.md", "./docs/pictures/big picture.png", "./x.csv"}), (".",))


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("![A](a.png) and [b](b.csv 'The figures')", ["a.png", "b.csv"]),
        ('[![badge](badge.svg)](report.pdf "All of it")', ["badge.svg", "report.pdf"]),
        ("[a](<big picture.png>)", ["big picture.png"]),
        ("See [the plan][plan].\n\n[plan]: docs/plan.md", ["docs/plan.md"]),
        ("`[a](a.png)` and ``[`](b.png)`` but [c](c.png)", ["c.png"]),
        ("```\n[a](a.png)\n```\n~~~\n[b](b.png)\n~~~\n[c](c.png)", ["c.png"]),
        ("a call: rows[0](x) [ ](y) [a]( )", ["x", "y"]),
        ("No links [here] (at all).", []),
    ],
)
def test_targets(text: str, targets: list[str]) -> None:
    assert list(links_in(text)) == targets
    assert with_links(text, str) == text
    assert list(links_in(with_links(text, lambda target: "other"))) == ["other"] * len(targets)


def test_only_the_targets_change() -> None:
    text = 'Look:\n\n[![a](a.png)](<a b.pdf> "t") `[a](a.png)`\n```\n[a](a.png)\n```'
    changed = with_links(text, {"a.png": "A", "a b.pdf": "B"}.__getitem__)
    assert changed == 'Look:\n\n[![a](A)](<B> "t") `[a](a.png)`\n```\n[a](a.png)\n```'


@pytest.mark.parametrize(
    ("target", "file"),
    [
        ("pictures/big%20picture.png", "./docs/pictures/big picture.png"), ("/x.csv", "./x.csv"),
        ("x.csv#top", "./x.csv"), ("pictures", None), ("https://example.test/x.csv", None), ("ftp:x.csv", None),
        ("../../x.csv", None),
    ],
)  # fmt: skip
def test_the_file_that_a_document_links_to(target: str, file: str | None) -> None:
    assert PLACES.file("./docs/a.md", target) == file


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", ["`", "``` ` `` ", "[", "](", "[a](", " ", "`](x) ", "]: "])
def test_finding_links_takes_time_by_the_size_only(piece: str) -> None:
    line = f"{piece * (1_000_000 // len(piece))} [a](b.png)"
    assert with_links(line, str) == line
