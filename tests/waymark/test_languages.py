"""German is shipped whole: every text of the site has a translation that fits it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from courses.models import Enrolment
from courses.words import state_word
from grading.policy.sentences import SENTENCES

CATALOGUE = Path(settings.LOCALE_PATHS[0]) / "de" / "LC_MESSAGES" / "django.po"
PLACES = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%%|</?\w[^>]*>")
SOURCES = ("platform", "courses", "assessments", "grading")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def texts(entry: polib.POEntry) -> list[tuple[str, str]]:
    """Pairs of a text and its translation; of a plural the second forms."""
    if entry.msgid_plural:
        return [(entry.msgid_plural, entry.msgstr_plural.get(1, ""))]
    return [(entry.msgid, entry.msgstr)]


def test_every_text_is_translated_with_the_same_places(catalogue: polib.POFile) -> None:
    wrong = []
    for entry in catalogue:
        for source, target in texts(entry):
            if "fuzzy" in entry.flags or not target.strip():
                wrong.append(f"not translated: {source!r}")
            elif sorted(PLACES.findall(source)) != sorted(PLACES.findall(target)):
                wrong.append(f"other places: {source!r} -> {target!r}")
    assert not wrong, "\n".join(wrong)


def test_what_is_shipped_is_what_the_catalogue_says(catalogue: polib.POFile) -> None:
    assert CATALOGUE.with_suffix(".mo").read_bytes() == catalogue.to_binary(), "run: make messages"


def test_the_catalogue_has_every_text_of_the_site(catalogue: polib.POFile, tmp_path: Path) -> None:
    if shutil.which("xgettext") is None:
        message = "xgettext is not here: install the package gettext to compare the catalogue with the sources"
        assert os.environ.get("CI") != "true", message
        pytest.skip(message)
    for name in SOURCES:
        shutil.copytree(
            settings.BASE_DIR / name, tmp_path / name, ignore=shutil.ignore_patterns("node_modules", "*.pyc")
        )
    shutil.copy(settings.BASE_DIR / "manage.py", tmp_path)
    subprocess.run(
        [sys.executable, "-m", "waymark.embedded.messages", str(tmp_path)], check=True, capture_output=True,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}:{tmp_path / 'platform'}"}, cwd=tmp_path,
    )  # fmt: skip
    found = polib.pofile(str(tmp_path / CATALOGUE.relative_to(settings.BASE_DIR)))
    ours, theirs = ({(entry.msgctxt, entry.msgid) for entry in each} for each in (catalogue, found))
    assert ours == theirs, f"run: make messages, then translate {sorted(map(str, theirs - ours))}"


@pytest.mark.django_db
def test_visitors_choose_the_language_at_the_foot_of_the_page() -> None:
    browser = Client()
    assert "Anmelden" not in browser.get("/accounts/login/").content.decode()
    assert browser.post("/language/", {"language": "de", "next": "/accounts/login/"}).status_code == 302
    page = browser.get("/accounts/login/").content.decode()
    assert '<html lang="de"' in page
    assert "Anmelden" in page


@pytest.mark.django_db
def test_a_refusal_speaks_the_reader_s_language(client: Client) -> None:
    chosen = {"theme": "pink"}
    assert "There is no theme “pink”." in client.post("/theme/", chosen).content.decode()
    said = client.post("/theme/", chosen, headers={"Accept-Language": "de"})
    assert said.status_code == 400
    page = said.content.decode()
    assert "Ein Farbschema „pink“ gibt es nicht." in page
    assert "Wählen Sie hell, dunkel oder wie das Gerät." in page


def test_every_state_of_an_enrolment_has_its_word() -> None:
    assert [state_word(state) for state in Enrolment.State.values] == [
        label.lower() for label in Enrolment.State.labels
    ]  # fmt: skip
    with translation.override("de"):
        assert state_word("paused") == "pausiert"


def test_every_reason_of_a_grade_is_said_in_german() -> None:
    with translation.override("de"):
        assert [text for text in SENTENCES.values() if translation.gettext(text) == text] == []
