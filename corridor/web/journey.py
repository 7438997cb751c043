"""The line of an application: what has been, where it stands, and whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from corridor.applications.models import CANDIDATE, HOST, Application, State
from corridor.web import present

_JOURNEY = [State.SUBMITTED, State.UNDER_REVIEW, State.INTERVIEW, State.OFFERED, State.ACCEPTED]
# Whose turn it is in a state; in an accepted one nobody's.
_TURN = {State.SUBMITTED: HOST, State.UNDER_REVIEW: HOST, State.INTERVIEW: HOST,
         State.OFFERED: CANDIDATE}  # fmt: skip


def stations(
    application: Application, events: Iterable[Any], *, side: str = CANDIDATE
) -> list[dict[str, Any]]:
    """What <c-stations> takes, as the reader on `side` sees it."""
    reached: dict[str, datetime] = {event.to_state: event.at for event in events}
    last = max((number for number, state in enumerate(_JOURNEY) if state in reached), default=-1)
    items = []
    for number, state in enumerate(_JOURNEY):
        at = reached.get(state)
        if application.is_final and number > last:
            break
        if application.state == state:
            turn = _TURN.get(state)
            shown = "done" if turn is None else "now" if turn == side else "current"
        else:
            shown = "done" if at or number < last else "todo"
        note = ""
        if state == State.OFFERED and application.answer_by and application.state == state:
            note = _("Answer by %s") % present.day(application.answer_by)
        items.append(
            {"label": State(state).label, "state": shown,
             "date": present.moment(at) if at else "", "note": note}
        )  # fmt: skip
    if application.is_final:
        items.append(
            {"label": application.get_state_display(), "state": "stopped",
             "date": present.moment(reached[application.state])
             if application.state in reached else "", "note": ""}
        )  # fmt: skip
    return items
