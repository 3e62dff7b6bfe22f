"""What API clients see: an unlimited one everything, a limited one what its limit names."""

import pytest

from courses.access import enrolments_visible_to, programs_in_catalogue
from courses.models import Enrolment, Program
from tests.cast import Cast
from waymark.core.actors import Actor

pytestmark = pytest.mark.django_db


def test_an_unlimited_client_sees_every_program_and_enrolment(cast: Cast) -> None:
    actor = Actor.client("all", frozenset({"programs:read"}))
    assert programs_in_catalogue(actor).count() == Program.objects.count() > 1
    assert enrolments_visible_to(actor).count() == Enrolment.objects.count() > 1


def test_a_limited_client_sees_its_programs_only(cast: Cast) -> None:
    first = Program.objects.order_by("pk")[0]
    actor = Actor("client", client_id="some", scopes=frozenset(), limited=True, program_ids=frozenset({first.pk}))
    assert list(programs_in_catalogue(actor)) == [first]
    assert set(enrolments_visible_to(actor).values_list("program_id", flat=True)) == {first.pk}


def test_a_client_limited_to_nothing_sees_nothing(cast: Cast) -> None:
    actor = Actor("client", client_id="none", scopes=frozenset(), limited=True)
    assert not programs_in_catalogue(actor).exists()
    assert not enrolments_visible_to(actor).exists()
