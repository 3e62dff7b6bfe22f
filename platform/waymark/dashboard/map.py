"""The map of a program: modules and projects in layers, drawn from the edges that lock.

Pure geometry. One layout function gives two drawings: across (from left to
right, for wide screens) and down (for phones). Every node stands one layer
behind the last thing it needs (longest path); within a layer nodes are ordered
by the middle of what they need (barycentre; Sugiyama, Tagawa and Toda 1981).
Edges that another path already says are left out; those that pass a layer go
between its boxes, never behind one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

ACROSS_BOX, DOWN_BOX = (164.0, 76.0), (76.0, 44.0)
ACROSS_GAP, DOWN_GAP = (27.0, 20.0), (8.0, 30.0)
LINE_CHARACTERS = 21
TITLE_LINES = 2
MARGIN = 6.0
LANE_MARGIN = 3.0
"""How far an edge stays from a box that it passes."""
FULL, NARROW = 1232.0, 330.0


@dataclass(frozen=True, slots=True)
class Place:
    """What is to be drawn. ``needs`` are keys of other places."""

    key: int
    code: str
    title: str
    state: str
    word: str
    url: str
    figure: str = ""
    share: float = 0.0
    is_project: bool = False
    is_next: bool = False
    needs: Sequence[int] = ()

    @property
    def short(self) -> str:
        """What fits into a small box: figures while in progress, else the state's word."""
        return f"{round(100 * self.share)} %" if self.state == "progress" else self.word


@dataclass(slots=True)
class Node:
    """A place with the corner of its box; the coordinates below are what the drawing uses."""

    place: Place
    x: float
    y: float
    width: float
    height: float
    lines: list[str] = field(default_factory=list)

    @property
    def radius(self) -> float:
        return (18 if self.width > 100 else 16) if self.place.is_project else 6

    @property
    def right(self) -> float:
        return self.x + self.width - 12

    @property
    def left(self) -> float:
        return self.x + 12

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def fill(self) -> float:
        """Length of the progress line, of 54."""
        return round(54 * min(1.0, max(0.0, self.place.share)), 1)


@dataclass(frozen=True, slots=True)
class Edge:
    path: str
    met: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    width: float
    height: float
    nodes: list[Node]
    edges: list[Edge]
    least: float

    @property
    def view_box(self) -> str:
        """Never narrower than a full page, so that small programs keep the size of their text."""
        return f"0 0 {_n(max(self.width, self.least))} {_n(self.height)}"


def draw(places: Sequence[Place], *, across: bool) -> Drawing:
    """Lay *places* out; an edge is met when its source is done."""
    by_key = {place.key: place for place in places}
    needs = _reduced({place.key: [key for key in place.needs if key in by_key] for place in places})
    layers = _ordered(_layers(places, needs), needs)
    box, gap = (ACROSS_BOX, ACROSS_GAP) if across else (DOWN_BOX, DOWN_GAP)
    rows = _positions(layers, by_key, box, gap, across)
    nodes = {node.place.key: node for row in rows for node in row}
    level = {node.place.key: number for number, row in enumerate(rows) for node in row}
    edges = [
        Edge(
            _path(nodes[source], rows[level[source] + 1 : level[target]], nodes[target], across),
            by_key[source].state == "done",
        )
        for target, sources in needs.items()
        for source in sources
    ]
    width = max((node.x + node.width for node in nodes.values()), default=0) + MARGIN
    height = max((node.bottom for node in nodes.values()), default=0) + MARGIN
    return Drawing(width, height, [nodes[place.key] for place in places], edges, FULL if across else NARROW)


def _layers(places: Sequence[Place], needs: Mapping[int, Sequence[int]]) -> list[list[int]]:
    level: dict[int, int] = {}

    def depth(key: int, seen: frozenset[int]) -> int:
        if key not in level:
            # A cycle is an error of the curriculum; the map draws it without going round.
            sources = [source for source in needs[key] if source not in seen]
            level[key] = 1 + max((depth(source, seen | {key}) for source in sources), default=-1)
        return level[key]

    for place in places:
        depth(place.key, frozenset({place.key}))
    layers: list[list[int]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
    for place in places:
        layers[level[place.key]].append(place.key)
    return layers


def _reduced(needs: Mapping[int, Sequence[int]]) -> dict[int, list[int]]:
    """Without edges that a longer way says already (transitive reduction)."""
    reach: dict[int, set[int]] = {}

    def ancestors(key: int, seen: frozenset[int]) -> set[int]:
        if key not in reach:
            found: set[int] = set()
            for source in needs[key]:
                if source not in seen:
                    found |= {source} | ancestors(source, seen | {key})
            reach[key] = found
        return reach[key]

    return {
        key: [
            source
            for source in dict.fromkeys(sources)
            if not any(source in ancestors(other, frozenset({key})) for other in sources if other != source)
        ]
        for key, sources in needs.items()
    }


def _ordered(layers: list[list[int]], needs: Mapping[int, Sequence[int]]) -> list[list[int]]:
    place: dict[int, float] = {}
    for layer in layers:

        def middle(key: int, order: Mapping[int, float] = dict(place)) -> float:
            known = [order[source] for source in needs[key] if source in order]
            return sum(known) / len(known) if known else 0.5

        layer.sort(key=middle)
        for number, key in enumerate(layer):
            place[key] = (number + 1) / (len(layer) + 1)
    return layers


def _positions(
    layers: list[list[int]], by_key: Mapping[int, Place], box: tuple[float, float], gap: tuple[float, float],
    across: bool,
) -> list[list[Node]]:  # fmt: skip
    """The nodes row by row (across: column by column)."""
    (width, height), (gap_x, gap_y) = box, gap
    most = 3 if not across else None
    rows = [part for layer in layers for part in _parts(layer, most)] if most else layers
    longest = max((len(row) for row in rows), default=1)
    placed: list[list[Node]] = []
    for number, row in enumerate(rows):
        nodes: list[Node] = []
        step = (height + gap_y) if across else (width + gap_x)
        start = (longest - len(row)) * step / 2
        for index, key in enumerate(row):
            along, down = number, start + index * step
            x = MARGIN + (along * (width + gap_x) if across else down)
            y = MARGIN + (down if across else along * (height + gap_y))
            nodes.append(Node(by_key[key], x, y, width, height, wrapped(by_key[key].title) if across else []))
        placed.append(nodes)
    return placed


def _parts(layer: list[int], most: int) -> Iterable[list[int]]:
    """A layer too wide for a phone goes on in the next row."""
    return (layer[start : start + most] for start in range(0, len(layer), most))


def _path(source: Node, passed: Sequence[Sequence[Node]], target: Node, across: bool) -> str:
    """A line from box to box: bent between the rows, straight where it passes one."""
    along, beside = _end(source, across), _middle(source, across)
    path = f"M{_point(along, beside, across)}"
    for number, row in enumerate(passed, start=1):
        wanted = _middle(source, across) + (_middle(target, across) - _middle(source, across)) * number / (
            len(passed) + 1
        )
        lane = _lane(row, wanted, across)
        path += _bend(along, beside, _start(row[0], across), lane, across)
        along, beside = _end(row[0], across), lane
        path += f"L{_point(along, beside, across)}"
    return path + _bend(along, beside, _start(target, across), _middle(target, across), across)


def _lane(row: Sequence[Node], wanted: float, across: bool) -> float:
    """Where a line passes *row*: at *wanted* if no box is there, else in the nearest gap or beside the row."""
    spans = sorted((node.y, node.y + node.height) if across else (node.x, node.x + node.width) for node in row)
    if all(wanted <= start - LANE_MARGIN or wanted >= end + LANE_MARGIN for start, end in spans):
        return wanted
    between = [(one[1] + other[0]) / 2 for one, other in pairwise(spans)]
    free = [spans[0][0] - LANE_MARGIN, *between, spans[-1][1] + LANE_MARGIN]
    return min(free, key=lambda lane: abs(lane - wanted))


def _start(node: Node, across: bool) -> float:
    return node.x if across else node.y


def _end(node: Node, across: bool) -> float:
    return node.x + node.width if across else node.bottom


def _middle(node: Node, across: bool) -> float:
    return node.y + node.height / 2 if across else node.middle


def _bend(along: float, beside: float, to: float, lane: float, across: bool) -> str:
    """An S from one place to another, leaving and arriving straight."""
    bend = max(1.0, (to - along) / 2)
    first, second = _point(along + bend, beside, across), _point(to - bend, lane, across)
    return f"C{first} {second} {_point(to, lane, across)}"


def _point(along: float, beside: float, across: bool) -> str:
    return f"{_n(along)} {_n(beside)}" if across else f"{_n(beside)} {_n(along)}"


def wrapped(title: str) -> list[str]:
    """The title in at most two lines; what does not fit ends in an ellipsis (the list has it whole)."""
    lines: list[str] = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= LINE_CHARACTERS or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    shown = [_cut(line) for line in lines[:TITLE_LINES]]
    if len(lines) > TITLE_LINES and not shown[-1].endswith("…"):
        shown[-1] = f"{shown[-1][: LINE_CHARACTERS - 1].rstrip()}…"
    return shown


def _cut(line: str) -> str:
    """A single word can be longer than a line."""
    return line if len(line) <= LINE_CHARACTERS else f"{line[: LINE_CHARACTERS - 1]}…"


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
