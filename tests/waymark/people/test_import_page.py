"""Manage > People > Import a list: the preview is a page, and applying it does what it showed."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from courses.curriculum.sources.text import MAX_BYTES
from courses.models import Enrolment, Invitation
from courses.services.enrolment import enrolment_start
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def upload(browser: Client, text: str | bytes) -> HttpResponse:
    data = text if isinstance(text, bytes) else text.encode()
    return browser.post(reverse("people_import"), {"file": SimpleUploadedFile("autumn.csv", data)})


def hidden(page: HttpResponse) -> dict[str, str]:
    """The fields of the form that applies, as a browser sends them back."""
    found = re.findall(r'<input type="hidden" name="(name|text|preview)" value="([^"]*)"', page.content.decode())
    # Browsers send line ends as CRLF.
    return {name: unescape(value).replace("\n", "\r\n") for name, value in found}


def test_a_list_is_previewed_and_then_applied(cast: Cast) -> None:
    browser = cast.browser("program_admin")
    text = (
        "email,name,program,cohort\n"
        f'{cast.stranger.email},"Two\nlines & <b>more</b>",north,one\n'
        f"{cast.learner.email},,north,one\nnew@demo.test,,north,two\n"
    )
    page = upload(browser, text)
    assert page.status_code == 200
    shown = page.content.decode()
    assert "Begins in Cohort one." in shown
    assert "Is in Cohort one already." in shown
    assert "Is invited: Cohort two." in shown
    assert "Apply 2 rows" in shown
    assert not Enrolment.objects.filter(learner=cast.stranger).exists()
    answer = browser.post(reverse("people_import_apply"), hidden(page), follow=True)
    assert answer.redirect_chain == [(reverse("people"), 302)]
    assert "autumn.csv: 2 rows changed something." in answer.content.decode()
    assert Enrolment.objects.filter(learner=cast.stranger, cohort=cast.cohort).exists()
    assert Invitation.objects.filter(email="new@demo.test", cohort=cast.other_cohort).exists()


def test_faults_are_shown_with_their_lines_and_nothing_can_be_applied(cast: Cast) -> None:
    page = upload(cast.browser("program_admin"), "email,program,cohort\nnobody,north,one\na@demo.test,south,one\n")
    assert page.status_code == 400
    shown = unescape(page.content.decode())
    assert "To be corrected first" in shown
    assert "'nobody' is no e-mail address." in shown
    assert "There is no program 'south' that you are staff of." in shown
    assert "Line 2" in shown
    assert "Worth knowing" not in shown
    assert hidden(page) == {}


def test_what_is_only_worth_knowing_is_not_among_the_faults(cast: Cast) -> None:
    page = upload(cast.browser("program_admin"), "email,program,cohort,shoe\nnobody,north,one,43\n")
    shown = unescape(page.content.decode())
    faults, _, notes = shown.partition("Worth knowing")
    assert "'nobody' is no e-mail address." in faults.partition("To be corrected first")[2]
    assert "These columns are not read: shoe." in notes
    assert "These columns are not read" not in faults


def test_what_has_changed_since_the_preview_is_shown_instead(cast: Cast) -> None:
    browser = cast.browser("program_admin")
    page = upload(browser, f"email,program,cohort\n{cast.stranger.email},north,one\n")
    enrolment_start(actor=cast.actor("stranger"), learner=cast.stranger, program=cast.north, cohort=cast.other_cohort)
    answer = browser.post(reverse("people_import_apply"), hidden(page))
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "This is no longer what the preview showed; nothing was applied." in shown
    assert "Moves from Cohort two to Cohort one." in shown
    assert browser.post(reverse("people_import_apply"), hidden(answer)).status_code == 302
    assert Enrolment.objects.get(learner=cast.stranger).cohort == cast.cohort


def test_a_form_without_a_file_and_files_that_are_none_are_answered(cast: Cast) -> None:
    browser = cast.browser("program_admin")
    assert browser.post(reverse("people_import")).status_code == 400
    for data in (b"", b"\xff\xfe\x00", b"x" * (MAX_BYTES + 1)):
        assert upload(browser, data).status_code == 400
    assert "The file has more than 2.0" in upload(browser, b"x" * (MAX_BYTES + 1)).content.decode()
    # A preview that was never one leads back to the form.
    assert browser.post(reverse("people_import_apply"), {"text": "x"}).url == reverse("people_import")
