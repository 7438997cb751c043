"""What came of agreements: curricula, seats, nominations, applications, placements, completions.
Counted from the rows each time; nothing is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import ExtractYear

from corridor.applications.models import Application, State
from corridor.partnerships.models import Agreement, Nomination
from corridor.programs.kinds import Kind
from corridor.programs.models import Program


def placed_by_year(agreements: Iterable[Agreement]) -> dict[int, dict[int, int]]:
    """agreement -> year of the program's first day -> accepted offers; one query."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    rows = (
        Application.objects.filter(
            program__agreement__in=[each.pk for each in agreements], state=State.ACCEPTED
        )
        .values("program__agreement_id", year=ExtractYear("program__starts_on"))
        .order_by("year")
        .annotate(n=Count("pk"))
    )
    for row in rows:
        found[row["program__agreement_id"]][row["year"] or 0] = row["n"]
    return found


def of(agreement: Agreement) -> dict[str, int]:
    """The way from the agreement to a place, as counts; drafts count nowhere. Three queries."""
    programs = Program.objects.filter(agreement=agreement).exclude(status=Program.Status.DRAFT)
    made: dict[str, Any] = programs.aggregate(
        programs=Count("pk"),
        curricula=Count("pk", filter=Q(kind=Kind.JOINT_CURRICULUM)),
        seats=Sum("seats"),
    )
    sent = Nomination.objects.filter(agreement=agreement).aggregate(
        nominated=Count("pk", filter=Q(state__in=Nomination.LIVE)),
        sent=Count("pk", filter=Q(state=Nomination.State.SENT)),
    )
    applied = Application.objects.filter(program__agreement=agreement).aggregate(
        applied=Count("pk", filter=~Q(state=State.DRAFT)),
        offered=Count("pk", filter=Q(state__in=[State.OFFERED, State.ACCEPTED, State.DECLINED])),
        placed=Count("pk", filter=Q(state=State.ACCEPTED)),
        begun=Count("pk", filter=Q(placement__confirmed_by_candidate_at__isnull=False)),
        completed=Count(
            "pk",
            filter=Q(placement__certificate__isnull=False,
                     placement__certificate__revoked_at=None),
        ),
    )
    return {name: count or 0 for name, count in {**made, **sent, **applied}.items()}


def by_program(agreement: Agreement) -> dict[int, dict[str, int]]:
    """Program -> how many were nominated, applied and got a place; two queries."""
    made: dict[int, dict[str, int]] = defaultdict(
        lambda: {"nominated": 0, "applied": 0, "placed": 0}
    )
    sent = Nomination.objects.filter(agreement=agreement, state__in=Nomination.LIVE)
    for pk, count in sent.values_list("program_id").annotate(n=Count("pk")).order_by():
        made[pk]["nominated"] = count
    applied = Application.objects.filter(program__agreement=agreement).exclude(state=State.DRAFT)
    for pk, state, count in (
        applied.values_list("program_id", "state").annotate(n=Count("pk")).order_by()
    ):
        made[pk]["applied"] += count
        if state == State.ACCEPTED:
            made[pk]["placed"] = count
    return made
