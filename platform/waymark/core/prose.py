"""Markdown of curricula, questions and comments as HTML that is safe to show.

CommonMark with tables, strikethrough, task lists and definition lists; code
coloured by Pygments with classes (the policy of the site forbids inline style).
Raw HTML in a source is shown as text, and what comes out is
cleaned once more against a list of what may pass, so a fault in the parser
does not become a script on a page. Results are cached by the hash of the
source: the same text is rendered once per process.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import MutableMapping, Sequence
from functools import lru_cache
from typing import Any

import nh3
from django.core.cache import caches
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.tasklists import tasklists_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from waymark.core.stored import address_of

VERSION = 2
"""Part of the cache key; raise it when the output for the same source changes."""

TAGS = frozenset(
    {"a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h2", "h3", "h4", "h5", "h6"}
    | {"hr", "i", "img", "input", "kbd", "label", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "sup"}
    | {"table", "tbody", "td", "th", "thead", "tr", "ul"}
)
ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class"},
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height", "loading"},
    "input": {"type", "checked", "disabled"},
    "li": {"value"},
    "ol": {"start"},
    "pre": {"tabindex"},
    "div": {"tabindex"},
    "th": {"scope"},
}
SCHEMES = {"http", "https", "mailto"}
Environment = MutableMapping[str, Any]
"""What one rendering carries along: ``heading``, the shift of its heading levels."""

_ELSEWHERE = re.compile(r"https?:|mailto:|//", re.IGNORECASE)


class _Renderer(RendererHTML):
    """The few places where this look differs from plain CommonMark."""

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        token = tokens[idx]
        language = token.info.strip().split(maxsplit=1)[0] if token.info.strip() else ""
        return code_block(token.content, language)

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        return code_block(tokens[idx].content, "")

    def heading_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        tokens[idx].tag = _level(tokens[idx].tag, env)
        return self.renderToken(tokens, idx, options, env)

    def heading_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        tokens[idx].tag = _level(tokens[idx].tag, env)
        return self.renderToken(tokens, idx, options, env)

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        return '<div class="wm-scroll" tabindex="0"><table class="wm-table">\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        return "</table></div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        return f'<th scope="col"{_numeric(tokens[idx])}>'

    def td_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        return f"<td{_numeric(tokens[idx])}>"

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        address = address_shown(str(tokens[idx].attrs.get("href", "")))
        env["linked"] = address is not None
        if address is None:
            return ""
        tokens[idx].attrSet("href", address)
        tokens[idx].attrSet("class", "wm-link")
        return self.renderToken(tokens, idx, options, env)

    def link_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        return self.renderToken(tokens, idx, options, env) if env.get("linked") else ""

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        token = tokens[idx]
        source = str(token.attrs.get("src", ""))
        alt = self.renderInlineAsText(token.children or [], options, env)
        address = address_shown(source)
        if address is None:
            # A path beside a document that is not here: its words are better than a broken picture.
            return escape(alt)
        if _ELSEWHERE.match(address):
            # Pictures of other hosts are never loaded (privacy, and the policy forbids it): a link instead.
            return f'<a class="wm-link" href="{escape(address)}">{escape(alt or address)}</a>'
        return f'<img src="{escape(address)}" alt="{escape(alt)}" loading="lazy">'


def address_shown(target: str) -> str | None:
    """The address that a page has for what a text links to.

    Stored files have one of ours (``waymark.core.stored``), addresses of the site and of
    others stay. None for a path of the text's own tree, and for what a browser would run.
    """
    if target.startswith("stored:"):
        return address_of(target)
    return target if target.startswith(("/", "#")) or _ELSEWHERE.match(target) else None


def _level(tag: str, env: Environment) -> str:
    return f"h{min(6, int(tag[1]) - 1 + env['heading'])}"


def _numeric(token: Token) -> str:
    """Right-aligned columns are figures; other alignments are left to the look."""
    return ' class="n"' if "right" in str(token.attrs.get("style", "")) else ""


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False}, renderer_cls=_Renderer)
    parser.enable(["table", "strikethrough"])
    parser.use(deflist_plugin).use(tasklists_plugin, label=True)
    return parser


@lru_cache(maxsize=1)
def _formatter() -> HtmlFormatter[str]:
    return HtmlFormatter(nowrap=True, classprefix="hl-")


def code_block(source: str, language: str) -> str:
    """Coloured code that scrolls in its own region; an unknown language stays plain."""
    try:
        coloured = highlight(source, get_lexer_by_name(language, stripnl=False), _formatter())
    except ClassNotFound:
        coloured = str(escape(source))
    return f'<pre class="wm-src wm-hl" tabindex="0"><code>{coloured}</code></pre>\n'


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
        set_tag_attribute_values={"input": {"type": "checkbox", "disabled": ""}},
    )


def _headings_start(source_tokens: Sequence[Token]) -> int:
    """The highest heading level that a source uses, 1 when it has none."""
    return min((int(token.tag[1]) for token in source_tokens if token.type == "heading_open"), default=1)


def render(source: str, *, heading: int = 2) -> str:
    """HTML of a Markdown text, not cached.

    :param heading: the level that the highest heading of the text gets, from 2
        to 6; the others keep their distance.
    """
    parser = _parser()
    env: dict[str, Any] = {}
    tokens = parser.parse(source, env)
    env["heading"] = heading - _headings_start(tokens) + 1
    return _clean(parser.renderer.render(tokens, parser.options, env))


def render_line(source: str) -> str:
    """HTML of the inline Markdown of one line, not cached; blocks are not read."""
    return _clean(_parser().renderInline(source, {"heading": 2}))


def _cached(kind: str, source: str) -> str:
    digest = hashlib.sha256(source.encode()).hexdigest()
    key = f"prose:{VERSION}:{kind}:{digest}"
    cache = caches["local"]
    html = cache.get(key)
    if html is None:
        html = render_line(source) if kind == "line" else render(source, heading=int(kind))
        cache.set(key, html, timeout=None)
    return str(html)


def prose_html(source: str, *, heading: int = 2) -> SafeString:
    """Markdown as safe HTML, from the cache where it was rendered before."""
    return mark_safe(_cached(str(heading), source)) if source.strip() else mark_safe("")  # noqa: S308 - cleaned above


def prose_line(source: str) -> SafeString:
    """One line of Markdown as safe inline HTML."""
    return mark_safe(_cached("line", source)) if source.strip() else mark_safe("")  # noqa: S308 - cleaned above
