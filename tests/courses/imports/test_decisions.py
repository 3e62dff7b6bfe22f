"""Settling findings: once, with a reason, until one of their lines changes."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from courses.models import FindingDecision, Gate, ImportJob, Module, Release
from courses.services.import_decisions import GateWanted, finding_settle, finding_unsettle
from courses.services.import_work import job_do
from courses.services.imports import import_again, import_apply
from tests.cast import Cast
from tests.courses.imports.support import cast_tree, given, packed, worked
from tests.courses.imports.test_api import LIST, asked, code
from tests.courses.planning.support import ran
from waymark.core.errors import Forbidden, Invalid, Missing, Refused
from waymark.core.models import AuditEntry

LOCKS = "requirements:\n  - {to: MOD-77, strength: needs}\n"
OTHERS = "requirements:\n  - {to: MOD-77, strength: recommended}\n"
WHY = "MOD-77 comes next year."


def tree_with(end: str, **more: str) -> dict[str, str | bytes]:
    """The curriculum of *north* with *end* at the end of its first module."""
    tree = cast_tree(("title: First steps", "title: First of all"), only="north/") | cast_tree(only="catalog/")
    return {**tree, "north/module-1.yaml": f"{tree['north/module-1.yaml']}{end}", **more}


def planned(cast: Cast, end: str, who: str = "program_admin", **more: Any) -> ImportJob:
    job = worked(given(cast.actor(who), tree_with(end), **more))
    assert job.state == "ready", job.problem_text
    return job


def only(job: ImportJob) -> tuple[dict[str, Any], dict[str, Any]]:
    """The finding about MOD-77 with what is shown of it."""
    (place,) = [n for n, each in enumerate(job.report["findings"]) if "MOD-77" in each["message"]]
    return job.report["findings"][place], job.excerpts[place]


def settled(cast: Cast, job: ImportJob, who: str = "program_admin", reason: str = WHY) -> ImportJob:
    job = finding_settle(actor=cast.actor(who), job=job, key=only(job)[1]["key"], reason=reason)
    job.refresh_from_db()
    return job


# -- settled and so it stays ------------------------------------------------------------
def test_a_settled_warning_stays_settled_until_its_line_changes(cast: Cast) -> None:
    first = planned(cast, OTHERS)
    assert only(first)[0]["settled"] is None
    before = first.plan_id
    first = settled(cast, first)
    finding, excerpt = only(first)
    assert (finding["settled"], excerpt["reason"]) == ("settled", WHY)
    assert first.plan_id == first.plan["id"] != before, "the plan's id depends on decisions"
    again = planned(cast, f"resources: []\n{OTHERS}")
    assert only(again)[0]["settled"] == "settled", "its line moved"
    other = planned(cast, OTHERS.replace("recommended}", "recommended, reason: Useful}"))
    assert only(other)[0]["settled"] is None, "its line is another one"


def test_the_plan_of_what_was_settled_is_applied_as_it_is(cast: Cast) -> None:
    job = settled(cast, planned(cast, OTHERS))
    import_apply(actor=cast.actor("program_admin"), job=job, plan_id=job.plan_id)
    job = worked(job)
    assert (job.state, job.problem_text) == ("applied", "")


def test_a_plan_from_before_a_decision_is_stale(cast: Cast) -> None:
    old, new = planned(cast, OTHERS), planned(cast, OTHERS)
    settled(cast, new)
    import_apply(actor=cast.actor("program_admin"), job=old, plan_id=old.plan_id)
    old = worked(old)
    assert (old.state, old.problem) == ("ready", "import_stale")
    again = worked(import_again(actor=cast.actor("program_admin"), job=old))
    assert only(again)[0]["settled"] == "settled"


def test_an_error_is_settled_by_an_admin_and_is_then_without_effect(cast: Cast) -> None:
    job = planned(cast, LOCKS)
    assert job.errors == 1
    job = settled(cast, job)
    assert job.errors == 0
    import_apply(actor=cast.actor("program_admin"), job=job, plan_id=job.plan_id)
    job = worked(job)
    assert (job.state, job.problem_text) == ("applied", "")
    assert Module.objects.get(program=cast.north, key="MOD-1").title == "First of all"
    entry = AuditEntry.objects.get(action="finding.settled")
    assert (entry.person, entry.reason, entry.details["severity"]) == (cast.program_admin, WHY, "error")
    made = AuditEntry.objects.get(action="curriculum.applied", details__release=2, subject=f"program:{cast.north.pk}")
    assert [each.split()[0] for each in made.details["settled"]] == [only(job)[0]["rule"]]
    once_more = planned(cast, LOCKS.replace("requirements", "\nrequirements"))
    assert (once_more.errors, only(once_more)[0]["settled"]) == (0, "settled")


def test_taking_a_decision_back_opens_the_finding_again(cast: Cast) -> None:
    job = planned(cast, LOCKS)
    before = job.plan_id
    job = settled(cast, job)
    job = finding_unsettle(actor=cast.actor("program_admin"), job=job, key=only(job)[1]["key"])
    job.refresh_from_db()
    assert (job.errors, only(job)[0]["settled"], only(job)[1]["reason"]) == (1, None, "")
    assert job.plan_id == before
    assert not FindingDecision.objects.exists()
    assert AuditEntry.objects.filter(action="finding.unsettled").count() == 1
    finding_unsettle(actor=cast.actor("program_admin"), job=job, key=only(job)[1]["key"])
    assert AuditEntry.objects.filter(action="finding.unsettled").count() == 1, "nothing was left to take back"


def test_what_cannot_be_left_without_effect_is_not_settled(cast: Cast) -> None:
    tree = tree_with("")
    tree["north/broken.yaml"] = "kind: module\nid: [\n"
    job = worked(given(cast.actor("site_admin"), tree))
    place = next(n for n, each in enumerate(job.report["findings"]) if each["severity"] == "error")
    before = job.errors
    with pytest.raises(Refused) as refused:
        finding_settle(actor=cast.actor("site_admin"), job=job, key=job.excerpts[place]["key"], reason=WHY)
    assert refused.value.code == "decision_impossible"
    job.refresh_from_db()
    assert job.errors == before


# -- decisions beside the sources --------------------------------------------------------
def proposing(job: ImportJob) -> dict[str, str]:
    finding, excerpt = only(job)
    entry = {"rule": finding["rule"], "entity": excerpt["entity"], "reason": WHY, "hash": excerpt["hash"]}
    return {".waymark/decisions.yaml": "decisions:\n" + "".join(
        f"  {'-' if name == 'rule' else ' '} {name}: \"{value}\"\n" for name, value in entry.items()
    )}  # fmt: skip


def test_what_a_file_proposes_is_accepted_with_one_press_and_reopens_as_proposed(cast: Cast) -> None:
    tree = {**tree_with(LOCKS), **proposing(planned(cast, LOCKS))}
    job = worked(given(cast.actor("program_admin"), tree))
    assert (job.errors, only(job)[0]["settled"]) == (1, "proposed")
    browser, address = cast.browser("program_admin"), reverse("import_job", args=[job.uuid])
    assert "The sources propose to settle it" in browser.get(address).content.decode()
    key = only(job)[1]["key"]
    browser.post(reverse("finding_settle", args=[job.uuid, key]), {"reason": only(job)[1]["beside"]})
    job.refresh_from_db()
    assert (job.errors, only(job)[0]["settled"], only(job)[1]["reason"]) == (0, "settled", WHY)
    again = worked(given(cast.actor("program_admin"), tree))
    assert only(again)[0]["settled"] == "settled"
    assert "source.idle_decision" not in {each["rule"] for each in again.report["findings"]}
    job = finding_unsettle(actor=cast.actor("program_admin"), job=job, key=key)
    assert (job.errors, only(job)[0]["settled"]) == (1, "proposed")


def test_a_file_settles_a_warning_and_the_page_cannot_take_that_back(cast: Cast) -> None:
    tree = {**tree_with(OTHERS), **proposing(planned(cast, OTHERS))}
    job = worked(given(cast.actor("program_admin"), tree))
    assert only(job)[0]["settled"] == "settled"
    shown = cast.browser("program_admin").get(
        reverse("import_job", args=[job.uuid]), {"filtered": "1", "show": "settled"}
    ).content.decode()  # fmt: skip
    assert "Decided beside the sources" in shown
    assert "Open it again" not in shown
    job = finding_unsettle(actor=cast.actor("program_admin"), job=job, key=only(job)[1]["key"])
    assert only(job)[0]["settled"] == "settled"


# -- whose, and of which source --------------------------------------------------------
def test_a_decision_is_for_one_source_and_one_program(cast: Cast) -> None:
    settled(cast, planned(cast, OTHERS))
    assert only(planned(cast, OTHERS, name="another.zip"))[0]["settled"] is None
    assert only(planned(cast, OTHERS, who="site_admin"))[0]["settled"] == "settled"
    FindingDecision.objects.update(program="south")
    assert only(planned(cast, OTHERS))[0]["settled"] is None


def test_clients_settle_warnings_and_no_errors(cast: Cast) -> None:
    warned = settled(cast, planned(cast, OTHERS, who="limited_client"), who="limited_client")
    assert only(warned)[0]["settled"] == "settled"
    failing = planned(cast, LOCKS, who="limited_client", name="another.zip")
    with pytest.raises(Forbidden) as refused:
        settled(cast, failing, who="limited_client")
    assert refused.value.code == "admin_missing"


def test_what_is_no_decision_is_refused_and_writes_nothing(cast: Cast) -> None:
    job = planned(cast, OTHERS)
    with pytest.raises(Invalid):
        settled(cast, job, reason="  ")
    with pytest.raises(Missing):
        finding_settle(actor=cast.actor("program_admin"), job=job, key="0" * 16, reason=WHY)
    with pytest.raises(Forbidden):
        settled(cast, job, who="instructor")
    import_apply(actor=cast.actor("program_admin"), job=job, plan_id=job.plan_id)
    with pytest.raises(Refused) as refused:
        settled(cast, job)
    assert refused.value.code == "import_not_ready"
    assert not FindingDecision.objects.exists()
    assert not AuditEntry.objects.filter(action="finding.settled").exists()


# -- the command, the API, the page ------------------------------------------------------
def test_the_command_knows_what_was_decided_on_the_site(
    cast: Cast, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = settled(cast, planned(cast, LOCKS))
    (tmp_path / "tree.zip").write_bytes(packed(tree_with(LOCKS)).read())
    monkeypatch.chdir(tmp_path)
    exit_code, out, _ = ran("plan", "tree.zip", "--format", "json")
    assert exit_code == 0
    assert f'"id": "{job.plan_id}"' in out
    exit_code, _, err = ran("apply", "tree.zip", "--plan", job.plan_id)
    assert exit_code == 0, err
    assert Release.objects.get(program=cast.north, current=True).number == 2


def test_a_finding_is_settled_and_opened_again_by_the_api(cast: Cast) -> None:
    job = planned(cast, LOCKS)
    path = f"{LIST}{job.uuid}/"
    _, read = asked(cast, "program_admin", "GET", path)
    place = next(n for n, each in enumerate(read["report"]["findings"]) if "MOD-77" in each["message"])
    decision = f"{path}findings/{read['finding_keys'][place]}/decision/"
    assert asked(cast, "program_admin", "PUT", decision, {})[0] == 400
    status, card = asked(cast, "program_admin", "PUT", decision, {"reason": WHY})
    assert (status, card["open_errors"]) == (200, 0)
    assert card["plan_id"] != read["plan_id"]
    _, read = asked(cast, "program_admin", "GET", path)
    assert read["report"]["findings"][place]["settled"] == "settled"
    assert read["report"]["plan"]["id"] == card["plan_id"]
    assert [(each["reason"], each["rule"]) for each in read["decisions"]] == [
        (WHY, read["report"]["findings"][place]["rule"])
    ]
    assert asked(cast, "program_admin", "DELETE", decision)[1]["open_errors"] == 1
    assert asked(cast, "program_admin", "DELETE", decision)[0] == 200
    assert code(asked(cast, "program_admin", "PUT", f"{path}findings/{'0' * 16}/decision/", {"reason": WHY})) == (
        404, "not_found",
    )  # fmt: skip
    assert code(asked(cast, "limited_client", "PUT", decision, {"reason": WHY})) == (404, "not_found")


# -- a promised gate ----------------------------------------------------------------------
RISKS = "risks:\n  - {id: leaks, text: Secrets leak, mitigation: Make the scan a gated requirement.}\n"


def promised(job: ImportJob) -> tuple[dict[str, Any], str]:
    [place] = [n for n, each in enumerate(job.report["findings"]) if each["rule"] == "gates.promised"]
    return job.report["findings"][place], job.excerpts[place]["key"]


def test_a_promised_gate_is_made_by_its_finding_comes_again_and_goes_with_the_decision(cast: Cast) -> None:
    admin = cast.actor("program_admin")
    job = planned(cast, RISKS)
    finding, key = promised(job)
    before = job.plan_id
    finding_settle(actor=admin, job=job, key=key, reason="Staff look first.", gate=GateWanted("MOD-2", "MOD-1/quiz"))
    job.refresh_from_db()
    assert job.state == "waiting", "it is planned anew"
    assert job_do(worker="test")
    job.refresh_from_db()
    assert promised(job)[0]["settled"] == "settled"
    assert job.plan_id != before
    [gate] = [each for each in job.plan["added"] if each["entity"].startswith("gate:")]
    assert gate["entity"] == f"gate:MOD-1/gate-{key}"
    assert (gate["file"], gate["line"]) == (finding["file"], finding["line"])
    import_apply(actor=admin, job=job, plan_id=job.plan_id)
    assert job_do(worker="test")
    made = Gate.objects.get()
    assert (made.text, made.reason) == ("Make the scan a gated requirement.", "Staff look first.")
    assert (made.blocks.path, made.activity.path) == ("MOD-2", "MOD-1/quiz")
    # The same sources bring it again, without anybody deciding.
    again = planned(cast, RISKS)
    assert not any(again.plan[name] for name in ("added", "changed", "retired"))
    # And taking the decision back takes it away.
    finding_unsettle(actor=admin, job=again, key=promised(again)[1])
    assert job_do(worker="test")
    again.refresh_from_db()
    assert [each["entity"] for each in again.plan["retired"]] == [gate["entity"]]


def test_a_gate_blocks_what_its_risk_is_of_and_staff_open_it_unless_it_says_more(cast: Cast) -> None:
    job = planned(cast, RISKS)
    finding_settle(
        actor=cast.actor("program_admin"), job=job, key=promised(job)[1], reason="Staff look.", gate=GateWanted()
    )
    assert job_do(worker="test")
    job.refresh_from_db()
    import_apply(actor=cast.actor("program_admin"), job=job, plan_id=job.plan_id)
    assert job_do(worker="test")
    made = Gate.objects.get()
    assert (made.blocks.path, made.activity) == ("MOD-1", None)


def test_other_findings_make_no_gate(cast: Cast) -> None:
    job = planned(cast, OTHERS)
    with pytest.raises(Invalid) as error:
        finding_settle(
            actor=cast.actor("program_admin"), job=job, key=only(job)[1]["key"], reason=WHY, gate=GateWanted()
        )
    assert error.value.code == "no_gate_promised"
    assert not FindingDecision.objects.exists()


def test_a_gate_is_made_on_the_page_and_by_the_api(cast: Cast) -> None:
    job = planned(cast, RISKS)
    browser = cast.browser("program_admin")
    page = browser.get(reverse("import_job", args=[job.uuid])).content.decode()
    assert "Make it a gate" in page
    ask = reverse("finding_settle", args=[job.uuid, promised(job)[1]])
    browser.post(ask, {"gate": "1", "blocks": "MOD-2", "activity": "", "reason": "Staff look."})
    assert FindingDecision.objects.get().gate == {"blocks": "MOD-2", "activity": ""}
    assert job_do(worker="test")
    path = f"{LIST}{job.uuid}/findings/{promised(job)[1]}/decision/"
    assert asked(cast, "program_admin", "PUT", path, {"reason": "Both.", "gate": {"block": "MOD-2"}})[0] == 400
    status, card = asked(cast, "program_admin", "PUT", path, {"reason": "Both.", "gate": {"activity": "MOD-1/quiz"}})
    assert (status, card["state"]) == (200, "waiting")
    assert FindingDecision.objects.get().gate == {"blocks": "", "activity": "MOD-1/quiz"}


def test_settled_findings_are_folded_away_and_one_comes_back_to_where_one_was(cast: Cast) -> None:
    job = planned(cast, OTHERS)
    browser, address = cast.browser("program_admin"), reverse("import_job", args=[job.uuid])
    assert "Worth correcting" in browser.get(address).content.decode()
    answer = browser.post(
        reverse("finding_settle", args=[job.uuid, only(job)[1]["key"]]),
        {"reason": WHY, "filtered": "1", "show": ["warning", "info"], "start": "0"},
    )
    assert answer["Location"] == f"{address}?filtered=1&show=warning&show=info&start=0#findings"
    shown = browser.get(address).content.decode()
    assert "MOD-77" not in shown.partition('id="plan"')[0]
    assert "1 is settled" in shown
    folded = browser.get(address, {"filtered": "1", "show": "settled"}).content.decode()
    assert WHY in folded
    assert cast.program_admin.display_name in folded
    assert "Open it again" in folded
