"""Numbers, spans and times as a person reads them, in the active language and zone."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

from django.utils import formats, timezone
from django.utils.dateformat import format as date_format
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

DASH = "\N{EN DASH}"
THIN = "\N{NARROW NO-BREAK SPACE}"
FIXED = "\N{NO-BREAK SPACE}"

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("python", "Python"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
"""Marks in a User-Agent header, in the order to look for them: each browser names the older ones too."""

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def _decimal(value: Any, places: int, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    number_ = value if isinstance(value, Decimal) else Decimal(str(value))
    return number_.quantize(Decimal(1).scaleb(-places), rounding=rounding)


def number(value: Any, places: int | None = None) -> str:
    """A figure grouped by thin spaces from 1 000 on.

    :param places: digits after the point, always shown; None shows up to two
        and drops trailing zeros.
    """
    if value is None or value == "":
        return DASH
    rounded = _decimal(value, 2 if places is None else places)
    whole, _point, rest = f"{abs(rounded):f}".partition(".")
    if places is None:
        rest = rest.rstrip("0")
    grouped = f"{int(whole):,}".replace(",", THIN)
    sign = "\N{MINUS SIGN}" if rounded < 0 else ""
    return f"{sign}{grouped}{formats.get_format('DECIMAL_SEPARATOR') + rest if rest else ''}"


def points(value: Any) -> str:
    """Points with at most two places; a dash for what is not there."""
    return number(value)


def points_in_words(value: Any) -> str:
    """``1 point``, ``8.4 points``; of a figure, or of one as a revision stores it, in a string."""
    said = points(value)
    return ngettext("%(points)s point", "%(points)s points", 1 if said == "1" else 2) % {"points": said}


def other_language(language: str | None) -> str:
    """*language* if it is not that of the page, else nothing: for ``lang`` (WCAG 2.2, 3.1.2 Language of Parts)."""
    same = not language or language.partition("-")[0] == (get_language() or "").partition("-")[0]
    return "" if same else str(language)


def in_language(content: Any, language: str | None) -> str:
    """Words of the curriculum inside a page, marked where they are in another language than the page."""
    other = other_language(language)
    return format_html('<span lang="{}">{}</span>', other, content) if other and content else str(content)


def naming(sentence: str, name: str, language: str | None) -> str:
    """A sentence of the page that names something of the curriculum: the name is marked, the rest is not."""
    if not name or not other_language(language):
        return sentence
    before, found, after = conditional_escape(sentence).partition(escape(name))
    if not found:
        return sentence
    return SafeString(f"{before}{in_language(SafeString(found), language)}{after}")


def out_of(value: Any, total: Any) -> str:
    """A number with its meaning: ``8.4 of 10``."""
    return _("%(value)s of %(total)s") % {"value": number(value), "total": number(total)}


def percent(value: Decimal | Fraction | float | None) -> str:
    """A ratio from 0 to 1 in percent, with one place where it has one: ``90 %``, ``90.7 %``.

    Never more than it is: 69.96 % beside a rule of 70 % must not read as if it were met.
    """
    if value is None:
        return DASH
    ratio = value if isinstance(value, Fraction) else Fraction(str(value))
    return in_percent(ratio * 100)


def in_percent(value: Decimal | Fraction | float | None) -> str:
    """As :func:`percent`, from a figure that is in percent already."""
    return DASH if value is None else f"{number(_decimal(value, 1, ROUND_FLOOR))}{FIXED}%"


def hours(low: Any, high: Any = None) -> str:
    """Hours of work, or a range of them; empty when nothing is known."""
    if low is None and high is None:
        return ""
    if low is None or high is None or low == high:
        return f"{number(high if low is None else low)}{FIXED}h"
    return _("%(low)s to %(high)s h") % {"low": number(low), "high": number(high)}


def duration(seconds: Any) -> str:
    """A span of time with two units at most."""
    if seconds is None:
        return DASH
    span = seconds.total_seconds() if isinstance(seconds, dt.timedelta) else float(seconds)
    if span < 10:
        return f"{number(span, 1)}{FIXED}s"
    if span < 100:
        return f"{round(span)}{FIXED}s"
    minutes = round(span / MINUTE)
    if minutes < 60:
        return f"{minutes}{FIXED}min"
    whole, rest = divmod(minutes, 60)
    return f"{number(whole)}{FIXED}h" + (f" {rest}{FIXED}min" if rest else "")


def zone_abbreviation(moment: dt.datetime) -> str:
    """``CET``; zones that have no letters are shown as an offset, ``UTC+05:30``."""
    name = moment.tzname() or "UTC"
    if name.lstrip("+-").isdigit():
        sign, figures = name[0], name[1:].ljust(4, "0")
        return f"UTC{sign}{figures[:2]}:{figures[2:]}"
    return name


def moment(value: dt.datetime, *, zone: bool = False, now: dt.datetime | None = None) -> str:
    """Weekday, day, month and time in the active zone; the year only if it is not this one."""
    local = timezone.localtime(value)
    this_year = timezone.localtime(now or timezone.now()).year
    if local.year == this_year:
        # Translators: a pattern of Django's date filter, in the order and with the marks of the language.
        pattern = pgettext("date pattern", "D j M H:i")
    else:
        pattern = pgettext("date pattern", "D j M Y H:i")
    shown = date_format(local, pattern)
    return f"{shown} {zone_abbreviation(local)}" if zone else shown


def day(value: dt.datetime | dt.date) -> str:
    """Day, month and year; a datetime is first brought into the active zone."""
    local = timezone.localtime(value) if isinstance(value, dt.datetime) else value
    return date_format(local, pgettext("date pattern", "j M Y"))


def long_day(value: dt.datetime | dt.date) -> str:
    """Weekday, day, month and year in full."""
    local = timezone.localtime(value) if isinstance(value, dt.datetime) else value
    return date_format(local, pgettext("date pattern", "l j F Y"))


def from_now(value: dt.datetime, now: dt.datetime) -> str:
    """How far off: calendar days from one day on, hours and minutes below."""
    seconds = (value - now).total_seconds()
    ahead = seconds >= 0
    if abs(seconds) < MINUTE:
        return _("now")
    days = abs((timezone.localtime(value).date() - timezone.localtime(now).date()).days)
    if abs(seconds) < DAY / 2 or days == 0:
        minutes = round(abs(seconds) / MINUTE)
        span = f"{minutes}{FIXED}min" if minutes < 60 else f"{round(minutes / 60)}{FIXED}h"
    elif days == 1:
        return _("tomorrow") if ahead else _("yesterday")
    else:
        span = ngettext("%(days)s day", "%(days)s days", days) % {"days": number(days)}
    return (_("in %(span)s") if ahead else _("%(span)s ago")) % {"span": span}


def browser(user_agent: str) -> str:
    """Browser and system of a User-Agent header in words; for showing only, headers can say anything."""
    name = next((name for mark, name in BROWSERS if mark in user_agent), _("Unknown browser"))
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return _("%(browser)s on %(system)s") % {"browser": name, "system": system} if system else name
