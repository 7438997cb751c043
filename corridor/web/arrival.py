"""What pages show of a placement, its check-ins, its certificate and a traveler's stay."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor import rules, taxonomy
from corridor.applications import check_ins, rosters, zones
from corridor.applications.models import (
    Application,
    Certificate,
    CheckIn,
    Offer,
    Placement,
    State,
)
from corridor.web import present, readings


def start_of(application: Application) -> dict[str, Any]:
    """What is already said of the days: by the other side, by the offer, or by the program."""
    placement = getattr(application, "placement", None)
    if placement is not None:
        return {"started_on": placement.started_on, "ends_on": placement.ends_on,
                "pathway": placement.pathway}  # fmt: skip
    offer = next(
        (each for each in application.offers.all() if each.state == Offer.State.ACCEPTED), None
    )
    told = offer or application.program
    return {"started_on": told.starts_on, "ends_on": told.ends_on,
            "pathway": offer.pathway if offer else ""}  # fmt: skip


def phase(application: Application, day: date) -> str:
    """Where a person stands who may have begun: `ahead` of the first day, `due` (it has come and is
    to be confirmed), `stay`, or `over`."""
    placement = getattr(application, "placement", None)
    if placement is not None:
        return "over" if (placement.left_on or placement.ends_on) < day else "stay"
    if application.state != State.ACCEPTED:
        return "ahead"
    first = start_of(application)["started_on"]
    return "due" if first is not None and first <= day else "ahead"


def now(application: Application, day: date) -> dict[str, Any] | None:
    """What matters from the first day on, as `candidate/_after.html` takes it; None before it."""
    at = phase(application, day)
    if at == "ahead":
        return None
    told = start_of(application)
    made: dict[str, Any] = {
        "phase": at, "first": present.day(told["started_on"]), "check_in": None,
        "url": reverse("arrival:start", args=[application.pk]),
    }  # fmt: skip
    placement = getattr(application, "placement", None)
    if placement is None:
        return made
    last = placement.left_on or placement.ends_on
    left = (last - day).days
    held = getattr(placement, "certificate", None)
    open_ = [check_in(each, day) for each in placement.check_ins.all()]
    return made | {
        "last": present.day(last),
        "left": _days_left(left),
        "to_confirm": placement.confirmed_by_candidate_at is None,
        "url": reverse("arrival:placement", args=[placement.pk]),
        "start_url": reverse("arrival:start", args=[application.pk]),
        "check_in": next((each for each in open_ if each["state"] in ("due", "late", "ahead")),
                         None),
        "certificate": "revoked" if held and held.revoked_at else "ready" if held else "",
        "certificate_url": reverse("arrival:certificate", args=[placement.pk]),
    }  # fmt: skip


def _days_left(days: int) -> str:
    """Of the last day itself nothing is left, but it is not over."""
    if days == 0:
        return _("last day today")
    return ngettext("%d day left", "%d days left", days) % days


def route_name(pathway: str) -> str:
    found = next((each for each in rules.pathways() if each.id == pathway), None)
    return found.name(present.language()) if found else ""


def facts(placement: Placement) -> list[dict[str, str]]:
    program = placement.application.program
    last = placement.left_on or placement.ends_on
    rows = [
        (_("Host"), program.host_name),
        (_("Place"), present.place(program)),
        (_("First day"), present.day(placement.started_on)),
        (_("Last day") if placement.left_on else _("Planned last day"), present.day(last)),
        (_("Visa route used"), route_name(placement.pathway)),
        (_("Time zone"), zones.called(placement.timezone) if zones.is_known(placement)
         else _("Not known: the program names no hub. Days are those of Seoul.")),
        (_("Confirmed by the participant"), present.moment(placement.confirmed_by_candidate_at)),
        (_("Confirmed by the host"), present.moment(placement.confirmed_by_host_at)
         or _("not yet")),
    ]  # fmt: skip
    return [{"label": str(label), "value": str(value)} for label, value in rows if value]


def check_in(found: CheckIn, today: date) -> dict[str, Any]:
    """`state`: answered, due (it can be answered), late, missed, or ahead."""
    days = (today - found.due_on).days
    if found.answered_at is not None:
        state, word = "answered", _("Answered")
    elif days > check_ins.rules()["answer_for"]:
        state, word = "missed", _("Not answered")
    elif days > 0:
        state, word = "late", _("Waits for you")
    elif days >= -check_ins.APART:
        state, word = "due", _("Ready")
    else:
        state, word = "ahead", _("To come")
    form = dict(CheckIn.Form.choices)
    return {
        "pk": found.pk, "kind": found.get_kind_display(), "day": present.day(found.due_on),
        "state": state, "word": word, "open": state in ("due", "late"),
        "university_sees": form[CheckIn.Form(found.university_sees)],
        "host_sees": form[CheckIn.Form(found.host_sees)],
        "answered": present.moment(found.answered_at),
    }  # fmt: skip


def stations(placement: Placement, today: date) -> list[dict[str, str]]:
    """The line from the first day to the certificate; “under way” stands in it while it is."""
    held = getattr(placement, "certificate", None)
    last = placement.left_on or placement.ends_on
    issued = held is not None and held.revoked_at is None
    over, left = issued or last < today, (last - today).days
    confirmed = placement.is_confirmed
    under_way = {
        "label": _("Under way"), "state": "current" if confirmed else "todo", "date": "",
        "note": _days_left(left),
    }  # fmt: skip
    return [
        {"label": _("First day"), "state": "done" if confirmed or over else "current",
         "date": present.day(placement.started_on),
         "note": "" if confirmed or over else _("Not confirmed by both sides yet")},
        *([] if over else [under_way]),
        {"label": _("Last day"), "state": "done" if over else "todo", "date": present.day(last)},
        {"label": _("Certificate of completion"),
         "state": "done" if issued else "todo",
         "date": present.moment(held.created_at) if issued else ""},
    ]  # fmt: skip


def certificate(placement: Placement) -> dict[str, Any] | None:
    held = getattr(placement, "certificate", None)
    return paper(held) if held is not None else None


def paper(held: Certificate) -> dict[str, Any]:
    """The whole certificate as its holder and its host read it, each line in both languages."""
    return {
        **_public(held),
        "pk": held.pk,
        "code": held.written_code,
        "address": f"{settings.BASE_URL}{reverse('certificates:one', args=[held.code])}",
        "is_public": held.is_public,
        "shows": held.shows,
        "hours": held.hours,
        "skills": _skills(held),
        "place": _place(held),
        "made": present.moment(held.updated_at),
        "both": [_in(language, held) for language in ("ko", "en")],
    }


def public(held: Certificate) -> dict[str, Any]:
    """What its holder lets anybody see: name, program, dates; more where they chose it."""
    shown = set(held.shows)
    return {
        **_public(held),
        "code": held.written_code,
        "hours": held.hours if Certificate.Part.HOURS in shown else None,
        "skills": _skills(held) if Certificate.Part.SKILLS in shown else [],
        "place": _place(held) if Certificate.Part.PLACE in shown else "",
    }


def _public(held: Certificate) -> dict[str, Any]:
    program = held.placement.application.program
    return {
        "holder": held.holder, "holder_roman": held.holder_roman,
        "program": program.title, "host": program.host_name, "sample": program.is_sample,
        "first_day": present.day(held.first_day), "last_day": present.day(held.last_day),
        "signed_name": held.signed_name, "signed_title": held.signed_title,
        "revoked": present.moment(held.revoked_at), "revoked_why": held.revoked_why,
    }  # fmt: skip


def _in(language: str, held: Certificate) -> dict[str, Any]:
    with translation.override(language):
        return {
            **_public(held), "language": language, "kind": held.placement.application.program
            .get_kind_display(), "place": _place(held), "skills": _skills(held),
            "hours": _("%(n)s hours") % {"n": held.hours} if held.hours else "",
            "title": _("Certificate of completion"),
            "sentence": _("%(host)s confirms that %(name)s took part in “%(program)s”.")
            % {"host": held.placement.application.program.host_name,
               "name": held.holder if language == "ko" else held.holder_roman or held.holder,
               "program": held.placement.application.program.title},
            "labels": {"first": _("First day"), "last": _("Last day"), "hours": _("Hours"),
                       "skills": _("Skills learned"), "place": _("Place"),
                       "signed": _("Confirmed and signed by"), "code": _("Code"),
                       "check": _("Check it at")},
        }  # fmt: skip


def _place(held: Certificate) -> str:
    hub = held.placement.application.program.hub
    return f"{hub.name}, {hub.state.code}" if hub else ""


def _skills(held: Certificate) -> list[str]:
    known = taxonomy.load().skills
    korean = (translation.get_language() or "ko").startswith("ko")
    return [known[each].ko if korean else known[each].en
            for each in held.skill_ids if each in known]  # fmt: skip


# --- stays ------------------------------------------------------------------------------------

_TONES = {"over": "now", "near": "now", "unknown": "condition", "open": "accent",
          "planned": "", "ended": "quiet"}  # fmt: skip


def stay_row(row: rosters.Row) -> dict[str, Any]:
    """A roster's row: the day it is, the last day or that it is unknown, and what to look at."""
    count, lang = row.count, present.language()
    made: dict[str, Any] = {
        "pk": row.traveler.pk, "name": row.name, "label": row.traveler.label,
        "program": row.traveler.program, "this_year": row.this_year, "half_year": row.half_year,
        "on_route": row.on_route, "stay": row.now, "count": None, "tone": "quiet",
        "word": _("No stay told"),
    }  # fmt: skip
    if count is None or row.now is None:
        return made
    limit = count.limit
    made |= {
        "count": count,
        "tone": _TONES[count.state],
        "word": word(count),
        "route": route_name(row.now.pathway) or row.now.pathway,
        "entered": present.day(row.now.entered_on),
        "exit": present.day(row.now.left_on or row.now.leaves_on),
        "has_left": row.now.left_on is not None,
        "last": present.day(count.last),
        "longest": present.day(count.longest),
        "planned_too_long": count.planned_too_long and row.now.left_on is None,
        "extends": limit is None or limit.extends,
        "by": {"i94": _("as the Form I-94 says"), "law": _("by the law alone")}.get(count.by, ""),
        "note": limit.note(lang) if limit else "",
        "look": limit.look(lang) if limit else _(
            "No limit of this route is in our data. The “Admit Until” date of the Form I-94 is the "
            "last day; where it says D/S, the date of the DS-2019 or I-20 counts."
        ),
        "citation": limit.backing.citation if limit else "",
        "verified": bool(limit and limit.backing.verified),
        "checked": readings.short(limit.backing) if limit else "",
    }  # fmt: skip
    return made


def word(count: rules.Count) -> str:
    if count.state == "over" and count.bound is not None and count.left is None:
        return _("Past the longest the law gives")
    if count.state == "over" and count.left is not None:
        return ngettext("%d day over", "%d days over", -count.left) % -count.left
    if count.state == "ended":
        return _("Has left")
    if count.state == "planned":
        return _("To come")
    if count.left is None:
        return _("Last day unknown")
    return ngettext("%d day left", "%d days left", count.left) % count.left


