"""How a host's team looks at an applicant: criteria, scorecards blind to each other, notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import mean
from typing import Any

import yaml
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Avg, Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts import permissions as accounts
from corridor.accounts.models import User
from corridor.applications import permissions, services
from corridor.applications.clock import DATA
from corridor.applications.models import Application, Criterion, Score, Scorecard, TeamNote
from corridor.common import audit
from corridor.common.language import language_code
from corridor.programs.models import Program

MOST_CRITERIA = 8
LEAST, MOST = 1, 4


# --- criteria -------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _suggestions() -> dict[str, list[dict[str, str]]]:
    return yaml.load((DATA / "criteria.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)


def suggested(kind: str) -> list[str]:
    """Criteria for a program of `kind` in the reader's language."""
    rows = _suggestions().get(kind) or _suggestions()["default"]
    return [row[language_code()] for row in rows]


def criteria(program: Program) -> list[Criterion]:
    return list(program.criteria.filter(is_retired=False))


@transaction.atomic
def set_criteria(program: Program, *, by: User, texts: list[str]) -> list[Criterion]:
    """The program's criteria are these, in this order.

    One that has scores is retired and keeps them; one without is forgotten.
    """
    if not accounts.can_edit_for(by, program.organization):
        raise PermissionDenied
    texts = list(dict.fromkeys(" ".join(text.split())[:160] for text in texts if text.strip()))
    if len(texts) > MOST_CRITERIA:
        raise ValidationError(_("At most %d criteria: fewer are read with more care.")
                              % MOST_CRITERIA)  # fmt: skip
    Program.objects.select_for_update(no_key=True).get(pk=program.pk)
    left_out = program.criteria.exclude(text__in=texts)
    left_out.filter(scores=None).delete()
    left_out.update(is_retired=True)
    for position, text in enumerate(texts):
        Criterion.objects.update_or_create(
            program=program, text=text, defaults={"position": position, "is_retired": False}
        )
    audit.record("program.criteria", program, by=by, count=len(texts))
    return criteria(program)


# --- scorecards -----------------------------------------------------------------------------------


@transaction.atomic
def score(
    application: Application, *, by: User, scores: Mapping[int, tuple[int | None, str]],
    hand_in: bool,
) -> Scorecard:  # fmt: skip
    """Keep the reviewer's scores: criterion id -> (1 to 4 or None, evidence).

    Handed in, every criterion needs its score with the evidence for it, and nothing can be
    changed any more. Raises ValidationError whose dict is keyed by criterion id.
    """
    application = services.locked(application)
    _allowed(by, application)
    card, _made = Scorecard.objects.get_or_create(application=application, reviewer=by)
    if card.only_reads:
        raise ValidationError(_("You chose to read the others’ scores and give none."))
    if card.submitted_at:
        raise ValidationError(_("You have handed in your scores. They cannot be changed."))
    asked = criteria(application.program)
    if hand_in:
        _complete(asked, scores)
    for criterion in asked:
        value, evidence = scores.get(criterion.pk, (None, ""))
        if value is None:
            card.scores.filter(criterion=criterion).delete()
            continue
        if not LEAST <= value <= MOST:
            raise ValidationError(_("A score is a number from 1 to 4."))
        Score.objects.update_or_create(
            card=card, criterion=criterion,
            defaults={"value": value, "evidence": evidence.strip()[:2000]},
        )  # fmt: skip
    card.submitted_at = timezone.now() if hand_in else None
    card.save()
    if hand_in:
        audit.record("application.scored", application, by=by, card=card.pk)
    return card


def _complete(asked: list[Criterion], scores: Mapping[int, tuple[int | None, str]]) -> None:
    if not asked:
        raise ValidationError(_("This program has no criteria yet."))
    lacking = {}
    for criterion in asked:
        value, evidence = scores.get(criterion.pk, (None, ""))
        if value is None:
            lacking[f"value_{criterion.pk}"] = [_("Please give a score from 1 to 4.")]
        if not evidence.strip():
            lacking[f"evidence_{criterion.pk}"] = [_("Please write what in the file shows it.")]
    if lacking:
        raise ValidationError(lacking)


@transaction.atomic
def only_read(application: Application, *, by: User) -> Scorecard:
    """Read the others' cards and give no scores: from then on the person cannot score."""
    application = services.locked(application)
    _allowed(by, application)
    card, _made = Scorecard.objects.get_or_create(application=application, reviewer=by)
    if card.submitted_at is None:
        card.scores.all().delete()
        card.only_reads = True
        card.save()
        audit.record("application.read_scores", application, by=by)
    return card


def _allowed(by: User, application: Application) -> None:
    if not permissions.can_review(by, application):
        raise PermissionDenied


@dataclass
class Scores:
    """What one member may see of an applicant's scores."""

    mine: Scorecard | None
    handed_in: int
    open: bool  # the member has handed in, or chosen to read only
    cards: list[Scorecard] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)  # {criterion, mean, scores}


def seen_by(user: User, application: Application) -> Scores:
    """The others' cards stay closed until the member's own is handed in."""
    cards = list(
        application.scorecards.select_related("reviewer").prefetch_related("scores__criterion")
    )
    mine = next((card for card in cards if card.reviewer_id == user.pk), None)
    given = [card for card in cards if card.submitted_at]
    seen = Scores(
        mine=mine,
        handed_in=len(given),
        open=mine is not None and (mine.submitted_at is not None or mine.only_reads),
    )
    if not seen.open:
        return seen
    seen.cards = given
    by_criterion: dict[Criterion, list[tuple[Scorecard, Score]]] = {}
    for card in given:
        for each in card.scores.all():
            by_criterion.setdefault(each.criterion, []).append((card, each))
    seen.rows = [
        {"criterion": criterion, "mean": mean(each.value for _card, each in scores),
         "scores": [{"reviewer": card.reviewer, "score": each} for card, each in scores]}
        for criterion, scores in sorted(
            by_criterion.items(), key=lambda item: (item[0].position, item[0].pk)
        )
    ]  # fmt: skip
    return seen


def means(user: User, application_ids: list[int]) -> dict[int, dict[str, Any]]:
    """application id -> {n, mean, mine}; `mean` is None while the cards are closed to the user."""
    rows = (
        Scorecard.objects.filter(application_id__in=application_ids)
        .order_by()
        .values("application_id")
        .annotate(
            n=Count("pk", filter=Q(submitted_at__isnull=False), distinct=True),
            average=Avg("scores__value", filter=Q(submitted_at__isnull=False)),
            mine=Count(
                "pk",
                filter=Q(reviewer=user) & (Q(submitted_at__isnull=False) | Q(only_reads=True)),
                distinct=True,
            ),
        )
    )
    return {
        row["application_id"]: {
            "n": row["n"],
            "mean": float(row["average"]) if row["mine"] and row["average"] else None,
            "mine": bool(row["mine"]),
        }
        for row in rows
    }


# --- notes ----------------------------------------------------------------------------------------


@transaction.atomic
def add_note(application: Application, *, by: User, text: str) -> TeamNote:
    """A note that the host's members alone read. A double click leaves one."""
    application = services.locked(application)
    _allowed(by, application)
    text = text.strip()
    if not text:
        raise ValidationError(_("Please write the note."))
    last = application.team_notes.filter(author=by).last()
    if last is not None and last.text == text:
        return last
    note = TeamNote.objects.create(application=application, author=by, text=text[:4000])
    audit.record("application.noted", application, by=by, note=note.pk)
    return note
