"""A small program with a lab that is really checked, and people in it."""

from __future__ import annotations

import json
from pathlib import Path

from django.utils import timezone

from assessments.models import Submission
from assessments.services.submitting import HandedIn, submission_create
from assessments.submissions.intake import Work
from courses.models import Activity, Enrolment, Program
from tests.courses.projecting import release_tree, write_tree
from tests.courses.small_tree import CATALOG, JUNIOR
from waymark.accounts.models import User
from waymark.core.actors import Actor

STARTER = "def count(text):\n    raise NotImplementedError\n"
MODULE = """
    kind: module
    id: MOD-001
    title: Python
    summary: Functions.
    hours: 10
    labs:
      - id: words
        title: Count words
        points: 10
        starter: [{path: words.py, content: STARTER}]
        checks:
          - id: shown
            title: Counts words
            type: call
            points: 6
            spec:
              module: words
              function: count
              limits: {cpu: 1, wall: 2}
              cases: [{args: ["a b a"], expect: {a: 2, b: 1}, visible: true}]
          - id: held-back
            title: Counts any text
            type: call
            points: 4
            hidden: true
            hint: Think of an empty text.
            spec:
              module: words
              function: count
              limits: {cpu: 1, wall: 2}
              cases: [{args: [""], expect: {}}, {args: ["x y z"], expect: {x: 1, y: 1, z: 1}}]
              scoring: cases
      - id: unchecked
        title: Nothing checks this
""".replace("STARTER", json.dumps(STARTER))
RIGHT = b"def count(text):\n    return {word: text.split().count(word) for word in text.split()}\n"
HALF = b"def count(text):\n    return {'a': 2, 'b': 1}\n"
WRONG = b"def count(text):\n    return 0\n"


def released(root: Path, module: str = MODULE) -> Program:
    tree = {name: JUNIOR[name] for name in ("junior/role.yaml", "junior/program.yaml")}
    release_tree(write_tree(root, {"catalog/all.yaml": CATALOG, **tree, "junior/mod-001.yaml": module}))
    return Program.objects.get(slug="junior")


def enrolled(program: Program, address: str = "learner@demo.test") -> Enrolment:
    learner = User.objects.create_user(address)
    return Enrolment.objects.create(learner=learner, program=program, state="active", started_at=timezone.now())


def lab(program: Program, key: str = "words") -> Activity:
    return Activity.objects.get(program=program, path=f"MOD-001/{key}")


def hand_in(enrolment: Enrolment, data: bytes = RIGHT, *, key: str = "words") -> HandedIn:
    return submission_create(
        actor=Actor.person(enrolment.learner_id), enrolment=enrolment, activity=lab(enrolment.program, key),
        work=Work({"words.py": data}), source=Submission.Source.FILES,
    )  # fmt: skip
