"""The spellings people use."""

import pytest

from courses.curriculum.aliases import fold, spellings


@pytest.mark.parametrize(
    ("kind", "path", "some", "none"),
    [
        ("module", "MOD-101", {"mod-101", "mod 101", "mod101", "module 101", "module-101"}, {"101", "lab 101"}),
        ("project", "PROJ-201", {"proj-201", "project 201"}, {"module 201"}),
        ("lab", "MOD-101/101-04", {"mod-101/101-04", "101-04", "lab 101-04", "exercise 101-04"}, {"mod-101"}),
        ("lab", "MOD-101/lab-2", {"mod-101/lab-2"}, {"lab-2", "lab 2", "lab2"}),
        ("quiz", "MOD-101/quiz", {"mod-101/quiz"}, {"quiz"}),
        ("objective", "MOD-101/build", set(), {"mod-101/build", "build"}),
    ],
)
def test_spellings_that_an_id_suggests(kind: str, path: str, some: set[str], none: set[str]) -> None:
    found = spellings(kind, path)
    assert some <= found
    assert not none & found


def test_what_the_author_gives_is_folded() -> None:
    assert "container basics" in spellings("module", "MOD-005", ["  Container\u00a0 Basics "])
    assert fold("\uff2d\uff2f\uff24-101") == "mod-101", "full width forms too"


def test_an_alias_that_no_column_holds_is_left_out() -> None:
    assert all(len(alias) <= 200 for alias in spellings("module", "MOD-1", ["x" * 300]))
