"""Markdown becomes HTML that is safe, keeps the outline of its page, and is rendered once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.core import prose


@pytest.mark.parametrize(
    ("source", "absent"),
    [
        ("<script>alert(1)</script>", "<script"),
        ("<img src=x onerror=alert(1)>", "<img"),
        ("[press](javascript:alert(1))", "href"),
        ("[press](data:text/html;base64,PHNjcmlwdD4=)", "href"),
        ("text <b onclick='x()'>bold</b>", "<b"),
    ],
)
def test_what_could_run_never_becomes_markup(source: str, absent: str) -> None:
    assert absent not in prose.render(source)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=200))
def test_no_source_gives_inline_script_or_style(source: str) -> None:
    html = prose.render(source).lower()
    assert "<script" not in html
    assert "<style" not in html


def test_first_heading_gets_the_level_of_its_place_and_the_others_keep_their_distance() -> None:
    html = prose.render("## One\n\n#### Deeper", heading=3)
    assert "<h3>One</h3>" in html
    assert "<h5>Deeper</h5>" in html


def test_levels_end_at_six() -> None:
    assert "<h6>Deep</h6>" in prose.render("# Top\n\n##### Deep", heading=4)


def test_code_is_coloured_by_classes_and_scrolls_by_keyboard() -> None:
    html = prose.render("```python\ndef f(): return 1\n```")
    assert 'class="hl-k"' in html
    assert 'tabindex="0"' in html
    assert "style=" not in html


def test_code_of_an_unknown_language_stays_as_it_is() -> None:
    assert "a &lt; b" in prose.render("```nonsuch\na < b\n```")


def test_table_cells_name_their_columns_and_figures_stand_right() -> None:
    html = prose.render("| rule | bytes |\n|---|---:|\n| kept | 31 |")
    assert '<th scope="col">rule</th>' in html
    assert '<td class="n">31</td>' in html


def test_pictures_of_other_hosts_are_links() -> None:
    html = prose.render("![a chart](https://example.org/x.png)")
    assert "<img" not in html
    assert 'href="https://example.org/x.png"' in html
    assert '<img src="/files/x.png" alt="a chart"' in prose.render("![a chart](/files/x.png)")


def test_links_leave_without_telling_where_from() -> None:
    assert 'rel="noopener noreferrer"' in prose.render("[there](https://example.org/)")


def test_one_line_has_no_paragraph() -> None:
    assert prose.prose_line("Use `analyse` *now*") == "Use <code>analyse</code> <em>now</em>"


def test_the_same_text_is_rendered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "rendered once, whoever asks"
    first = prose.prose_html(source, heading=3)
    monkeypatch.setattr(prose, "render", lambda *a, **k: pytest.fail("rendered again"))
    assert prose.prose_html(source, heading=3) == first


def test_the_place_is_part_of_what_is_kept() -> None:
    assert "<h2>" in prose.prose_html("# Place", heading=2)
    assert "<h4>" in prose.prose_html("# Place", heading=4)
