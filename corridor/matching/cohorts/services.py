"""Writes of rounds. Lists are frozen state by state; what was decided is kept with its inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts import permissions as accounts
from corridor.accounts.models import Organization, User
from corridor.candidates.models import Candidate
from corridor.common import audit
from corridor.common.versions import Outdated
from corridor.matching import rounds
from corridor.matching.cohorts import groups, permissions, queries
from corridor.matching.cohorts.models import CohortRound, Entrant, RoundProgram
from corridor.partnerships import notices
from corridor.partnerships import queries as partnerships
from corridor.partnerships.models import Affiliation, Notice
from corridor.programs.models import Program

State: Any = CohortRound.State


@transaction.atomic
def create_round(
    *, by: User, organization: Organization, programs: Sequence[tuple[Program, int]],
    limits: Mapping[int, Mapping[str, int]] | None = None, **fields: Any,
) -> CohortRound:  # fmt: skip
    """A draft with its programs and seats. `fields`: titles, days, most_choices, seed_source, and
    limit_by; `limits`: program id → group → at most so many admitted."""
    if not (accounts.is_staff(by) or accounts.can_edit_for(by, organization)):
        raise PermissionDenied
    made = CohortRound(organization=organization, created_by=by, **fields)
    _fill(made, programs, limits or {})
    audit.record("round.created", made, by=by, programs=[program.pk for program, _n in programs])
    return made


@transaction.atomic
def change_round(
    made: CohortRound, *, by: User, programs: Sequence[tuple[Program, int]],
    limits: Mapping[int, Mapping[str, int]] | None = None, read: str = "", **fields: Any,
) -> CohortRound:  # fmt: skip
    """A draft anew, as `create_round` takes it; once students choose, what they were told holds.
    `read`: the stamp (`stamp_of`) of the draft that was read; raises Outdated for another one."""
    made = _locked(made, by, State.DRAFT)
    if read and read != stamp_of(made):
        raise Outdated
    for name, value in fields.items():
        setattr(made, name, value)
    made.programs.all().delete()
    _fill(made, programs, limits or {})
    audit.record("round.changed", made, by=by, programs=[program.pk for program, _n in programs])
    return made


def stamp_of(made: CohortRound) -> str:
    """Of one state of a draft: another one after each change."""
    return str(made.updated_at.isoformat())


def _fill(
    made: CohortRound, programs: Sequence[tuple[Program, int]],
    limits: Mapping[int, Mapping[str, int]],
) -> None:  # fmt: skip
    """Save the round with its programs, seats and limits. Raises ValidationError."""
    if not programs:
        raise ValidationError(_("Choose at least one program."))
    possible = set(queries.possible_programs(made.organization).values_list("pk", flat=True))
    if any(program.pk not in possible for program, _seats in programs):
        raise ValidationError(_("Only published programs under your agreements can take part."))
    made.full_clean(exclude=["created_by"])
    known = groups.names(made.limit_by)
    if not limits.keys() <= {program.pk for program, _seats in programs} or any(
        group not in known or not 0 <= most <= 5000
        for at_most in limits.values() for group, most in at_most.items()
    ):
        raise ValidationError(_("A limit names a program of the round and a group to count by."))
    if not any(limits.values()):
        made.limit_by = ""  # nothing is counted, so nobody is asked
    made.save()
    for program, seats in programs:
        at_most = dict(limits.get(program.pk, {}))
        row = RoundProgram(round=made, program=program, seats=seats, at_most=at_most)
        row.full_clean()
        row.save()


@transaction.atomic
def open_round(made: CohortRound, *, by: User) -> CohortRound:
    """Students may choose now; those whom the university confirmed are told."""
    made = _locked(made, by, State.DRAFT)
    if made.choose_until < timezone.localdate():
        raise ValidationError(_("The day until which students choose has passed."))
    _move(made, State.CHOOSING, by)
    students = Affiliation.objects.filter(
        university=made.organization, state=Affiliation.State.CONFIRMED,
        consent__withdrawn_at=None,
    ).select_related("student")  # fmt: skip
    for each in students:
        notices.put(Notice.What.ROUND_OPEN, None, person=each.student, values=_about(made))
    return made


@transaction.atomic
def choose(
    made: CohortRound, *, by: User, programs: Sequence[int], region: str = ""
) -> Entrant:
    """A student's list, the first wish first; it may be changed until the day. An empty list
    takes part in nothing. `region`: asked where the round limits seats by home region."""
    made = CohortRound.objects.select_for_update(no_key=True).get(pk=made.pk)
    candidate = Candidate.objects.filter(user=by).first()
    if candidate is None or not partnerships.stands(by, made.organization):
        raise PermissionDenied
    if made.state != State.CHOOSING or made.choose_until < timezone.localdate():
        raise ValidationError(_("Choosing is closed in this round."))
    offered = set(made.programs.values_list("program_id", flat=True))
    if len(set(programs)) != len(programs) or not set(programs) <= offered:
        raise ValidationError(_("Choose each program of the round once at most."))
    if len(programs) > made.most_choices:
        raise ValidationError(
            _("Choose at most %(n)s programs.") % {"n": made.most_choices}
        )
    group = candidate.walk if made.limit_by == groups.KIND else ""
    if made.limit_by == groups.REGION and programs:
        if region not in groups.REGIONS:
            raise ValidationError(
                _("Say where your home is: this round limits seats by home region.")
            )
        group = region
    entrant: Entrant = Entrant.objects.update_or_create(
        round=made, candidate=candidate, defaults={"choices": list(programs), "group": group}
    )[0]
    audit.record("round.chosen", made, by=by, choices=len(programs))
    return entrant


@transaction.atomic
def close_choosing(made: CohortRound, *, by: User, day: date | None = None) -> CohortRound:
    """Freeze the students' lists, judge every chosen pair, and ask the hosts to rank.

    A pair is barred where a must of the host is not met, where no visa route works, or where none
    could be confirmed: unknown is never yes. Costs one match a chosen pair.
    """
    made = _locked(made, by, State.CHOOSING)
    day = day or timezone.localdate()
    rows = {row.program_id: row.program for row in made.programs.select_related("program")}
    for entrant in made.entrants.select_related("candidate"):
        if not partnerships.stands(entrant.candidate.user, made.organization):
            entrant.choices = []  # left the university meanwhile
        if made.limit_by == groups.KIND:
            entrant.group = entrant.candidate.walk  # as of the day on which lists are frozen
        entrant.barred = {
            str(pk): bar for pk in entrant.choices
            if (bar := queries.bar(entrant.candidate, rows[pk], day=day))
        }  # fmt: skip
        entrant.save()
    made.judged_on = day
    _move(made, State.RANKING, by)
    for host in {row.program.organization for row in made.programs.select_related(
        "program__organization"
    )}:  # fmt: skip
        notices.put(Notice.What.ROUND_RANK, None, to=[host], values=_about(made))
    return made


@transaction.atomic
def rank(row: RoundProgram, *, by: User, places: Mapping[str, int]) -> RoundProgram:
    """A host's order: code → place, equal places are a tie, who is left out is not taken."""
    made = CohortRound.objects.select_for_update(no_key=True).get(pk=row.round_id)
    row = RoundProgram.objects.select_related("program__organization", "round").get(pk=row.pk)
    if not permissions.can_rank(by, row):
        raise PermissionDenied
    if made.state != State.RANKING:
        raise ValidationError(_("Ranking is closed in this round."))
    able = {each.code for each in queries.choosers(row)}
    if not set(places) <= able:
        raise ValidationError(_("Rank only those who chose this program."))
    if any(place < 1 for place in places.values()):
        raise ValidationError(_("A place is 1 or a larger number."))
    row.places = dict(places)
    row.ranked_at, row.ranked_by = timezone.now(), by
    row.save()
    audit.record("round.ranked", made, by=by, program=row.program_id, ranked=len(places))
    return row


@transaction.atomic
def decide(made: CohortRound, *, by: User, seed: str) -> CohortRound:
    """Draw the lots from the public seed, assign, check independently, and keep all of it."""
    made = _locked(made, by, State.RANKING)
    if not seed.strip():
        raise ValidationError(_("Write the public figure from which the lots are drawn."))
    data = inputs_of(made)
    try:
        drawn = rounds.files.read(data).drawn(seed.strip())
    except rounds.BadRound as error:
        raise ValidationError(str(error)) from error
    orders, book = rounds.strict(drawn), rounds.certificate.Book(drawn)
    outcome = rounds.assign(drawn, orders)
    certificate = rounds.certify(drawn, outcome.by_id(drawn), book)
    if rounds.verify(drawn, certificate, book):
        raise ValidationError(_("The outcome did not pass its check. Nothing was decided."))
    made.inputs = rounds.files.with_lottery(data, drawn)
    made.certificate = rounds.certificate.write(certificate)
    made.decided_at = timezone.now()
    _move(made, State.DECIDED, by)
    for entrant in made.entrants.select_related("candidate__user"):
        notices.put(
            Notice.What.ROUND_DECIDED, None, person=entrant.candidate.user, values=_about(made)
        )
    hosts = {row.program.organization for row in made.programs.select_related(
        "program__organization"
    )}  # fmt: skip
    notices.put(Notice.What.ROUND_DECIDED, None, to=sorted(hosts, key=lambda each: each.pk),
                values=_about(made))  # fmt: skip
    return made


def inputs_of(made: CohortRound) -> dict[str, Any]:
    """The round as `manage.py round` reads it, under pseudonyms, before the lots are drawn."""
    rows = {row.program_id: row for row in made.programs.all()}
    candidates = []
    for each in made.entrants.order_by("code"):
        entry: dict[str, Any] = {
            "id": each.code, "choices": [rows[pk].key for pk in each.choices],
        }  # fmt: skip
        if made.limit_by and each.group:
            entry["groups"] = {made.limit_by: each.group}
        if each.barred:
            entry["barred"] = {rows[int(pk)].key: bar for pk, bar in each.barred.items()}
        candidates.append(entry)
    programs = [
        {"id": row.key, "seats": row.seats, "ranking": _levels(row.places)}
        | ({"limits": {"by": made.limit_by, "at_most": row.at_most}} if row.at_most else {})
        for row in rows.values()
    ]
    return {
        "format": rounds.files.FORMAT, "name": made.title_en or made.title_ko,
        "candidates": candidates, "programs": programs,
    }  # fmt: skip


def _levels(places: Mapping[str, int]) -> list[Any]:
    """Codes in order; those on an equal place as a list of their own."""
    found: list[Any] = []
    for place in sorted(set(places.values())):
        tied = sorted(code for code, at in places.items() if at == place)
        found.append(tied[0] if len(tied) == 1 else tied)
    return found


@transaction.atomic
def cancel(made: CohortRound, *, by: User) -> CohortRound:
    made = CohortRound.objects.select_for_update(no_key=True).get(pk=made.pk)
    if not permissions.can_run(by, made):
        raise PermissionDenied
    if made.state == State.DECIDED:
        raise ValidationError(_("What was decided stands."))
    if made.state != State.CANCELLED:
        _move(made, State.CANCELLED, by)
    return made


def _locked(made: CohortRound, by: User, state: str) -> CohortRound:
    made = CohortRound.objects.select_for_update(no_key=True).get(pk=made.pk)
    if not permissions.can_run(by, made):
        raise PermissionDenied
    if made.state != state:
        raise ValidationError(_("The round has moved on meanwhile. Look at it anew."))
    return made


def _move(made: CohortRound, state: str, by: User) -> None:
    made.state = state
    made.full_clean(exclude=["created_by"], validate_constraints=False)
    made.save()
    audit.record(f"round.{state}", made, by=by)


def _about(made: CohortRound) -> dict[str, Any]:
    return {
        "round": made.pk, "university": made.organization_id, "title_ko": made.title_ko,
        "title_en": made.title_en, "choose_until": made.choose_until.isoformat(),
        "rank_until": made.rank_until.isoformat(),
    }  # fmt: skip
