"""The operations on imports: give, look, apply."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from courses.models import ImportJob, Module
from tests.cast import Cast
from tests.courses.imports.support import cast_tree, given, packed, worked
from tests.courses.planning.support import ran
from waymark.core.models import AuditEntry

LIST = "/api/v1/imports/"


def asked(cast: Cast, who: str, method: str, path: str, data: Any = None, **options: Any) -> tuple[int, Any]:
    headers = {"Authorization": cast.bearer(who, scopes=("curriculum:write",))}
    answer = Client().generic(
        method, path, "" if data is None else json.dumps(data), content_type="application/json", headers=headers,
        **options,
    )  # fmt: skip
    return answer.status_code, answer.json()


def code(answer: tuple[int, Any]) -> tuple[int, str]:
    return answer[0], answer[1]["errors"][0]["code"]


@pytest.mark.parametrize("who", ["program_admin", "limited_client"])
def test_a_curriculum_is_given_looked_at_and_applied(cast: Cast, who: str) -> None:
    tree = cast_tree(("title: First steps", "title: First of all"), only="north/") | cast_tree(only="catalog/")
    headers = {"Authorization": cast.bearer(who, scopes=("curriculum:write",))}
    answer = Client().post(LIST, {"files": [packed(tree)]}, headers=headers)
    assert answer.status_code == 202, answer.content
    made = answer.json()
    assert (made["state"], made["given"], made["plan_id"], made["problem"]) == ("waiting", "files", None, None)
    path = f"{LIST}{made['id']}/"
    assert asked(cast, who, "GET", path)[1]["report"] is None
    job = worked(ImportJob.objects.get(uuid=made["id"]))
    status, read = asked(cast, who, "GET", path)
    assert (status, read["state"], read["open_errors"], read["programs"]) == (200, "ready", 0, ["north"])
    assert read["report"].keys() == {"sources", "findings", "plan"}
    assert [each["to"] for each in read["report"]["plan"]["changed"]] == ["First of all"]
    assert code(asked(cast, who, "POST", f"{path}apply/", {"plan": "other"})) == (409, "import_stale")
    status, card = asked(cast, who, "POST", f"{path}apply/", {"plan": read["plan_id"]})
    assert (status, card["state"], card["step"]) == (202, "waiting", "apply")
    assert asked(cast, who, "POST", f"{path}apply/", {"plan": read["plan_id"]})[0] == 202, "once more is the same"
    worked(job)
    assert Module.objects.get(program=cast.north, key="MOD-1").title == "First of all"
    status, page = asked(cast, who, "GET", LIST)
    assert [(each["state"], each["releases"]) for each in page["items"]] == [
        ("applied", [{"program": "north", "release": 2, "regrade": None}])
    ]
    label = AuditEntry.objects.get(action="curriculum.applied", subject=f"program:{cast.north.pk}", details__release=2)
    assert label.actor_label.startswith("client:" if who == "limited_client" else "person:")


def test_the_report_is_the_one_of_the_command(cast: Cast, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = cast_tree(("modules: [MOD-1, MOD-2]", "modules: [MOD-1, MOD-9]"), only="north/") | cast_tree(only="catalog/")
    job = worked(given(cast.actor("program_admin"), tree))
    (tmp_path / "tree.zip").write_bytes(packed(tree).read())
    monkeypatch.chdir(tmp_path)
    _, out, _ = ran("plan", "tree.zip", "--format", "json")
    _, read = asked(cast, "program_admin", "GET", f"{LIST}{job.uuid}/")
    assert read["report"] == json.loads(out)


def test_a_client_names_the_source(cast: Cast) -> None:
    git = {"git": "https://git.example.test/a.git"}
    assert asked(cast, "site_admin", "POST", LIST, git)[1]["source"] is None
    status, made = asked(cast, "site_admin", "POST", LIST, {**git, "source": "The team"})
    assert (status, made["source"]) == (202, "The team")
    status, answer = asked(cast, "site_admin", "POST", LIST, {**git, "source": "x" * 201})
    assert (status, answer["errors"][0]["attr"]) == (400, "source")


def test_what_cannot_be_read_is_named(cast: Cast) -> None:
    assert code(asked(cast, "site_admin", "POST", LIST, {})) == (400, "nothing_given")
    both = {"git": "https://git.example.test/a.git", "root": "curricula"}
    assert code(asked(cast, "site_admin", "POST", LIST, both)) == (400, "nothing_given")
    status, answer = asked(cast, "site_admin", "POST", LIST, {"gti": "https://git.example.test/a.git"})
    assert (status, answer["errors"][0]["code"], answer["errors"][0]["attr"]) == (400, "field_unknown", "gti")
    secret = {"git": "https://me:hush@git.example.test/a.git"}
    status, answer = asked(cast, "site_admin", "POST", LIST, secret)
    assert (status, answer["errors"][0]["code"]) == (400, "credentials")
    assert "hush" not in str(answer)
    assert not ImportJob.objects.exists()


def test_scopes_and_roles_come_before_any_look_up(cast: Cast) -> None:
    job = given(cast.actor("program_admin"))
    path = f"{LIST}{job.uuid}/"
    headers = {"Authorization": cast.bearer("program_admin", scopes=("programs:read",))}
    answer = Client().get(path, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "scope_missing")
    assert code(asked(cast, "learner", "GET", path)) == (403, "role_missing")
    assert code(asked(cast, "other_program_admin", "GET", path)) == (404, "not_found")
    assert asked(cast, "site_admin", "GET", path)[0] == 200


def test_planning_again_may_say_that_much_is_retired(cast: Cast) -> None:
    job = worked(given(cast.actor("site_admin")))
    status, card = asked(cast, "site_admin", "POST", f"{LIST}{job.uuid}/plan/", {"retire": True})
    assert (status, card["state"], card["retire"], card["plan_id"]) == (202, "waiting", True, None)
    assert code(asked(cast, "site_admin", "POST", f"{LIST}{job.uuid}/plan/", {})) == (409, "import_not_ready")
