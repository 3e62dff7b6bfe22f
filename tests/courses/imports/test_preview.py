"""A program as a learner would read it: of a plan that is not applied, and of a release."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from courses.curriculum.export.release import release_reading
from courses.curriculum.preview import preview_of
from courses.models import Enrolment, Entity, ImportJob, Module, Release
from courses.services.imports import import_again, import_apply
from tests.cast import Cast
from tests.courses.imports.support import cast_tree, given, worked
from waymark.dashboard.selectors.learning import program_view


def planned(cast: Cast, *changes: tuple[str, str]) -> ImportJob:
    tree = cast_tree(*changes, only="north/") | cast_tree(only="catalog/")
    job = worked(given(cast.actor("program_admin"), tree))
    assert job.state == "ready", job.problem_text
    return job


def shown(cast: Cast, who: str, job: ImportJob, path: str = "") -> tuple[int, str]:
    address = reverse("import_preview", args=[job.uuid, "north"])
    answer = cast.browser(who).get(f"{address}{path}")
    return answer.status_code, answer.content.decode()


def test_a_plan_is_read_before_it_is_applied_and_nothing_is_written(cast: Cast) -> None:
    job = planned(cast, ("title: First steps", "title: First of all"), ("body of the north", "body of the far north"))
    before = (Release.objects.count(), Entity.objects.count(), Enrolment.objects.count())
    status, program = shown(cast, "program_admin", job)
    assert status == 200
    assert "First of all" in program
    assert "As it would be once this import is applied." in program
    assert "First of all" in shown(cast, "program_admin", job, "MOD-1/")[1]
    assert "The body of the far north reading." in shown(cast, "program_admin", job, "MOD-1/read/")[1]
    assert (Release.objects.count(), Entity.objects.count(), Enrolment.objects.count()) == before
    assert Module.objects.get(program=cast.north, key="MOD-1").title == "First steps"
    assert shown(cast, "program_admin", job, "MOD-9/")[0] == 404
    assert shown(cast, "other_program_admin", job)[0] == 404
    assert shown(cast, "instructor", job)[0] == 403


def test_what_is_locked_for_who_begins_is_locked_in_the_preview(cast: Cast) -> None:
    release = cast.north.releases.get(current=True)
    preview = preview_of(release_reading([release]), "north")
    assert preview is not None
    beginner = Enrolment.objects.create(
        learner=cast.stranger, program=cast.north, state="active", started_at=timezone.now()
    )
    view = program_view(beginner)
    states = {row.shape.key: row.state == "locked" for row in view.modules}
    states |= {each.shape.path: each.state == "locked" for row in view.modules for each in row.activities}
    locked = {path for path, is_locked in states.items() if is_locked}
    assert (locked, states.keys() - locked) == (
        {"MOD-2", "MOD-2/read"},
        {"MOD-1", "MOD-1/read", "MOD-1/lab", "MOD-1/quiz"},
    )
    assert {path: bool(preview["pages"][path]["conditions"]) for path in states} == states
    page = cast.browser("program_admin").get(reverse("release_preview_page", args=["north", 1, "MOD-2"]))
    assert "Why this module is locked" in page.content.decode()


def test_alternatives_are_shown_by_their_names(cast: Cast) -> None:
    reading = release_reading([cast.north.releases.get(current=True)])
    edge = next(each for each in reading.drafts.values() if each.kind == "requirement" and each.body["to"] == "MOD-1")
    for at_least, said in ((1, "MOD-1 First steps or some words"), (2, "2 of MOD-1 First steps, some words")):
        # MOD-2 is no alternative to itself.
        edge.body.update(to=None, any_of=["MOD-1", "MOD-2", "some words"], at_least=at_least)
        preview = preview_of(reading, "north")
        assert preview is not None
        assert preview["pages"]["MOD-2"]["conditions"] == [said]


def test_keys_and_what_only_staff_read_are_in_no_preview(cast: Cast) -> None:
    end = "solutions:\n  - {id: all, covers: Everything in it., note: It is hidden well.}\n"
    tree = cast_tree(only="north/") | cast_tree(only="catalog/")
    tree["north/module-1.yaml"] = f"{tree['north/module-1.yaml']}{end}"
    job = worked(given(cast.actor("program_admin"), tree))
    assert job.errors == 0, job.report["findings"]
    quiz = job.previews["north"]["pages"]["MOD-1/quiz"]
    assert quiz["questions"] == 2
    for staff_only in ("answer", "Is it so?", "hidden well", "Everything in it"):
        assert staff_only not in f"{job.previews}"


def test_a_preview_goes_with_its_plan(cast: Cast) -> None:
    job = planned(cast, ("title: First steps", "title: First of all"))
    import_again(actor=cast.actor("program_admin"), job=job)
    assert shown(cast, "program_admin", job)[0] == 404
    assert shown(cast, "program_admin", worked(job))[0] == 200


def test_any_release_can_be_read(cast: Cast) -> None:
    browser = cast.browser("program_admin")
    page = browser.get(reverse("release_preview", args=["north", 1])).content.decode()
    assert "Preview" in page
    assert "First steps" in page
    assert browser.get(reverse("release_preview", args=["north", 2])).status_code == 404


def test_what_everything_asks_for_is_said_once_and_locks_everything(cast: Cast) -> None:
    tree = cast_tree(only="north/") | cast_tree(only="catalog/")
    skill = "requirements:\n  - {id: patience, skill: Patience, strength: needs}\n"
    tree["north/program.yaml"] = f"{tree['north/program.yaml']}{skill}"
    job = worked(given(cast.actor("program_admin"), tree))
    assert job.errors == 0, job.report["findings"]
    preview = job.previews["north"]
    assert preview["conditions"] == ["Patience"]
    assert all("Patience" in preview["pages"][path]["conditions"] for path in ("MOD-1", "MOD-2", "MOD-1/read"))
    assert shown(cast, "program_admin", job)[1].count("Patience") == 1


def test_a_picture_that_only_an_apply_keeps_is_named_and_shown_as_its_words(cast: Cast) -> None:
    tree = cast_tree(("body of the north", "![The gate](gate.png) of the north"), only="north/")
    job = worked(
        given(
            cast.actor("program_admin"), tree | cast_tree(only="catalog/") | {"north/gate.png": b"\x89PNG\r\n\x1a\n1"}
        )
    )
    status, page = shown(cast, "program_admin", job, "MOD-1/read/")
    assert (status, "<img" in page) == (200, False), "a picture would be broken"
    assert "The gate" in page
    assert "Pictures and files are not here yet" in page
    assert "gate.png." in page
    import_apply(actor=cast.actor("program_admin"), job=job, plan_id=job.plan_id)
    page = shown(cast, "program_admin", worked(job), "MOD-1/read/")[1]
    assert "<img" in page
    assert "Pictures and files are not here yet" not in page
