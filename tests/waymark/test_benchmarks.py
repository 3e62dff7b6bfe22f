"""The measurements go on working: their hands-in are within the rules that the shipped policy has today."""

import pytest

from assessments.models import Attempt
from benchmarks import s7_grading
from benchmarks.people import learners
from tests.flows.scene import curriculum_load


@pytest.mark.django_db
def test_more_hand_ins_than_the_policy_gives() -> None:
    curriculum_load()
    persons = learners(1)
    s7_grading._more_attempts(persons, 5)
    s7_grading._hand_in(persons, 5)
    assert Attempt.objects.filter(state="handed_in").count() == 5
