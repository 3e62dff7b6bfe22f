"""Granting and withdrawing rights: only what one holds, only to whom is known."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress

from courses.access import may_grant
from courses.models import StaffRight
from courses.services.staff import right_grant, right_withdraw
from tests.cast import Cast, person_make
from waymark.accounts.models import User
from waymark.core.actors import Actor
from waymark.core.errors import DomainError, Forbidden, Invalid, Refused
from waymark.core.models import AuditEntry

# Who may grant what: role and scope -> the people of the cast who may.
MAY = {
    ("instructor", "cohort"): {"program_admin", "site_admin"},
    ("instructor", "south_cohort"): {"other_program_admin", "site_admin"},
    ("admin", "north"): {"program_admin", "site_admin"},
    ("admin", "south"): {"other_program_admin", "site_admin"},
    ("admin", ""): {"site_admin"},
}


def scope(cast: Cast, name: str) -> dict[str, object]:
    key = "cohort" if name.endswith("cohort") else "program"
    return {"program": None, "cohort": None} | ({key: getattr(cast, name)} if name else {})


@pytest.mark.parametrize(("role", "where"), MAY)
def test_nobody_grants_what_they_do_not_hold(cast: Cast, role: str, where: str) -> None:
    newcomer = person_make("newcomer")
    codes = {}
    for name in cast.people:
        try:
            right_grant(actor=cast.actor(name), person=newcomer, role=role, **scope(cast, where))  # type: ignore[arg-type]
            codes[name] = ""
        except Forbidden as error:
            codes[name] = error.code
    assert codes == {name: "" if name in MAY[role, where] else "right_not_held" for name in cast.people}
    assert StaffRight.objects.filter(person=newcomer).count() == 1, "given twice it is one right"
    assert AuditEntry.objects.filter(subject=f"person:{newcomer.pk}", action="right.granted").count() == 1


def test_clients_and_who_acts_as_another_grant_nothing(cast: Cast) -> None:
    acting = Actor.person(cast.site_admin.pk, acting_as=cast.program_admin.pk)
    for actor in (cast.actor("limited_client"), acting):
        assert not may_grant(actor, role="admin", program=cast.north, cohort=None)


def test_a_closed_account_grants_nothing_and_gets_nothing(cast: Cast) -> None:
    User.objects.filter(pk=cast.program_admin.pk).update(is_active=False)
    with pytest.raises(Forbidden):
        right_grant(actor=cast.actor("program_admin"), person=cast.stranger, role="admin", program=cast.north)
    cast.program_admin.refresh_from_db()
    with pytest.raises(Refused) as refused:
        right_grant(actor=Actor.system(), person=cast.program_admin, role="admin")
    assert refused.value.code == "person_inactive"


def test_rights_go_to_confirmed_people_only(cast: Cast) -> None:
    EmailAddress.objects.filter(user=cast.stranger).update(verified=False)
    with pytest.raises(Refused) as refused:
        right_grant(actor=cast.actor("site_admin"), person=cast.stranger, role="admin", program=cast.north)
    assert (refused.value.code, refused.value.hint) == ("address_not_confirmed", "Send an invitation.")


@pytest.mark.parametrize(("role", "where"), [("instructor", ""), ("instructor", "north"), ("admin", "cohort")])
def test_a_role_has_its_own_kind_of_scope(cast: Cast, role: str, where: str) -> None:
    with pytest.raises(Invalid) as refused:
        right_grant(actor=cast.actor("site_admin"), person=cast.stranger, role=role, **scope(cast, where))  # type: ignore[arg-type]
    assert refused.value.code == "right_scope"


def test_a_right_is_withdrawn_by_who_may_give_it(cast: Cast) -> None:
    right = StaffRight.objects.get(person=cast.instructor)
    for name in ("learner", "instructor", "other_program_admin"):
        with pytest.raises(DomainError) as refused:
            right_withdraw(actor=cast.actor(name), right=right)
        assert refused.value.code == "right_not_held"
    stale = StaffRight.objects.get(pk=right.pk)
    right_withdraw(actor=cast.actor("program_admin"), right=right)
    right_withdraw(actor=cast.actor("program_admin"), right=stale)
    assert not StaffRight.objects.filter(person=cast.instructor).exists()
    entry = AuditEntry.objects.get(action="right.withdrawn")
    assert entry.details == {"role": "instructor", "program": None, "cohort": cast.cohort.pk}
    assert entry.person_id == cast.program_admin.pk


def test_the_last_site_admin_keeps_the_right(cast: Cast) -> None:
    right = StaffRight.objects.get(person=cast.site_admin)
    with pytest.raises(Refused) as refused:
        right_withdraw(actor=cast.actor("site_admin"), right=right)
    assert refused.value.code == "last_site_admin"
    second = right_grant(actor=cast.actor("site_admin"), person=cast.learner, role="admin")
    User.objects.filter(pk=cast.learner.pk).update(is_active=False)
    with pytest.raises(Refused):
        right_withdraw(actor=cast.actor("site_admin"), right=right)
    right_withdraw(actor=cast.actor("site_admin"), right=second)
    right_grant(actor=cast.actor("site_admin"), person=cast.classmate, role="admin")
    right_withdraw(actor=cast.actor("site_admin"), right=right)
    assert [each.person for each in StaffRight.objects.filter(program=None, cohort=None)] == [cast.classmate]
