"""The rules of a program as sentences, for those who think about beginning: nobody's grades."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Program, Revision
from grading.models import Policy
from grading.policy.bodies import Band, PolicyBody
from waymark.core.shown import percent


@dataclass(frozen=True, slots=True)
class PolicyAbout:
    """The policy of the current release.

    :param binding: what must hold to pass, as the policy says it.
    :param advice: rules that have no say in passing.
    :param made_of: what the overall figure is made of, and the attempts; sentences.
    :param bands: grade bands, the highest first.
    """

    binding: tuple[str, ...]
    advice: tuple[str, ...]
    made_of: tuple[str, ...]
    bands: tuple[Band, ...]


def policy_about(program: Program) -> PolicyAbout | None:
    """The rules that who enrols now begins under; None for a program without a policy. One query."""
    current = Policy.objects.filter(program=program, entity__retired_at=None).order_by("pk").values("revision_id")
    stored = Revision.objects.filter(pk__in=current[:1]).values_list("body", flat=True).first()
    if stored is None:
        return None
    body = PolicyBody.model_validate(stored)
    return PolicyAbout(
        binding=tuple(rule.text for rule in body.rules if rule.binding),
        advice=tuple(rule.text for rule in body.rules if not rule.binding),
        made_of=tuple(filter(None, (_overall(body), _attempts(body)))),
        bands=tuple(sorted(body.scale.bands, key=lambda band: band.from_percent, reverse=True) if body.scale else ()),
    )


def _overall(body: PolicyBody) -> str:
    if not body.components:
        return ""
    titles = ", ".join(component.title for component in body.components)
    if body.overall == "sum_of_points":
        return _("The overall figure is the sum of points of: %(components)s.") % {"components": titles}
    whole = sum((Fraction(component.weight) for component in body.components), Fraction(0))
    shares = ", ".join(
        f"{component.title} {percent(Fraction(component.weight) / whole)}" for component in body.components
    )
    return _("The overall figure is made of: %(components)s.") % {"components": shares}


def _attempts(body: PolicyBody) -> str:
    attempts = body.default.attempts
    if attempts is None:
        return ""
    chosen = {
        "best": _("The best attempt at a quiz counts."),
        "last": _("The last attempt at a quiz counts."),
        "first": _("The first attempt at a quiz counts."),
        "average": _("The average of all attempts at a quiz counts."),
    }[attempts.choose]
    if attempts.limit is None:
        return chosen
    limit = ngettext(
        "There is %(n)d attempt, unless a quiz says otherwise.",
        "There are %(n)d attempts, unless a quiz says otherwise.",
        attempts.limit,
    ) % {"n": attempts.limit}
    return f"{chosen} {limit}"
