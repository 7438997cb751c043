"""What a host may read of an applicant's visa routes: its own steps, papers and questions.

The verdicts are made without what tells age, sex or military service, and no reason that lies with
the candidate is told: neither a word nor a state on a host's page may give these away.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from corridor import rules
from corridor.applications import known, planning, terms
from corridor.applications.models import Application, State
from corridor.matching import sponsored
from corridor.matching.facts import PERSONAL, settled
from corridor.matching.views import MatchView
from corridor.rules import Assessment, Verdict
from corridor.web import present, recorded, routes, visa_stand, way
from corridor.web.way import HOST


def assessment(match: MatchView, application: Application) -> Assessment:
    facts = settled(match.facts, known.papers(application))
    facts = {name: value for name, value in facts.items() if name not in PERSONAL}
    found = rules.assess(facts, day=match.day, kind=match.program.kind)
    return sponsored.first(found.upon(known.claims(application, match.program)), match.program)


def stand(match: MatchView, application: Application) -> dict[str, Any]:
    """For a table of applicants: `route`, the best one, or that which an accepted applicant goes
    by (None where no visa is asked); `visa`, what was recorded last of its steps; `stuck`, why it
    does not go on. Reads the prefetched papers, offers, steps and placement."""
    if not match.needs_pathway:
        return {"route": None, "visa": "", "stuck": ""}
    if application.state != State.ACCEPTED or application.has_begun:
        best = assessment(match, application).best
        return {"route": present.standing_badge(best), "visa": "", "stuck": ""}
    application.program = match.program  # with what is prefetched of it; else read once a row
    now = known.assessed(application, day=match.day, impersonal=True)  # by the offer's days
    shown, _basis = planning.planned(now, application, terms.offer_of(application), side=HOST)
    shown = shown or now.best
    found = visa_stand.of(application, HOST, match.day)
    stuck = found.get("why", "")
    if not stuck and shown is not None and shown.display == "no":
        stuck = _("The visa route planned with does not work as things stand.")
    return {"route": present.standing_badge(shown), "visa": found.get("said", ""), "stuck": stuck}


def visa(
    match: MatchView, application: Application, refused: recorded.StepForm | None = None
) -> list[dict[str, Any]]:
    """The open routes, that which is planned with first (see `planned`) and with the host's own
    way to the first day. `refused`: a step as it could not be recorded."""
    if not match.needs_pathway:
        return []
    now = assessment(match, application)
    still_open = [v for v in routes.routes(now) if v.display != "no"]
    shown, basis = planning.planned(now, application, terms.offer_of(application), side=HOST)
    rest = [planning.followed(v, application, HOST) for v in still_open
            if shown is None or v.pathway != shown.pathway]  # fmt: skip
    # A route whose steps are being taken stands there, whatever is known of its conditions.
    stands = shown is not None and (shown.display != "no" or basis in ("begun", "filed"))
    first = [shown] if shown is not None and stands else []
    rows = [_route(verdict, whole=n == 0) for n, verdict in enumerate([*first, *rest])]
    if first:
        rows[0]["steps"] = recorded.desk(shown, application, HOST, refused)
    return rows


def _route(verdict: Verdict, *, whole: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        **present.standing_badge(verdict),
        "asks": [
            question
            for group in routes.missing(verdict, side=HOST)
            if group["yours"]
            for question in group["questions"]
        ],
    }
    if whole:
        fees = way.costs(verdict.record, verdict.day, side=HOST)
        papers = way.documents(verdict.record, side=HOST)
        row |= {
            "timeline": way.timeline(verdict, side=HOST, only=way.HOSTS),
            "papers": [paper for group in papers if group["yours"] for paper in group["papers"]],
            "fee": next((p["total"] for p in fees["payers"] if p["side"] == "employer"), ""),
        }
    return row
