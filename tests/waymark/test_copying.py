"""Rows that go to the database by COPY."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import Entity, EntityAlias, FindingDecision, Revision
from waymark.core.copying import rows_copy

pytestmark = pytest.mark.django_db


def test_values_arrive_as_a_save_would_write_them() -> None:
    texts = ["plain", "tab\tand\nline", "back\\slash \\N", "nul is \\0", "ü – 日本"]
    made = rows_copy(
        Revision(hash=f"{number:064d}", kind="module", schema=number, body={"text": text, "none": None, "list": [1]})
        for number, text in enumerate(texts, 1)
    )
    assert made == len(texts)
    stored = Revision.objects.order_by("schema")
    assert [row.body for row in stored] == [{"text": text, "none": None, "list": [1]} for text in texts]
    assert len({row.pk for row in stored}) == len(texts)


def test_it_is_one_statement_for_any_number_of_rows() -> None:
    entity = Entity.objects.create(kind="module", path="MOD-1")
    with CaptureQueriesContext(connection) as asked:
        assert rows_copy(EntityAlias(entity=entity, alias=f"alias {number}") for number in range(1_200)) == 1_200
    assert len(asked) <= 1
    assert EntityAlias.objects.count() == 1_200


def test_nothing_is_copied_of_nothing() -> None:
    assert rows_copy([]) == 0


def test_what_the_database_refuses_is_refused_whole() -> None:
    entity = Entity.objects.create(kind="module", path="MOD-1")
    twice = [EntityAlias(entity=entity, alias="same"), EntityAlias(entity=entity, alias="same")]
    with pytest.raises(IntegrityError), transaction.atomic():
        rows_copy(twice)
    assert not EntityAlias.objects.exists()


def test_rows_of_two_models_are_refused() -> None:
    entity = Entity.objects.create(kind="module", path="MOD-1")
    with pytest.raises(ValueError, match="a FindingDecision among rows of EntityAlias"), transaction.atomic():
        rows_copy([EntityAlias(entity=entity, alias="one"), FindingDecision()])
    assert not EntityAlias.objects.exists()


def test_a_field_is_left_to_the_database_by_all_rows_or_by_none() -> None:
    rows = [Revision(hash=f"{number:064d}", kind="module", schema=1, body={}) for number in range(2)]
    rows[1].created_at = timezone.now()
    with pytest.raises(ValueError, match="one Revision has a value that the first one leaves"), transaction.atomic():
        rows_copy(rows)
    assert not Revision.objects.exists()
