"""What both sides of an application see of its history, its interview and its offers."""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor import rules
from corridor.accounts.models import User
from corridor.applications import calendars, planning, reasons, visa_steps, zones
from corridor.applications.models import (
    CANDIDATE,
    HOST,
    Application,
    ApplicationEvent,
    Interview,
    Offer,
    State,
)
from corridor.web import present


def history(
    application: Application, events: Iterable[ApplicationEvent], *, side: str
) -> list[dict[str, Any]]:
    """What has happened, the oldest first: {title, at, who, yours, said, note}."""
    host = application.program.host_name
    names = {
        CANDIDATE: _("You") if side == CANDIDATE else application.candidate.user.name,
        HOST: host,
    }
    return [
        {
            "title": _("Invited to an interview")
            if event.from_state != event.to_state and event.to_state == State.INTERVIEW
            else event.title,
            "at": present.moment(event.at),
            "who": names.get(event.side, "Corridor"),
            "yours": event.side == side,
            "said": _said(event),
            "note": event.note,
            "is_message": event.kind == ApplicationEvent.Kind.MESSAGE,
        }
        for event in events
    ]


def _said(event: ApplicationEvent) -> str:
    """What an event tells beside its title: why the host refused, or what it filed for and when."""
    route, day = planning.filed(event)
    stepped, what, on = visa_steps.said(event)
    if stepped:
        taken_back = _("taken back") if event.values.get("undone") else ""
        return " · ".join(part for part in (what, present.day(on), stepped, taken_back) if part)
    if event.kind == ApplicationEvent.Kind.STEP_RECORDED and not event.values:
        return _("The host could read how far the visa had come.")
    return f"{route} · {day}" if route else reasons.sentence(event.reason)


def interview(found: Interview | None, application: Application) -> dict[str, Any] | None:
    """The newest interview as a page shows it; None where there is none."""
    if found is None:
        return None
    now = timezone.now()
    program = application.program
    return {
        "pk": found.pk,
        "state": found.state,
        "word": found.get_state_display(),
        "form": found.get_form_display(),
        "minutes": found.minutes,
        "where": found.where,
        "link": found.where if found.where.startswith(("https://", "http://")) else "",
        "when": zones.said(found.starts_at, program)
        if found.state == Interview.State.SET and found.starts_at else "",
        "over": found.state == Interview.State.SET and bool(found.starts_at)
        and found.starts_at < now,
        "slots": [
            {"pk": slot.pk, "when": zones.said(slot.starts_at, program),
             "past": slot.starts_at <= now}
            for slot in found.slots.all()
        ],
    }  # fmt: skip


def offer(found: Offer, *, side: str) -> dict[str, Any]:
    """An offer's terms as facts, and its state as the reader on `side` may act on it."""
    items, payers = dict(Offer.Item.choices), dict(Offer.Payer.choices)
    yours = {Offer.Payer.CANDIDATE: _("You pay"), Offer.Payer.HOST: _("The host pays")}
    costs = []
    for item in Offer.Item.values:
        payer = found.payers.get(item, "")
        word = yours.get(payer) if side == CANDIDATE else None  # type: ignore[call-overload]
        said = word or payers.get(payer, _("Not stated"))
        costs.append({"label": str(items[item]), "value": str(said)})
    return {
        "pk": found.pk,
        "state": found.state,
        "word": found.get_state_display(),
        "is_open": found.state == Offer.State.OPEN,
        "answer_by": present.day(found.answer_by),
        "made": present.moment(found.created_at),
        "terms": [
            {"label": str(label), "value": str(value)}
            for label, value in (
                (_("First day"), present.day(found.starts_on)),
                (_("Last day"), present.day(found.ends_on)),
                (_("Pay"), present.money(found)),  # type: ignore[arg-type]
                (_("Place"), found.place),
                (_("Visa route intended"), _route(found.pathway)),
            )
        ],
        "costs": costs,
        "conditions": found.conditions,
    }


def _route(pathway: str) -> str:
    if not pathway:
        return _("Not settled yet")
    try:
        return rules.pathway(pathway).name(present.language())
    except rules.UnknownPathway:
        return pathway


def offer_text(found: Offer, application: Application, *, side: str) -> HttpResponse:
    """The offer as a plain text file to keep, print or show to family."""
    text = render_to_string(
        "hiring/offer.txt",
        {"offer": offer(found, side=side), "program": application.program,
         "today": present.day(timezone.localdate())},
    )  # fmt: skip
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="corridor-offer.txt"'
    return answer


def calendar(found: Interview, *, reader: User, address: str) -> HttpResponse:
    """The agreed interview as a file for the reader's calendar."""
    method = calendars.PUBLISH if found.state == Interview.State.SET else calendars.CANCEL
    text = calendars.of(
        found, method=method, reader=reader, address=address,
        organizer=parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
    )  # fmt: skip
    answer = HttpResponse(text, content_type=f"text/calendar; charset=utf-8; method={method}")
    answer["Content-Disposition"] = 'attachment; filename="interview.ics"'
    return answer


def routes_to_choose() -> list[tuple[str, str]]:
    """(id, name) of every visa route, for an offer."""
    lang = present.language()
    return sorted(
        ((each.id, each.name(lang)) for each in rules.pathways()), key=lambda row: row[1]
    )


def page_of(application: Application, side: str) -> str:
    """The whole address of the application's page for a reader on `side`."""
    if side == CANDIDATE:
        path = reverse("candidate:application", args=[application.pk])
    else:
        slug = application.program.organization.slug
        path = reverse("firm:application", args=[slug, application.pk])
    return f"{settings.BASE_URL}{path}"
