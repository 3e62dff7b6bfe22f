"""What programs share."""

from __future__ import annotations

from courses.curriculum.bodies import catalog as bodies
from courses.curriculum.projection import Projection
from courses.curriculum.projectors.rows import keyed, level_id, levels_written, replace, write
from courses.models import (
    Competency,
    CompetencyLevel,
    Scale,
    ScaleLevel,
    SkillArea,
    Technology,
    ValidationProfile,
)


def scale(projection: Projection) -> None:
    """Levels are written at once: what comes after looks them up."""
    body: bodies.ScaleBody = projection.body
    write(Scale, projection, key=projection.entity.path, title=body.title, purpose=body.purpose)
    levels = [
        ScaleLevel(
            scale_id=projection.entity.pk,
            key=level.id,
            rank=rank,
            label=level.label,
            symbol=level.symbol or "",
            meaning=level.meaning,
            aliases=list(level.aliases),
        )
        for rank, level in enumerate(body.levels, start=1)
    ]
    keyed(
        ScaleLevel, "scale", projection.entity.pk, levels,
        place="rank", fields=["label", "symbol", "meaning", "aliases"],
    )  # fmt: skip
    levels_written()


def skill_area(projection: Projection) -> None:
    body: bodies.SkillAreaBody = projection.body
    write(SkillArea, projection, key=projection.entity.path, title=body.title, text=body.text)


def technology(projection: Projection) -> None:
    body: bodies.TechnologyBody = projection.body
    write(
        Technology,
        projection,
        key=projection.entity.path,
        title=body.title,
        category=body.category,
        url=body.url or "",
    )


def profile(projection: Projection) -> None:
    body: bodies.ProfileBody = projection.body
    write(
        ValidationProfile,
        projection,
        key=projection.entity.path,
        title=body.title,
        text=body.text,
        type=body.type,
        commands=list(body.commands),
        tools=list(body.tools),
    )


def competency(projection: Projection) -> None:
    """A level that no proficiency scale has is left out; the linter says so."""
    body: bodies.CompetencyBody = projection.body
    write(
        Competency,
        projection,
        key=projection.entity.path,
        title=body.title,
        domain=body.domain,
        text=body.text,
        assessed_by=list(body.assessed_by),
    )
    levels = {level_id("proficiency", level.level): level for level in body.levels}
    rows = [
        CompetencyLevel(
            competency_id=projection.entity.pk, level_id=key, meaning=level.meaning, evidence=list(level.evidence)
        )
        for key, level in levels.items()
        if key is not None
    ]
    replace(CompetencyLevel, "competency", projection.entity.pk, rows)
