"""With which visa route an application is planned, as its candidate reads it (see
applications.planning)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from corridor.applications import visa_steps
from corridor.applications.models import CANDIDATE, Application, Offer, State
from corridor.applications.planning import open_routes
from corridor.rules import Assessment, Verdict
from corridor.web import present, routes, way


def planned(
    assessment: Assessment | None, application: Application, offer: Offer | None = None,
    *, side: str = CANDIDATE,
) -> tuple[Verdict | None, str]:  # fmt: skip
    """The route to plan with, and why this one (see `_planned`), going on from what was recorded of
    its steps as far as a reader on `side` may know."""
    verdict, basis = _planned(assessment, application, offer)
    return followed(verdict, application, side) if verdict is not None else None, basis


def followed(verdict: Verdict, application: Application, side: str = CANDIDATE) -> Verdict:
    """The route going on from what was recorded of its steps, as far as `side` may know."""
    records = visa_steps.seen_by(application, side)
    return verdict.following(visa_steps.told(records, verdict.pathway))


def _planned(
    assessment: Assessment | None, application: Application, offer: Offer | None
) -> tuple[Verdict | None, str]:
    """`used` once the stay has begun, `filed` for by the host, `begun` where its steps are
    recorded, the candidate's `wish`, named by the `offer`, or the `best`; `closed`: a wish that is
    not open any more, so the next of these stands for it."""
    if assessment is None:
        return None, "best"
    of = {verdict.pathway: verdict for verdict in routes.routes(assessment)}
    closed = False
    placement = getattr(application, "placement", None)
    if placement is not None and (used := of.get(placement.pathway)) is not None:
        return used, "used"
    if (wish := of.get(application.route)) is not None:
        if application.route_filed_on is not None:
            return wish, "filed"
        if visa_steps.told(visa_steps.standing(application), wish.pathway):
            return wish, "begun"
        if wish.display != "no":
            return wish, "wish"
        closed = True
    if offer is not None and (named := of.get(offer.pathway)) is not None:
        return named, "closed" if closed else "offer"
    return assessment.best, "closed" if closed else "best"


def choice(
    assessment: Assessment | None,
    application: Application,
    shown: Verdict | None,
    basis: str,
) -> dict[str, Any] | None:
    """What `candidate/_route_choice.html` takes: `why` this route, and the open ones to plan with,
    each with whether the start can be met and what it costs; None where there is nothing to say.
    `stuck`: an offer is made or accepted, and the route does not work as things stand."""
    if assessment is None or shown is None:
        return None
    say = {
        "used": _("Visa route used"),
        "filed": _("The host has filed for this route on %s.")
        % present.day(application.route_filed_on),
        "begun": _("Steps of this route are recorded below."),
        "wish": _("You chose to plan with this route. The host reads it as a wish."),
        "offer": _("The route that the offer names."),
        "closed": _("The route you chose is not open any more, so this one stands here."),
        "best": _("The route that works best on what is known."),
    }
    if shown.progress and any(each.is_stopped for each in shown.progress.values()):
        say["begun"] = _("Steps of this route are recorded below; one of them was refused.")
    found = [] if basis in ("used", "filed") or application.is_final else open_routes(assessment)
    return {
        "why": say[basis],
        "wished": basis == "wish",
        "stuck": shown.display == "no" and application.state in (State.OFFERED, State.ACCEPTED),
        "options": [_option(followed(verdict, application), shown) for verdict in found]
        if len(found) > 1 else [],
    }  # fmt: skip


def _option(verdict: Verdict, shown: Verdict) -> dict[str, Any]:
    line = verdict.timeline
    if line is not None and way.is_stopped(line):
        line = None  # no day of what comes after a refusal can be said
    return {
        **present.standing_badge(verdict),
        "id": verdict.pathway,
        "now": verdict.pathway == shown.pathway,
        "start": way.feasible_word(line.feasible) if line is not None else "",
        "earliest": way.period(*line.earliest) if line is not None else "",
        "costs": way.costs(verdict.record, verdict.day)["gist"],
    }
