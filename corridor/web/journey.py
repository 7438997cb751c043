"""The line of an application: what has been, where it stands, and whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.applications.countersigned import wording
from corridor.applications.models import CANDIDATE, HOST, Application, Offer, Paper, State
from corridor.web import present

_JOURNEY = [State.SUBMITTED, State.UNDER_REVIEW, State.INTERVIEW, State.OFFERED, State.ACCEPTED]
# Whose turn it is in a state; in an accepted one nobody's.
_TURN = {State.SUBMITTED: HOST, State.UNDER_REVIEW: HOST, State.INTERVIEW: HOST,
         State.OFFERED: CANDIDATE}  # fmt: skip


def stations(
    application: Application, events: Iterable[Any], *, side: str = CANDIDATE,
    papers: Iterable[Paper] = (),
) -> list[dict[str, Any]]:  # fmt: skip
    """What <c-stations> takes, as the reader on `side` sees it.

    `papers`: those that are signed on the way to the first day, a station each.
    """
    reached: dict[str, datetime] = _told(application)
    reached |= {event.to_state: event.at for event in events if event.from_state != event.to_state}
    last = max(
        (n for n, state in enumerate(_JOURNEY) if state in reached or state == application.state),
        default=-1,
    )
    items = []
    for number, state in enumerate(_JOURNEY):
        at = reached.get(state)
        if application.is_final and number > last:
            break
        if at is None and number < last:
            continue  # passed over, as an interview that nobody held
        if application.state == state:
            # An offer that was not answered in time is the host's again, and has a due day then.
            turn = HOST if _lapsed(application) else _TURN.get(state)
            shown = "done" if turn is None else "now" if turn == side else "current"
        else:
            shown = "done" if at else "todo"
        note = ""
        if application.state == state and _lapsed(application):
            ended = _("The time to answer ended on %s.") % present.day(application.answer_by)
            note = f"{ended} {_due(application, side)}"
        elif state == State.OFFERED and application.answer_by and application.state == state:
            note = _("Answer by %s") % present.day(application.answer_by)
        elif application.state == state and application.due_on:
            note = _due(application, side)
        items.append(
            {"label": State(state).label, "state": shown,
             "date": present.moment(at) if at else "", "note": note}
        )  # fmt: skip
    items += [_paper(each, side) for each in papers if not application.is_final]
    if application.is_final:
        items.append(
            {"label": application.get_state_display(), "state": "stopped",
             "date": present.moment(reached[application.state])
             if application.state in reached else "", "note": ""}
        )  # fmt: skip
    if application.state == State.ACCEPTED:
        items += after_start(application, side)
    return items


def _lapsed(application: Application) -> bool:
    """Whether its offer was not answered in time (offers.expire)."""
    return application.state == State.OFFERED and application.due_on is not None


def _told(application: Application) -> dict[str, datetime]:
    """What the application and its offers say of when it was sent, offered and accepted: for
    those whose events were not kept."""
    found: dict[str, datetime | None] = {State.SUBMITTED: application.submitted_at}
    for offer in application.offers.all():
        found[State.OFFERED] = offer.created_at
        if offer.state == Offer.State.ACCEPTED:
            found[State.ACCEPTED] = offer.answered_at
    return {state: at for state, at in found.items() if at is not None}


def after_start(application: Application, side: str) -> list[dict[str, Any]]:
    """The stations from the first day to the certificate. `side`: whose turn is told."""
    placement = getattr(application, "placement", None)
    if placement is None:
        begun = {"label": _("First day"), "state": "todo", "date": "", "note": ""}
        return [begun, {"label": _("Completed"), "state": "todo", "date": "", "note": ""}]
    own = placement.confirmed_by_candidate_at if side == CANDIDATE else (
        placement.confirmed_by_host_at)  # fmt: skip
    held = getattr(placement, "certificate", None)
    done = held is not None and held.revoked_at is None
    return [
        {"label": _("First day"), "date": present.day(placement.started_on),
         "state": "done" if placement.is_confirmed else "now" if own is None else "current",
         "note": "" if own is not None else _("Please confirm it")},
        {"label": _("Completed"), "state": "done" if done else "todo",
         "date": present.day(held.last_day) if done else "",
         "note": "" if done else present.day(placement.left_on or placement.ends_on)},
    ]  # fmt: skip


def _paper(paper: Paper, side: str) -> dict[str, Any]:
    """A paper to be signed: whose turn it is, and by when."""
    asked = paper.turn and paper.state in (Paper.State.DRAFT, Paper.State.SIGNING)
    note = wording.turn(paper)
    if asked and paper.due_on:
        note = f"{note} · {present.day(paper.due_on)}"
    return {
        "label": paper.get_kind_display(), "date": "", "note": note,
        "state": "done" if not asked else "now" if paper.turn == side else "current",
    }  # fmt: skip


def _due(application: Application, side: str) -> str:
    """The day by which the host owes its answer, as each side reads it."""
    day = present.day(application.due_on)
    if side == HOST:
        return _("Answer by %s") % day
    if application.due_on is not None and application.due_on < timezone.localdate():
        return _("The host’s answer was due on %s. Our staff follows it up.") % day
    return _("The host answers by %s") % day
