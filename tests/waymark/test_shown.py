"""Numbers and times as people read them, in their language and zone."""

import datetime as dt
import zoneinfo
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from waymark.core import shown

NOW = dt.datetime(2025, 11, 20, 13, 5, tzinfo=dt.UTC)


def plain(value: str) -> str:
    return value.replace(shown.THIN, " ").replace(shown.FIXED, " ")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "–"),
        (8, "8"),
        (Decimal("8.4000"), "8.4"),
        (Decimal("0.125"), "0.12"),
        (1204, "1 204"),
        (Fraction(25, 3), "8.33"),
        (-2, "−2"),
        (0, "0"),
        (1234567.5, "1 234 567.5"),
    ],
)
def test_numbers_are_grouped_and_end_without_zeros(value: Any, expected: str) -> None:
    assert plain(shown.number(value)) == expected


def test_a_grade_says_out_of_what() -> None:
    assert shown.out_of(Decimal("8.4"), 10) == "8.4 of 10"
    assert shown.out_of(None, 10) == "– of 10"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, "1 point"),
        ("1", "1 point"),
        (Decimal("1.0"), "1 point"),
        (Fraction(3, 2), "1.5 points"),
        (0, "0 points"),
        ("20", "20 points"),
    ],
)
def test_points_are_counted_in_words(value: Any, expected: str) -> None:
    assert shown.points_in_words(value) == expected
    with translation.override("de"):
        assert shown.points_in_words(value).endswith("Punkt" if expected == "1 point" else "Punkte")


def test_the_decimal_sign_follows_the_language() -> None:
    with translation.override("de"):
        assert shown.number(Decimal("8.4")) == "8,4"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Fraction(9075, 10000), "90.7 %"),
        (Fraction(6996, 10000), "69.9 %"),  # not the 70 % that a rule asks for
        (Fraction(99999, 100000), "99.9 %"),
        (0.7, "70 %"),
        (None, "–"),
        (Fraction(1, 3), "33.3 %"),
    ],
)
def test_ratios_are_percent(value: Any, expected: str) -> None:
    assert plain(shown.percent(value)) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (6, 8, "6 to 8 h"),
        (6, None, "6 h"),
        (6, 6, "6 h"),
        (None, 8, "8 h"),
        (None, None, ""),
        (Decimal("1.5"), 2, "1.5 to 2 h"),
    ],
)
def test_hours_are_a_figure_or_a_range(low: Any, high: Any, expected: str) -> None:
    assert plain(shown.hours(low, high)) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.84, "0.8 s"),
        (40, "40 s"),
        (720, "12 min"),
        (5400, "1 h 30 min"),
        (7200, "2 h"),
        (dt.timedelta(minutes=5), "5 min"),
        (None, "–"),
    ],
)
def test_spans_have_two_units_at_most(seconds: Any, expected: str) -> None:
    assert plain(shown.duration(seconds)) == expected


def test_a_time_is_in_the_zone_of_the_person_and_can_name_it() -> None:
    with timezone.override(zoneinfo.ZoneInfo("Europe/Berlin")):
        assert shown.moment(NOW, now=NOW) == "Thu 20 Nov 14:05"
        assert shown.moment(NOW, now=NOW, zone=True) == "Thu 20 Nov 14:05 CET"
        assert shown.moment(NOW, now=NOW.replace(year=2026)) == "Thu 20 Nov 2025 14:05"


def test_words_in_another_language_are_marked_and_others_are_not() -> None:
    with translation.override("de"):
        assert shown.in_language("Git & <b>", "en") == '<span lang="en">Git &amp; &lt;b&gt;</span>'
        assert shown.in_language("Git & <b>", "de-AT") == "Git & <b>"
        assert shown.in_language("", "en") == ""
    assert shown.in_language("Git", "en") == "Git"
    assert shown.in_language("Git", None) == "Git"


def test_only_the_name_within_a_sentence_is_marked() -> None:
    with translation.override("de"):
        for sentence in ("Warum Git & <b> verschlossen ist", SafeString("Warum Git &amp; &lt;b&gt; verschlossen ist")):
            assert shown.naming(sentence, "Git & <b>", "en") == (
                'Warum <span lang="en">Git &amp; &lt;b&gt;</span> verschlossen ist'
            )
        assert shown.naming("Nichts davon", "Git", "en") == "Nichts davon"
        assert shown.naming("Nichts", "", "en") == "Nichts"


def test_dates_follow_the_language() -> None:
    with timezone.override(zoneinfo.ZoneInfo("Europe/Berlin")), translation.override("de"):
        assert shown.moment(NOW, now=NOW) == "Do, 20. Nov. 14:05"
        assert shown.moment(NOW, now=NOW.replace(year=2026)) == "Do, 20. Nov. 2025 14:05"
        assert shown.day(NOW) == "20. Nov. 2025"
        assert shown.long_day(NOW) == "Donnerstag, 20. November 2025"


def test_zones_without_letters_are_offsets() -> None:
    with timezone.override(zoneinfo.ZoneInfo("America/Sao_Paulo")):
        assert shown.moment(NOW, now=NOW, zone=True).endswith("UTC-03:00")


def test_a_day_is_the_day_of_the_person() -> None:
    late = dt.datetime(2025, 11, 20, 23, 30, tzinfo=dt.UTC)
    with timezone.override(zoneinfo.ZoneInfo("Europe/Berlin")):
        assert shown.day(late) == "21 Nov 2025"


@pytest.mark.parametrize(
    ("delta", "expected"),
    [
        (dt.timedelta(seconds=20), "now"),
        (dt.timedelta(minutes=40), "in 40 min"),
        (dt.timedelta(hours=-3), "3 h ago"),
        (dt.timedelta(hours=22), "tomorrow"),
        (dt.timedelta(hours=-22), "yesterday"),
        (dt.timedelta(days=5), "in 5 days"),
        (dt.timedelta(days=-10), "10 days ago"),
    ],
)
def test_how_far_off_counts_days_of_the_calendar(delta: dt.timedelta, expected: str) -> None:
    assert plain(shown.from_now(NOW + delta, NOW)) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1", "Safari on iPhone"),
        ("curl/8.1", "curl"),
        ("", "Unknown browser"),
    ],
)
def test_browsers_are_named_in_words(header: str, expected: str) -> None:
    assert shown.browser(header) == expected
