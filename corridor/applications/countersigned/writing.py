"""Beginning a paper and changing what it says.

Words that had been signed become a new version, and every signature on the old ones is void.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts import permissions as accounts
from corridor.accounts.models import Organization, User
from corridor.applications import permissions as applications
from corridor.applications import services
from corridor.applications.countersigned import (
    checks,
    drafting,
    keeping,
    permissions,
    queries,
    shapes,
)  # fmt: skip
from corridor.applications.countersigned.telling import put
from corridor.applications.models import CANDIDATE, Application, Paper, PaperNotice
from corridor.common import audit
from corridor.partnerships import queries as partnerships

Kind = Paper.Kind


@transaction.atomic
def begin_plan(application: Application, *, by: User) -> Paper:
    """The host's first draft; the one that stands is given where there is one."""
    application = services.locked(application)
    if not applications.can_decide(by, application):
        raise PermissionDenied
    found = application.papers.filter(kind=Kind.TRAINING_PLAN).first()
    if found is not None:
        return found
    if not drafting.plan_is_due(application):
        raise ValidationError(
            _("A training plan belongs to an accepted offer with the route J-1 intern, trainee or "
              "student intern.")
        )
    return _begun(application, Kind.TRAINING_PLAN, by, content=drafting.plan(application))


@transaction.atomic
def begin_agreement(application: Application, *, by: User, university: Organization) -> Paper:
    """A learning agreement, begun by the student, or by a university for its confirmed student."""
    application = services.locked(application)
    student = application.candidate.user
    is_student = student.pk == by.pk
    if not is_student and not accounts.can_edit_for(by, university):
        raise PermissionDenied
    if not partnerships.stands(student, university):
        if not is_student:
            raise PermissionDenied
        raise ValidationError(
            _("Choose a university that has confirmed you as its student (see “My university”).")
        )
    found = application.papers.filter(kind=Kind.LEARNING).first()
    if found is not None:
        return found
    if not drafting.agreement_is_possible(application):
        raise ValidationError(_("A learning agreement can be drawn up once there is an offer."))
    return _begun(
        application, Kind.LEARNING, by, third=university, third_name=name_of(university),
        by_third=not is_student,
        content=drafting.agreement(
            application, drafting.department_of(application.candidate, university)
        ),
    )  # fmt: skip


def _begun(application: Application, kind: str, by: User, **fields: Any) -> Paper:
    turn = Paper.ORDER[Kind(kind)][0]
    paper = Paper.objects.create(
        application=application, kind=kind, turn=turn, due_on=keeping.due("sign"), **fields
    )
    audit.record("paper.begun", paper, by=by, kind=kind, application=application.pk)
    return paper


@transaction.atomic
def save(
    paper: Paper, *, by: User, side: str, revision: int | None, values: dict[str, Any]
) -> Paper:
    """Change what the paper says. `values`: fields of its shape.

    Words that had been signed become a new version, and every signature on the old ones is void.
    """
    paper = _locked_for_words(paper, by, side, revision)
    return _written(paper, {**paper.content, **values}, by)


@transaction.atomic
def name_third(
    paper: Paper, *, by: User, side: str, revision: int | None, third: Organization | None,
    name: str = "",
) -> Paper:  # fmt: skip
    """The sponsor of a plan: a verified organization, or the name of one not on Corridor."""
    paper = _locked_for_words(paper, by, side, revision)
    if paper.kind != Kind.TRAINING_PLAN:
        raise PermissionDenied
    name = " ".join(name.split())[:160]
    if paper.third_id == (third.pk if third else None) and (third or name == paper.third_name):
        return paper
    _set_third(paper, third, name)
    return _written(paper, paper.content, by, changed=True)


def _set_third(paper: Paper, third: Organization | None, name: str) -> None:
    if third is not None and not queries.sponsors(paper).filter(pk=third.pk).exists():
        raise ValidationError(
            _("Choose a verified U.S. university, or write the university’s name.")
            if shapes.for_student(paper.content)
            else _("Choose a verified sponsor, or write the sponsor’s name.")
        )
    if third != paper.third:
        paper.consent = None  # it was given for the sponsor before
    paper.third, paper.third_name = third, name_of(third) if third else name


def name_of(organization: Organization) -> str:
    """As it stands in the words that are signed, whatever it is called later."""
    return organization.name_en or organization.name_ko


@transaction.atomic
def save_phase(
    paper: Paper, *, by: User, side: str, revision: int | None, number: int,
    values: dict[str, Any],
) -> Paper:  # fmt: skip
    """Change phase `number` (from 1), or add one with the number after the last."""
    paper = _locked_for_words(paper, by, side, revision)
    parts = shapes.phases(paper.content)
    if not shapes.of(paper).parts or not 1 <= number <= len(parts) + 1:
        raise ValidationError(_("There is no such phase."))
    if number > shapes.MOST_PARTS:
        raise ValidationError(_("There is no room for more. Please remove one first."))
    if number > len(parts):
        parts.append({})
    parts[number - 1] = {**parts[number - 1], **values}
    return _written(paper, {**paper.content, "phases": _in_order(parts)}, by)


@transaction.atomic
def remove_phase(
    paper: Paper, *, by: User, side: str, revision: int | None, number: int
) -> Paper:
    paper = _locked_for_words(paper, by, side, revision)
    parts = shapes.phases(paper.content)
    if not 1 <= number <= len(parts):
        raise ValidationError(_("There is no such phase."))
    del parts[number - 1]
    return _written(paper, {**paper.content, "phases": parts}, by)


def _in_order(parts: list[shapes.Content]) -> list[shapes.Content]:
    """By their first day; those without one keep their place at the end."""
    return sorted(parts, key=lambda part: (not part.get("starts_on"), part.get("starts_on") or ""))


def _locked_for_words(paper: Paper, by: User, side: str, revision: int | None) -> Paper:
    paper = keeping.locked(paper)
    if not permissions.may_write(by, paper, side):
        raise PermissionDenied
    keeping.check_revision(paper, revision)
    if paper.outcome:
        raise ValidationError(_("The hours are confirmed already: the words stay as they are."))
    return paper


def _written(
    paper: Paper, content: shapes.Content, by: User, *, changed: bool = False
) -> Paper:
    if content == paper.content and not changed:
        return paper
    fields = sorted(
        name for name in content.keys() | paper.content.keys()
        if content.get(name) != paper.content.get(name)
    )  # fmt: skip
    standing = queries.signatures(paper)
    paper.content, paper.asked = content, ""
    if standing:
        keeping.void(paper, standing, by)
    keeping.keep(paper)
    audit.record("paper.written", paper, by=by, fields=fields, version=paper.version)
    is_ready = not checks.blocking(paper, day=timezone.localdate())
    if paper.by_third and paper.turn == CANDIDATE and is_ready:
        put(paper, PaperNotice.What.SIGN, CANDIDATE, about=f"written/{paper.version}")
    return paper
