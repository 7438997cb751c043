"""For the walk of every page: one thing of each kind that comes after the start, and its doors."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from corridor.accounts.models import Organization, User
from corridor.applications import problems
from corridor.applications.models import (
    Application,
    Certificate,
    Pair,
    Placement,
    Traveler,
    TravelStay,
)
from corridor.programs.models import Program

EVERYBODY = {"stranger", "student", "other_student", "firm", "other_firm", "university", "staff"}
DOORS: dict[str, set[str]] = {
    "arrival:start": {"student"},
    "arrival:placement": {"student"},
    "arrival:leave": set(),  # POST only
    "arrival:certificate": {"student"},
    "arrival:check_in": {"student"},
    "arrival:share": set(),  # POST only
    "arrival:agree": set(),
    "problems:index": EVERYBODY - {"stranger"},
    "problems:new": EVERYBODY - {"stranger"},
    "problems:one": {"student"},
    "problems:act": set(),  # POST only
    "after:people": {"firm"},
    "after:person": {"firm"},
    "after:certify": set(),  # POST only
    "after:revoke": set(),
    "after:roster": {"firm"},
    "after:roster_csv": {"firm"},
    "after:enlist": set(),  # POST only
    "after:traveler": {"firm"},
    "after:remove": set(),  # POST only
    "after:pair_new": {"firm"},
    "after:pair": {"firm"},
    "after:pair_act": set(),  # POST only
    "after:students": {"university"},
    "certificates:check": EVERYBODY,
    "certificates:one": EVERYBODY,
    "staff:problems": {"staff"},
    "staff:problem": {"staff"},
    "staff:problem_close": set(),  # POST only
}


def things(application: Application, program: Program, firm: Organization) -> dict[str, Any]:
    """A placement of the application's candidate in a dispatch of the firm, certified; a check-in,
    a problem, a traveler with a stay, a pair."""
    today, now = timezone.localdate(), timezone.now()
    made = Application.objects.create(
        candidate=application.candidate, program=program, state="accepted",
        consent=application.consent, submitted_at=now,
    )  # fmt: skip
    placement = Placement.objects.create(
        application=made, started_on=today - timedelta(days=80), ends_on=today,
        pathway="vwp_esta", confirmed_by_candidate_at=now, confirmed_by_host_at=now,
    )  # fmt: skip
    check_in = placement.check_ins.create(kind="week", due_on=today)
    Certificate.objects.create(
        placement=placement, code="ABCDEFGHJKMN", first_day=placement.started_on, last_day=today,
        hours=400, holder="김견본", holder_roman="Kim Sample", signed_name="-", signed_title="-",
        is_public=True,
    )  # fmt: skip
    traveler = Traveler.objects.create(organization=firm, label="A-01", placement=placement)
    TravelStay.objects.create(
        traveler=traveler, pathway="vwp_esta", entered_on=today - timedelta(days=80)
    )
    pair = Pair.objects.create(
        organization=firm, apprentice="Apprentice 1", technician=traveler, teaches="-",
        starts_on=today, ends_on=today + timedelta(days=90),
    )  # fmt: skip
    pair.goals.create(text="Align alone", by=today + timedelta(days=30))
    person: User = application.candidate.user
    problem = problems.raise_problem(by=person, kind="pay", text="-", placement=placement)
    return {"application": made, "placement": placement, "check_in": check_in, "pair": pair,
            "traveler": traveler, "problem": problem}  # fmt: skip


def address_of(name: str, held: dict[str, Any], firm: str, university: str) -> str:
    """`firm`, `university`: the slugs of the two."""
    room, _colon, page = name.partition(":")
    if name in {"problems:index", "problems:new", "certificates:check", "staff:problems"}:
        return reverse(name)
    if name == "certificates:one":
        return reverse(name, args=["ABCDEFGHJKMN"])
    if room in {"problems", "staff"}:
        return reverse(name, args=[held["problem"].pk])
    if room == "arrival":
        of = {"start": "application", "check_in": "check_in", "share": "check_in", "agree": "pair"}
        return reverse(name, args=[held[of.get(page, "placement")].pk])
    if page in {"people", "roster", "roster_csv", "pair_new", "students"}:
        return reverse(name, args=[university if page == "students" else firm])
    of = {"enlist": "placement", "traveler": "traveler", "remove": "traveler", "pair": "pair",
          "pair_act": "pair"}  # fmt: skip
    return reverse(name, args=[firm, held[of.get(page, "application")].pk])
