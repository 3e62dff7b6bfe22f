"""How many statements each page and endpoint takes: stated here, and the same among few people and many.

Every GET row of the permission table that answers 200 is asked by one person of
each kind that it serves, at two sizes, after a request that fills what a process
keeps. A new row without a number fails, and so does another number: more is a
decision, fewer is an improvement to write down.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast
from tests.security.crowd import crowd_grow
from tests.security.table import COLUMNS, Row, Scene, addresses
from tests.security.test_permission_table import AREAS, rows_of

FEW, MANY = 3, 60
ASKED = ("anonymous", "learner", "instructor", "program_admin", "site_admin", "limited_client")
SLOW = {"api:schema", "api:docs"}
"""Made anew for each request and the same for everybody: asked by two."""

STATED = """
# row                                    anon lear inst padm site clie
healthz                                     0    2    2    2    2    0
readyz                                      5    7    7    7    7    5
metrics                                     2    4    4    4    4    2
help                                        0    3    4    4    4    0
stored                                      -    3    3    3    3    -
demo_mail                                   0    3    4    4    4    0
account_login                               0    -    -    -    -    0
account_signup                              0    -    -    -    -    0
account_logout                              -    3    4    4    4    -
account_inactive                            0    3    4    4    4    0
account_email_verification_sent             0    3    4    4    4    0
account_reset_password                      0    3    4    4    4    0
account_reset_password_done                 0    3    4    4    4    0
account_reset_password_from_key             1    4    5    5    5    1
account_reset_password_from_key_done        0    3    4    4    4    0
account_confirm_email                       0    3    4    4    4    0
idp:oidc:authorization                      -    3    4    4    4    -
idp:oidc:device_authorization               -    3    4    4    4    -
idp:oidc:logout                             -    3    4    4    4    -
account_reauthenticate                      -    9   10   10   10    -
account_email                               -    5    6    6    6    -
account_change_password                     -    3    4    4    4    -
mfa_index                                   -    5    6    6    6    -
usersessions_list                           -    4    5    5    5    -
account_profile                             -    4    5    5    5    -
account_tokens                              -    5    6    6    6    -
account_access                              -    4    5    5    5    -
today                                       -   11    5    5    5    -
program@north                               -   12    -    -    -    -
module                                      -   18    -    -    -    -
activity                                    -   20    -    -    -    -
activity@locked                             -   20    -    -    -    -
activity@lab                                -   41    -    -    -    -
activity@project                            -   35    -    -    -    -
starter                                     -    8    -    -    -    -
bundle                                      -    9    -    -    -    -
solution                                    -   15    -    -    -    -
catalogue                                   -    7    8    8    8    -
catalogue_program@north                     -   14   15   15   15    -
catalogue_program@south                     -   14   15   15   15    -
enrolment_leave@north                       -    6    -    -    -    -
assessments:attempt                         -    5    6    6    6    -
assessments:fetch                           -    4    -    -    -    -
grading:attempt-run                         -    4    4    4    4    -
grading:submission                          -    9   10   10   10    -
grading:submission@reviewed                 -    8   10   10   10    -
grading:submission-run                      -    6    6    6    6    -
grading:submission-changes                  -    7    8    8    8    -
grading:submission-file                     -    5    6    6    6    -
grading:grades                              -    9    -    -    -    -
people                                      -    -    -   13   13    -
people_import                               -    -    -    6    6    -
person                                      -    -    -   17   18    -
curriculum                                  -    -    -   13   11    -
curriculum_program                          -    -    -   13   11    -
curriculum_release                          -    -    -   16   14    -
program_export                              -    -    -   10   10    -
program_content                             -    -   16   16   16    -
content_shared                              -    -   13   13   13    -
content_module                              -    -   14   14   14    -
content_activity                            -    -   14   14   14    -
import_preview                              -    -    -   10    8    -
import_preview_page                         -    -    -   10    8    -
release_preview                             -    -    -   13   11    -
release_preview_page                        -    -    -   13   11    -
import_new                                  -    -    -    6    6    -
import_job                                  -    -    -   13   11    -
import_progress                             -    -    -   11    9    -
import_plan                                 -    -    -   11    9    -
clients                                     -    -    -    -    9    -
joining                                     -    -   15   15   16    -
review_queue                                -    -   13   13   13    -
review                                      -    -   12   12   12    -
stuck                                       -    -    7    7    7    -
admin:index                                 -    -    -    -    5    -
admin:jsi18n                                -    -    -    -    3    -
api:schema                                  0    2    -    -    -    -
api:docs                                    0    3    -    -    -    -
api:me                                      -    4    4    4    4    -
api:programs                                -    5    5    5    5    5
api:program@north                           -    8    8    8    8    8
api:program@south                           -    8    8    8    8    -
api:me_enrolments                           -    3    3    3    3    -
api:program_export                          -    -    -    9    9    8
api:releases                                -    -    -    9    7    6
api:release_changes                         -    -    -   12   10    9
api:imports                                 -    -    -    8    6    4
api:import                                  -    -    -    9    7    -
api:me-progress                             -    3    3    3    3    -
api:me-openings                             -    7    -    -    -    -
api:attempt                                 -    4    4    4    4    4
api:fetch                                   -    3    -    -    -    -
api:submissions                             -    4    4    4    4    4
api:submission                              -    8    8    8    8    8
api:submission-file                         -    4    4    4    4    4
"""


def rows() -> list[Row]:
    return [row for area in AREAS for row in rows_of(area) if row.method == "GET"]


def stated() -> dict[str, dict[str, int]]:
    found = {}
    for line in STATED.strip().splitlines():
        if line and not line.startswith("#"):
            name, *cells = line.split()
            found[name] = {who: int(cell) for who, cell in zip(ASKED, cells, strict=True) if cell != "-"}
    return found


def counted(cast: Cast, scene: Scene) -> dict[str, dict[str, int]]:
    """Statements by row and person, of the second request of each."""
    found: dict[str, dict[str, int]] = {}
    for row in rows():
        address = reverse(row.name, kwargs=row.arguments(scene) if row.arguments else {})
        for who, status in zip(COLUMNS, row.expected, strict=True):
            if status != 200 or who not in (ASKED[:2] if row.name in SLOW else ASKED):
                continue
            browser = Client() if who in ("anonymous", "limited_client") else cast.browser(who)
            headers = {"Authorization": cast.bearer(who)} if who == "limited_client" else {}
            if row.key not in found:
                browser.get(address, headers=headers)
            with CaptureQueriesContext(connection) as queries:
                answer = browser.get(address, headers=headers)
            assert answer.status_code == 200, f"{row.label} for {who}: {answer.status_code}"
            found.setdefault(row.key, {})[who] = len(queries)
    return found


def as_table(found: dict[str, dict[str, int]]) -> str:
    width = max(map(len, found)) + 2
    return "\n".join(
        f"{name:{width}}" + " ".join(f"{cells.get(who, '-'):>4}" for who in ASKED) for name, cells in found.items()
    )


def differences(found: dict[str, dict[str, int]], expected: dict[str, dict[str, int]]) -> Iterator[str]:
    for name in {**found, **expected}:
        mine, theirs = found.get(name, {}), expected.get(name, {})
        for who in ASKED:
            if mine.get(who) != theirs.get(who):
                yield f"{name} for {who}: {mine.get(who)}, stated are {theirs.get(who)}"


@pytest.fixture
def scene(cast: Cast) -> Scene:
    scene = Scene(cast)
    for thing in (
        "attempt",
        "submission",
        "fetch",
        "request",
        "invitation",
        "token",
        "right",
        "import_job",
        "other_release",
        "regrade",
    ):
        getattr(scene, thing)
    return scene


@pytest.mark.timeout(300)
def test_every_page_takes_the_stated_statements_among_few_and_many(cast: Cast, scene: Scene) -> None:
    crowd_grow(cast, FEW)
    few = counted(cast, scene)
    crowd_grow(cast, MANY)
    many = counted(cast, scene)
    grown = list(differences(many, few))
    assert not grown, "these take more statements among more people:\n" + "\n".join(grown)
    wrong = list(differences(few, stated()))
    assert not wrong, "\n".join([*wrong, "", "The table as it is now:", as_table(few)])


def test_records_take_no_more_statements_among_many(cast: Cast, scene: Scene) -> None:
    """Django's own lists of the records: their number is theirs, growing it is ours."""
    browser = cast.browser("site_admin")
    lists = sorted(name for name, _ in addresses() if name.startswith("admin:") and name.endswith("_changelist"))
    counts: list[dict[str, int]] = []
    for size in (FEW, MANY):
        crowd_grow(cast, size)
        counts.append({})
        for name in lists:
            browser.get(reverse(name))
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(reverse(name)).status_code == 200
            counts[-1][name] = len(queries)
    assert counts[0] == counts[1]
