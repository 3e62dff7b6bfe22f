"""The drawing of a program: who needs what stands behind it, nothing overlaps, and it fits a phone."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.dashboard.map import LINE_CHARACTERS, NARROW, Drawing, Place, draw, wrapped


def place(key: int, *needs: int, state: str = "open") -> Place:
    return Place(key, f"M-{key}", f"Module {key}", state, state, f"/{key}/", needs=needs)


GRAPHS = st.integers(1, 14).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 13), max_size=4), min_size=size, max_size=size
    ).map(lambda needs: [place(key, *(each for each in row if each < key)) for key, row in enumerate(needs)])
)  # fmt: skip
ANY_GRAPHS = st.lists(st.lists(st.integers(0, 9), max_size=4), min_size=1, max_size=10).map(
    lambda needs: [place(key, *row) for key, row in enumerate(needs)]
)


def overlaps(drawing: Drawing) -> list[tuple[str, str]]:
    return [
        (one.place.code, two.place.code)
        for one, two in combinations(drawing.nodes, 2)
        if one.x < two.x + two.width
        and two.x < one.x + one.width
        and one.y < two.y + two.height
        and two.y < one.y + one.height
    ]


@given(GRAPHS)
def test_what_is_needed_stands_before_what_needs_it(places: list[Place]) -> None:
    across = {node.place.key: node for node in draw(places, across=True).nodes}
    down = {node.place.key: node for node in draw(places, across=False).nodes}
    for each in places:
        for need in each.needs:
            assert across[need].x + across[need].width < across[each.key].x
            assert down[need].bottom < down[each.key].y


@given(ANY_GRAPHS, st.booleans())
def test_no_boxes_overlap_and_all_lie_inside(places: list[Place], across: bool) -> None:
    drawing = draw(places, across=across)
    assert [node.place.key for node in drawing.nodes] == [each.key for each in places], "in the program's order"
    assert overlaps(drawing) == []
    for node in drawing.nodes:
        assert 0 <= node.x < node.x + node.width <= drawing.width
        assert 0 <= node.y < node.bottom <= drawing.height


@given(ANY_GRAPHS)
def test_the_narrow_drawing_fits_a_phone(places: list[Place]) -> None:
    drawing = draw(places, across=False)
    assert drawing.width <= NARROW
    assert drawing.view_box.startswith("0 0 330 ")


def test_many_modules_without_needs_still_fit_a_phone() -> None:
    drawing = draw([place(key) for key in range(20)], across=False)
    assert drawing.width <= NARROW
    assert len({node.y for node in drawing.nodes}) == 7, "three in a row"


def test_a_cycle_is_drawn_and_does_not_hang() -> None:
    places = [place(0, 2), place(1, 0), place(2, 1), place(3, 2), place(4, 4)]
    drawing = draw(places, across=True)
    assert len(drawing.nodes) == 5
    assert overlaps(drawing) == []


def at(drawing: Drawing, x: float, y: float, side: str) -> int:
    """The place whose box has the middle of that side there."""
    for node in drawing.nodes:
        corner = node.x + node.width if side == "right" else node.x
        if (corner, node.y + node.height / 2) == pytest.approx((x, y), abs=0.1):
            return node.place.key
    raise AssertionError(f"no box at {x} {y}")


def ends(drawing: Drawing) -> set[tuple[int, int]]:
    """Edges as (from, to), by where their lines begin and end."""
    found = set()
    for edge in drawing.edges:
        x1, y1, *_, x2, y2 = map(float, re.findall(r"-?[\d.]+", edge.path))
        found.add((at(drawing, x1, y1, "right"), at(drawing, x2, y2, "left")))
    return found


def test_what_a_longer_way_says_is_not_drawn_again() -> None:
    places = [place(0), place(1, 0), place(2, 0, 1), place(3, 0, 2)]
    assert ends(draw(places, across=True)) == {(0, 1), (1, 2), (2, 3)}


def test_a_diamond_keeps_all_its_edges() -> None:
    places = [place(0), place(1, 0), place(2, 0), place(3, 1, 2)]
    assert ends(draw(places, across=True)) == {(0, 1), (0, 2), (1, 3), (2, 3)}


def test_needs_that_are_not_drawn_are_left_out() -> None:
    assert draw([place(1, 99)], across=True).edges == []


def test_an_edge_is_met_when_its_source_is_done() -> None:
    drawing = draw([place(0, state="done"), place(1, 0), place(2, 1)], across=True)
    assert [edge.met for edge in drawing.edges] == [True, False]


def test_nothing_can_be_drawn() -> None:
    drawing = draw([], across=True)
    assert (drawing.nodes, drawing.edges) == ([], [])


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Docker", ["Docker"]),
        ("Cloud computing basics", ["Cloud computing", "basics"]),
        ("Monitoring and observability of machine learning", ["Monitoring and", "observability of…"]),
        ("Supercalifragilisticexpialidocious", ["Supercalifragilistic…"]),
        ("A Supercalifragilisticexpialidocious title", ["A", "Supercalifragilistic…"]),
        ("", [""]),
    ],
)
def test_titles_take_two_lines_at_most(title: str, lines: list[str]) -> None:
    assert wrapped(title) == lines


@given(st.text(max_size=120))
def test_no_line_is_longer_than_its_box(title: str) -> None:
    lines = wrapped(title)
    assert 1 <= len(lines) <= 2
    assert all(len(line) <= LINE_CHARACTERS for line in lines)


def points(path: str) -> list[tuple[float, float]]:
    """Places on a line of the drawing, close to each other."""
    numbers = [float(number) for number in re.findall(r"-?[0-9.]+", path)]
    commands = re.findall(r"[MCL]", path)
    found, here = [(numbers[0], numbers[1])], (numbers[0], numbers[1])
    rest = numbers[2:]
    for command in commands[1:]:
        size = 6 if command == "C" else 2
        values, rest = rest[:size], rest[size:]
        corners = [here, *zip(values[::2], values[1::2], strict=True)]
        for step in range(1, 21):
            part, line = step / 20, corners
            while len(line) > 1:
                line = [
                    (one[0] + (two[0] - one[0]) * part, one[1] + (two[1] - one[1]) * part)
                    for one, two in pairwise(line)
                ]
            found.append(line[0])
        here = corners[-1]
    return found


def crossed(drawing: Drawing) -> list[str]:
    """Boxes that a line runs through."""
    return [
        f"{edge.path} through {node.place.code}"
        for edge in drawing.edges
        for node in drawing.nodes
        if any(
            node.x + 1 < x < node.x + node.width - 1 and node.y + 1 < y < node.bottom - 1 for x, y in points(edge.path)
        )
    ]


@given(GRAPHS, st.booleans())
def test_no_line_runs_through_a_box_and_all_lie_inside(places: list[Place], across: bool) -> None:
    drawing = draw(places, across=across)
    assert crossed(drawing) == []
    for edge in drawing.edges:
        for x, y in points(edge.path):
            assert 0 <= x <= drawing.width
            assert 0 <= y <= drawing.height


def test_a_line_past_a_layer_goes_around_what_stands_there() -> None:
    places = [place(0), place(1, 0), place(2, 1), place(3, 0), place(4, 2, 3)]
    assert crossed(draw(places, across=True)) == []
