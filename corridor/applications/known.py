"""What the rules know of an application: its two sides, its offer's days, and its own papers.

A plan on Corridor is a draft for the sponsor's own Form DS-7002, so that all have signed it never
says that the form is signed. But while it is not signed, nothing that a host has stated of its
program can say that this person's is.
"""

from __future__ import annotations

from datetime import date

from corridor import rules
from corridor.applications import terms
from corridor.applications.models import Application, Paper
from corridor.matching import facts, sponsored
from corridor.matching.facts import PERSONAL, Facts
from corridor.programs.models import Program

PLAN_SIGNED = "program.ds7002_signed_by_all"


def papers(application: Application) -> Facts:
    """What the application's own papers show: no, not known (None), or nothing of it."""
    plan = _plan(application)
    if plan is None or plan.state == Paper.State.SIGNED:
        return {}
    return {PLAN_SIGNED: None if plan.state == Paper.State.UNCONFIRMED else False}


def pair(application: Application, *, day: date) -> Facts:
    """All that is known of the pair on `day`, with the days and the pay of the offer."""
    return facts.pair_facts(
        application.candidate, terms.as_offered(application), day=day, papers=papers(application)
    )


def claims(application: Application, program: Program | None = None) -> frozenset[str]:
    """What only the host has stated of all its participants (see matching.facts.claims); a plan
    that all have signed bears its word out. `program`: where it is at hand already."""
    plan = _plan(application)
    signed = plan is not None and plan.state == Paper.State.SIGNED
    return facts.claims(
        program or application.program, application.candidate,
        beside={PLAN_SIGNED: True} if signed else {},
    )  # fmt: skip


def assessed(
    application: Application, *, day: date, impersonal: bool = False
) -> rules.Assessment:
    """The verdicts as the application stands. `impersonal`: without what tells age, sex or
    military service, for the host to read."""
    known = pair(application, day=day)
    if impersonal:
        known = {name: value for name, value in known.items() if name not in PERSONAL}
    kind = application.program.kind
    found = rules.assess(known, day=day, kind=kind).upon(claims(application))
    return sponsored.first(found, application.program)


def _plan(application: Application) -> Paper | None:
    kind = Paper.Kind.TRAINING_PLAN
    return next((each for each in application.papers.all() if each.kind == kind), None)
