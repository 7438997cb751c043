"""With which visa route an application is planned, as its candidate reads it (see
applications.planning)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from corridor.applications.models import Application, State
from corridor.applications.planning import followed, open_routes
from corridor.rules import Assessment, Verdict
from corridor.web import present, way


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
    if line is not None and line.is_stopped:
        line = None  # no day of what comes after a refusal can be said
    return {
        **present.standing_badge(verdict),
        "id": verdict.pathway,
        "now": verdict.pathway == shown.pathway,
        "start": way.feasible_word(line.feasible) if line is not None else "",
        "earliest": way.period(*line.earliest) if line is not None else "",
        "costs": way.costs(verdict.record, verdict.day)["gist"],
    }
