"""Manage > Curricula > Content: what staff read of a release, and where it was read."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import StaffRight
from tests.cast import PASSWORD, Cast, person_make
from tests.courses.planning.documents import DOCUMENTS
from tests.courses.planning.support import WHOLE, ran
from tests.courses.projecting import write_tree

pytestmark = pytest.mark.django_db
ENGINEER = "engineer"
DATA = "data-engineer"


@pytest.fixture
def admin() -> Client:
    """A site admin, with a native tree and a program of documents applied."""
    person = person_make("admin")
    StaffRight.objects.create(person=person, role="admin")
    browser = Client()
    assert browser.login(username=person.email, password=PASSWORD)
    return browser


def applied(root: Path, files: dict[str, str]) -> None:
    write_tree(root, files)
    code, _, err = ran("apply", root)
    assert code == 0, err


def sections(browser: Client, name: str, **where: str) -> dict[str, str]:
    """Title of each section -> its words, in the order of the page."""
    answer = browser.get(reverse(name, kwargs=where))
    assert answer.status_code == 200
    page = re.findall(r'<section aria-labelledby="\w+"[^>]*>(.*?)</section>', answer.content.decode(), re.S)
    words = [" ".join(unescape(re.sub(r"<[^>]+>", " ", each)).split()) for each in page]
    titles = [re.search(r"<h2[^>]*>(.*?)</h2>", each, re.S) for each in page]
    return {unescape(title[1]): text for title, text in zip(titles, words, strict=True) if title}


def test_the_outline_has_every_part_of_a_program_in_the_order_of_the_template(admin: Client, tmp_path: Path) -> None:
    applied(tmp_path, WHOLE)
    page = sections(admin, "program_content", slug=ENGINEER)
    assert list(page) == [
        "About the program", "Modules", "Projects", "Objectives", "Before and after", "Learning paths", "Pace",
        "Outlook", "Where it was read",
    ]  # fmt: skip
    assert "Production first" in page["About the program"]
    assert "Target for completion at least 80 %" in page["About the program"]
    assert page["Modules"].index("MOD-102 Cloud") < page["Modules"].index("MOD-101 Foundations")
    assert "MOD-005 Docker basics optional Junior" in page["Modules"]
    assert "MOD-101/101-04 An image Start" in page["Learning paths"]
    assert "90 000\N{EN DASH}120 000 USD" in page["Outlook"]
    assert "every module is complete" in page["Before and after"]


def test_a_module_shows_what_is_for_staff_too(admin: Client, tmp_path: Path) -> None:
    applied(tmp_path, WHOLE)
    page = sections(admin, "content_module", slug=ENGINEER, key="MOD-101")
    assert list(page) == [
        "Overview", "Objectives", "Competency targets", "Before and after", "Outline", "Practice and assessment",
        "Solutions plan", "Resources and tooling", "Checklists", "Risks", "Approvals and readiness",
        "Where it was read",
    ]  # fmt: skip
    assert "Containers Engineer A review Working A review" in page["Competency targets"]
    assert "junior:MOD-005 Docker basics Images are known." in page["Before and after"]
    assert "2 of python, junior:MOD-005 Docker basics, Some shell" in page["Before and after"]
    assert "Gate The setup works. 101-04 opens when setup is passed." in page["Before and after"]
    assert "Done when Small, It runs Validation Strict" in page["Practice and assessment"]
    assert "For learners after passing" in page["Solutions plan"]
    assert "Impact: high Likelihood: low Gate: ready" in page["Risks"]
    assert "Content review Lead Since 2025-01-31 Approved" in page["Approvals and readiness"]


def test_a_module_of_another_program_is_shown_as_its_owner_releases_it(admin: Client, tmp_path: Path) -> None:
    applied(tmp_path, WHOLE)
    assert "Images and containers." in sections(admin, "content_module", slug=ENGINEER, key="MOD-005")["Overview"]


def test_activities_show_what_learners_are_not_told(admin: Client, tmp_path: Path) -> None:
    applied(tmp_path, WHOLE)
    lab = sections(admin, "content_activity", slug=ENGINEER, path="MOD-101/101-04")
    assert "size <= 200 MB" in lab["What is asked for"]
    assert "Docker 24 (Images) , Python" in lab["What is asked for"]
    assert "Builds command, 1 point" in lab["Checks"]
    assert "Is it so?" in sections(admin, "content_activity", slug=ENGINEER, path="MOD-102/quiz")["Questions"]
    assert "True" in sections(admin, "content_activity", slug=ENGINEER, path="MOD-102/quiz")["Questions"]
    project = sections(admin, "content_activity", slug=ENGINEER, path="PROJ-201")
    assert "Plan With staff: Kick-off 4 h Build 20+ h" in project["Phases"]


def test_the_catalogue_says_where_a_program_leads_and_which_paths_it_has(admin: Client, tmp_path: Path) -> None:
    applied(tmp_path, WHOLE)
    page = sections(admin, "catalogue_program", slug=ENGINEER)
    assert "Quick Best for: Those in a hurry 2 steps, 6 to 8 h" in page["Learning paths"]
    assert "Production first" in page["Approach"]
    assert "20 weeks" in page["Pace"]
    assert "Roles it leads to Architect MOD-005, MOD-101" in page["Outlook"]
    assert "Next steps Lead a team" in page["Outlook"]


def test_what_programs_share_has_a_page(admin: Client, tmp_path: Path) -> None:
    applied(tmp_path, WHOLE)
    page = sections(admin, "content_shared", slug=ENGINEER)
    assert "Platform Containers containers Aware Names what an image is. A talk" in page["Competencies"]
    assert "Languages Python" in page["Technologies"]
    assert "ruff check Tools: ruff" in page["Ways of checking"]
    assert "Hard **" in page["Scales"]


def test_a_stated_total_stands_beside_what_its_parts_come_to(admin: Client, tmp_path: Path) -> None:
    applied(tmp_path, DOCUMENTS)
    stated = sections(admin, "program_content", slug=DATA)["As documents state it"]
    assert "Total hours 30 35 h differs plan.yaml:10" in stated


def test_exercises_are_the_elective_labs(admin: Client, tmp_path: Path) -> None:
    head = "title: Small, summary: Short."
    labs = f"labs:\n  - {{id: lab-1, {head}}}\n  - {{id: lab-2, required: false, {head}}}\n"
    stated = 'stated: [{what: Number of exercises, value: "1", source: "index.md:1"}]\n'
    files = {
        "role.yaml": f"{{kind: role, id: small, level: mid, order: 3, {head}}}",
        "program.yaml": f"kind: program\nid: small\nrole: small\nmodules: [MOD-1]\ntitle: Small\nsummary: Short.\n"
        f"{stated}",
        "mod.yaml": f"kind: module\nid: MOD-1\ntitle: One\nsummary: Short.\n{labs}",
    }
    applied(tmp_path, files)
    said = sections(admin, "program_content", slug="small")["As documents state it"]
    assert "Number of exercises 1 1 agrees" in said


def test_every_section_says_where_it_was_read(admin: Client, tmp_path: Path) -> None:
    applied(tmp_path, DOCUMENTS)
    page = sections(admin, "content_module", slug=DATA, key="MOD-501")
    assert page["Competency targets"].startswith("Competency targets Read from pipes.md:20 ")
    assert page["Outline"].startswith("Outline Read from pipes.md:24\N{EN DASH}25 ")
    assert "6 module:MOD-501.title" in page["Where it was read"]


def test_instructors_come_from_the_page_about_the_program(cast: Cast) -> None:
    answer = cast.browser("instructor").get(reverse("program_content", kwargs={"slug": "north"})).content.decode()
    assert reverse("catalogue_program", kwargs={"slug": "north"}) in answer
    assert f'href="{reverse("curriculum_program", kwargs={"slug": "north"})}"' not in answer
    about = reverse("catalogue_program", kwargs={"slug": "north"})
    link = f'href="{reverse("program_content", kwargs={"slug": "north"})}"'
    assert link in cast.browser("instructor").get(about).content.decode()
    assert link not in cast.browser("learner").get(about).content.decode()


def test_what_is_not_there_is_not_found(admin: Client, tmp_path: Path) -> None:
    applied(tmp_path, WHOLE)
    for name, where in (
        ("program_content", {"slug": "nowhere"}),
        ("content_module", {"slug": ENGINEER, "key": "MOD-9"}),
        ("content_activity", {"slug": ENGINEER, "path": "MOD-101/none"}),
        ("content_activity", {"slug": "junior", "path": "MOD-101/101-04"}),
    ):
        assert admin.get(reverse(name, kwargs=where)).status_code == 404, where
