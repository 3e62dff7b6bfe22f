"""Every page of the site, found and not listed: all addresses, asked by everybody.

What answers 200 with a whole HTML document is a page, and belongs to whoever got it.
An address that names something takes it from ``NAMED``; without an entry there the
walk fails, so that no page is left out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.http import HttpResponse
from django.urls import URLPattern, reverse

from tests.flows.scene import ENGINEER, HALFWAY, JUNIOR, NOBODY, PEOPLE, Scene
from tests.security.table import addresses

EVERYBODY = (NOBODY, *PEOPLE, HALFWAY)
ADMIN = "admin:"
RECORDS = ("admin:index", "admin:courses_module_changelist", "admin:courses_module_change")
"""Of Django's own pages for the records these are walked; the rest are the same three over other models."""


@dataclass(frozen=True)
class Place:
    """A page as one person meets it; ``label`` names its picture."""

    name: str
    label: str
    path: str
    who: str


Kwargs = dict[str, object]
NAMED: dict[str, Callable[[Scene], dict[str, Kwargs]]] = {
    "account_confirm_email": lambda scene: {
        "": {"key": confirmation_key(scene)},
        "unknown": {"key": "unknown"},
    },
    "account_reset_password_from_key": lambda scene: {
        "": {"uidb36": user_pk_to_url_str(scene.people["newcomer"]), "key": reset_key(scene)},
        "unknown": {"uidb36": "1", "key": "unknown"},
    },
    "stored": lambda scene: {"": {"digest": "0" * 64, "name": "a.png"}},
    "demo_mail_read": lambda scene: {"": {"name": scene.mail}},
    # The junior program last: Today is about the program that was looked at last.
    "program": lambda scene: {"engineer": {"slug": ENGINEER}, "": {"slug": JUNIOR}},
    "catalogue_program": lambda scene: {"": {"slug": JUNIOR}, "engineer": {"slug": ENGINEER}},
    "enrolment_leave": lambda scene: {"": {"slug": JUNIOR}, "engineer": {"slug": ENGINEER}},
    "module": lambda scene: {
        "done": {"slug": JUNIOR, "key": "MOD-001"},
        "begun": {"slug": JUNIOR, "key": "MOD-002"},
        "locked": {"slug": JUNIOR, "key": "MOD-009"},
        "engineer": {"slug": ENGINEER, "key": "MOD-103"},
    },
    "activity": lambda scene: {
        "reading": {"slug": JUNIOR, "path": "MOD-002/03-administration"},
        "quiz-passed": {"slug": JUNIOR, "path": "MOD-001/quiz"},
        "quiz-open": {"slug": JUNIOR, "path": "MOD-002/quiz"},
        "quiz-locked": {"slug": JUNIOR, "path": "MOD-003/quiz"},
        "project": {"slug": JUNIOR, "path": "PROJ-01"},
        "lab": {"slug": ENGINEER, "path": "MOD-103/103-05"},
        "lab-checked": {"slug": JUNIOR, "path": "MOD-001/retry"},
        "project-engineer": {"slug": ENGINEER, "path": "PROJ-201"},
    },
    "grading:grades": lambda scene: {"": {"program": JUNIOR}, "engineer": {"program": ENGINEER}},
    "grading:submission": lambda scene: (
        {name: {"uuid": scene.submissions[name].uuid} for name in ("partly", "passed", "waiting")}
        | {f"project-{name}": {"uuid": review.submission.uuid} for name, review in scene.reviews.items()}
    ),
    "review": lambda scene: {name: {"uuid": review.uuid} for name, review in scene.reviews.items()},
    "assessments:fetch": lambda scene: {name: {"uuid": scene.fetches[name].uuid} for name in ("waiting", "failed")},
    "grading:submission-changes": lambda scene: {"": {"uuid": scene.submissions["passed"].uuid}},
    "grading:submission-file": lambda scene: {"": {"uuid": scene.submissions["passed"].uuid, "name": "retry.py"}},
    "assessments:attempt": lambda scene: {"": {"uuid": scene.attempts["open"].uuid}},
    "grading:attempt-result": lambda scene: {
        name: {"uuid": scene.attempts[name].uuid} for name in ("partly", "passed")
    },
    "person": lambda scene: {
        "learner": {"uuid": scene.people["learner"].uuid},
        "instructor": {"uuid": scene.people["instructor"].uuid},
    },
    "invitation": lambda scene: {"": {"uuid": scene.invitation.uuid}},
    "curriculum_program": lambda scene: {"": {"slug": JUNIOR}},
    "curriculum_release": lambda scene: {"": {"slug": JUNIOR, "number": 1}},
    "program_content": lambda scene: {"": {"slug": JUNIOR}, "engineer": {"slug": ENGINEER}},
    "content_shared": lambda scene: {"": {"slug": JUNIOR}, "engineer": {"slug": ENGINEER}},
    "content_module": lambda scene: {
        "": {"slug": JUNIOR, "key": "MOD-003"},
        "engineer": {"slug": ENGINEER, "key": "MOD-103"},
    },
    "content_activity": lambda scene: {
        "project": {"slug": JUNIOR, "path": "PROJ-01"},
        "quiz": {"slug": JUNIOR, "path": "MOD-001/quiz"},
        "lab": {"slug": ENGINEER, "path": "MOD-103/103-05"},
    },
    "import_job": lambda scene: {name: {"uuid": job.uuid} for name, job in scene.imports.items()},
    "import_preview": lambda scene: {"": {"uuid": scene.imports["ready"].uuid, "slug": JUNIOR}},
    "import_preview_page": lambda scene: {"": {"uuid": scene.imports["ready"].uuid, "slug": JUNIOR, "path": "MOD-003"}},
    "release_preview": lambda scene: {"": {"slug": JUNIOR, "number": 1}},
    "release_preview_page": lambda scene: {
        "module": {"slug": JUNIOR, "number": 1, "path": "MOD-003"},
        "quiz": {"slug": JUNIOR, "number": 1, "path": "MOD-003/quiz"},
        "project": {"slug": JUNIOR, "number": 1, "path": "PROJ-01"},
    },
    "import_plan": lambda scene: {"": {"uuid": scene.imports["ready"].uuid}},
    "admin:courses_module_change": lambda scene: {"": {"object_id": scene.module.pk}},
    # What follows is not for looking at: it is asked to see that it is none.
    "account_token_revoke": lambda scene: {"": {"uuid": scene.token.uuid}},
    "tick": lambda scene: {"": {"slug": JUNIOR, "path": "MOD-001/quiz"}},
    "attest": lambda scene: {"": {"slug": JUNIOR}},
    "plan": lambda scene: {"": {"slug": JUNIOR}},
    "enrol": lambda scene: {"": {"slug": JUNIOR}},
    "enrolment_change": lambda scene: {"": {"slug": JUNIOR}},
    "assessments:start": lambda scene: {"": {"program": JUNIOR, "activity": "MOD-001/quiz"}},
    "hand_in": lambda scene: {"": {"slug": JUNIOR, "path": "MOD-001/retry"}},
    "assessments:fetch-cancel": lambda scene: {"": {"uuid": scene.fetches["failed"].uuid}},
    "starter": lambda scene: {"": {"slug": JUNIOR, "path": "MOD-001/retry"}},
    "bundle": lambda scene: {"": {"slug": JUNIOR, "path": "MOD-001/retry"}},
    "solution": lambda scene: {"": {"slug": JUNIOR, "path": "MOD-001/retry"}},
    "grading:submission-run": lambda scene: {"": {"uuid": scene.submissions["passed"].uuid}},
    "grading:submission-retry": lambda scene: {"": {"uuid": scene.submissions["passed"].uuid}},
    "grading:submission-review": lambda scene: {"": {"uuid": scene.submissions["passed"].uuid}},
    "grading:submission-cancel": lambda scene: {"": {"uuid": scene.submissions["passed"].uuid}},
    "grading:attempt-run": lambda scene: {"": {"uuid": scene.attempts["passed"].uuid}},
    "grading:attempt-retry": lambda scene: {"": {"uuid": scene.attempts["passed"].uuid}},
    "review_begin": lambda scene: {"": {"uuid": scene.reviews["begun"].submission.uuid}},
    "review_correct": lambda scene: {"": {"uuid": scene.reviews["released"].submission.uuid}},
    "person_grant": lambda scene: {"": {"uuid": scene.people["learner"].uuid}},
    "person_act_as": lambda scene: {"": {"uuid": scene.people["learner"].uuid}},
    "person_state": lambda scene: {"": {"uuid": scene.people["learner"].uuid}},
    "person_right_withdraw": lambda scene: {"": {"uuid": scene.people["instructor"].uuid, "right_id": scene.right.pk}},
    "client_revoke": lambda scene: {"": {"client_id": scene.client.pk}},
    "invitation_renew": lambda scene: {"": {"uuid": scene.invitation.uuid}},
    "invitation_withdraw": lambda scene: {"": {"uuid": scene.invitation.uuid}},
    "request_approve": lambda scene: {"": {"uuid": scene.request.uuid}},
    "request_decline": lambda scene: {"": {"uuid": scene.request.uuid}},
    "program_export": lambda scene: {"": {"slug": JUNIOR}},
    "program_standing": lambda scene: {"": {"slug": JUNIOR}},
    "curriculum_rollback": lambda scene: {"": {"slug": JUNIOR, "number": 1}},
    "finding_settle": lambda scene: {"": {"uuid": scene.imports["blocked"].uuid, "key": "0" * 16}},
    "finding_unsettle": lambda scene: {"": {"uuid": scene.imports["blocked"].uuid, "key": "0" * 16}},
    "regrade_start": lambda scene: {"": {"uuid": scene.regrade.uuid}},
    "regrade_dismiss": lambda scene: {"": {"uuid": scene.regrade.uuid}},
    "import_progress": lambda scene: {"": {"uuid": scene.imports["ready"].uuid}},
    "import_apply": lambda scene: {"": {"uuid": scene.imports["ready"].uuid}},
    "import_again": lambda scene: {"": {"uuid": scene.imports["ready"].uuid}},
    "api:program_export": lambda scene: {"": {"slug": JUNIOR}},
    "api:releases": lambda scene: {"": {"slug": JUNIOR}},
    "api:release_changes": lambda scene: {"": {"slug": JUNIOR, "number": 1}},
    "api:release_rollback": lambda scene: {"": {"slug": JUNIOR, "number": 1}},
    "api:import": lambda scene: {"": {"uuid": scene.imports["ready"].uuid}},
    "api:import_apply": lambda scene: {"": {"uuid": scene.imports["ready"].uuid}},
    "api:import_plan": lambda scene: {"": {"uuid": scene.imports["ready"].uuid}},
    "api:import_finding": lambda scene: {"": {"uuid": scene.imports["ready"].uuid, "key": "0" * 16}},
    "api:program": lambda scene: {"": {"slug": JUNIOR}},
    "api:me-openings": lambda scene: {"": {"slug": JUNIOR}},
    "api:attempt-start": lambda scene: {"": {"activity": "MOD-001/quiz"}},
    "api:attempt": lambda scene: {"": {"uuid": scene.attempts["open"].uuid}},
    "api:attempt-hand-in": lambda scene: {"": {"uuid": scene.attempts["open"].uuid}},
    "api:attempt-response": lambda scene: {"": {"uuid": scene.attempts["open"].uuid, "number": 1}},
    "api:submission-hand-in": lambda scene: {"": {"activity": "MOD-001/retry"}},
    "api:fetch": lambda scene: {"": {"uuid": scene.fetches["waiting"].uuid}},
    "api:fetch-cancel": lambda scene: {"": {"uuid": scene.fetches["failed"].uuid}},
    "api:submission": lambda scene: {"": {"uuid": scene.submissions["passed"].uuid}},
    "api:submission-cancel": lambda scene: {"": {"uuid": scene.submissions["passed"].uuid}},
    "api:submission-file": lambda scene: {"": {"uuid": scene.submissions["passed"].uuid, "name": "retry.py"}},
}


def confirmation_key(scene: Scene) -> str:
    """The key of a link that confirms an address."""
    return str(EmailConfirmationHMAC(scene.people["newcomer"].emailaddress_set.get()).key)


def reset_key(scene: Scene) -> str:
    """The key of a link that lets the newcomer choose another password."""
    return str(default_token_generator.make_token(scene.people["newcomer"]))


def names() -> list[str]:
    """Every named address of the site; of Django's records those in ``RECORDS``."""
    found = {name for name, _ in addresses() if not name.startswith(ADMIN) and name != "None"}
    return [*sorted(found), *RECORDS]


def paths_of(scene: Scene, name: str, patterns: dict[str, URLPattern]) -> dict[str, str]:
    """Label -> path of everything that stands at an address."""
    if name in NAMED:
        return {
            "-".join(filter(None, (label(name), variant))): reverse(name, kwargs=kwargs)
            for variant, kwargs in NAMED[name](scene).items()
        }
    wanted = patterns[name].pattern.regex.groupindex if name in patterns else {}
    assert not wanted, f"{name} names {', '.join(wanted)}: give it something in NAMED of tests/flows/places.py"
    return {label(name): reverse(name)}


def label(name: str) -> str:
    return name.replace(":", "-").replace("_", "-")


def is_page(answer: HttpResponse) -> bool:
    """A whole document for a person; a fragment, a redirect or data is none."""
    return (
        answer.status_code == 200
        and answer.get("Content-Type", "").startswith("text/html")
        and answer.content.lstrip()[:15].lower() == b"<!doctype html>"
    )


def places(scene: Scene) -> Iterator[Place]:
    """Every page with everybody it serves, in the order of addresses."""
    patterns = dict(addresses())
    for name in names():
        whose = {
            Place(name, text, path, who): serves(scene, name, path, who)
            for text, path in paths_of(scene, name, patterns).items()
            for who in EVERYBODY
        }
        served = {place.label for place, is_served in whose.items() if is_served}
        empty = {place.label for place in whose} - served
        assert not (served and empty), f"nobody is served {', '.join(sorted(empty))}: NAMED names nothing that is there"
        yield from (place for place, is_served in whose.items() if is_served)


def serves(scene: Scene, name: str, path: str, who: str) -> bool:
    """Whether the address is a page for them. The link of a reset leads on to the page it opens."""
    follow = name == "account_reset_password_from_key" and who == NOBODY
    logging.disable(logging.WARNING)  # most are refused, and that is no news here
    try:
        return is_page(scene.browser(who).get(path, follow=follow))
    finally:
        logging.disable(logging.NOTSET)
