"""Agreements between two institutions: the list, one page each, and their writes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.common import versions
from corridor.partnerships import queries, services
from corridor.partnerships.models import Agreement, Obligation
from corridor.partnerships.watching import WARN_DAYS
from corridor.places import queries as places
from corridor.programs import queries as programs
from corridor.programs.kinds import Kind
from corridor.web import acting, present
from corridor.web.firm.access import Seat, page, workplace
from corridor.web.university import history, outcomes
from corridor.web.university.forms import (
    AgreementForm,
    ContactForm,
    ObligationForm,
    PaperForm,
    SignatureForm,
)

Status = Agreement.Status
RENEW_WITHIN = max(WARN_DAYS)
# The program that an agreement's kind is made for; the others may carry research too.
_KINDS = {
    Agreement.Kind.CURRICULUM: Kind.JOINT_CURRICULUM,
    Agreement.Kind.INTERNSHIP: Kind.INTERNSHIP,
}
_ORDER = [Status.PROPOSED, Status.SENT, Status.DRAFT, Status.ACTIVE, Status.EXPIRED, Status.ENDED]
_WAY = [Status.DRAFT, Status.SENT, Status.PROPOSED, Status.ACTIVE]


@workplace()
def agreements(request: HttpRequest, seat: Seat) -> HttpResponse:
    asked = {name: request.GET.get(name, "")[:80] for name in ("q", "kind", "status", "now")}
    everything = queries.of_organization(request.user, seat.organization)
    found = everything
    if asked["q"].strip():
        words = asked["q"].strip()
        names = ("title_ko", "title_en", "korean_party__name_ko", "korean_party__name_en",
                 "us_party__name_ko", "us_party__name_en")  # fmt: skip
        wanted = Q()
        for name in names:
            wanted |= Q(**{f"{name}__icontains": words})
        found = found.filter(wanted)
    if asked["kind"] in Agreement.Kind.values:
        found = found.filter(kind=asked["kind"])
    if asked["status"] in Status.values:
        found = found.filter(status=asked["status"])
    today = timezone.localdate()
    listed = sorted(found, key=lambda each: _ORDER.index(Status(each.status)))
    owed = set(
        Obligation.objects.filter(agreement__in=listed, done_on=None, due_on__lt=today)
        .values_list("agreement_id", "side")
    )  # fmt: skip
    placed = outcomes.placed_by_year(listed)
    rows = []
    for each in listed:
        row = _row(seat, each, today)
        row["late"] = row["active"] and (each.pk, each.side_of(seat.organization)) in owed
        row["seats"] = _seats(each, placed.get(each.pk, {}))
        row["now"] = row["my_turn"] or row["renew"] or row["over"] or row["late"]
        if row["now"] or not asked["now"]:
            rows.append(row)
    return page(
        request, seat, "university/agreements.html",
        {"rows": rows, "asked": asked,
         "nominees": queries.nominations_to(request.user, seat.organization).exists(),
         "any": bool(rows) or everything.exists(),
         "kinds": Agreement.Kind.choices, "statuses": Status.choices},
    )  # fmt: skip


def _seats(agreement: Agreement, placed: dict[int, int]) -> list[dict[str, Any]]:
    """Seats used by the year of the first day, this year at the least."""
    years = {timezone.localdate().year: 0, **placed}
    return [
        {"year": year, "used": used, "of": agreement.seats,
         "over": bool(agreement.seats and used > agreement.seats)}
        for year, used in sorted(years.items()) if year
    ]  # fmt: skip


def _row(seat: Seat, agreement: Agreement, today: date) -> dict[str, Any]:
    own = agreement.side_of(seat.organization)
    other = Agreement.Side.US if own == Agreement.Side.KR else Agreement.Side.KR
    left = (agreement.ends_on - today).days if agreement.ends_on else None
    active = agreement.status == Status.ACTIVE
    to_come = agreement.is_to_come(today)
    return {
        "agreement": agreement,
        "to_come": to_come,
        "partner": agreement.party(other),
        "ends_on": present.day(agreement.ends_on),
        "days_left": left,
        "active": active,
        "renew": active and not to_come and left is not None and 0 <= left <= RENEW_WITHIN,
        "over": active and left is not None and left < 0,
        "my_turn": agreement.awaits(seat.organization),
        "mine": agreement.signed_at(own),
        "theirs": agreement.signed_at(other),
    }


def own(request: HttpRequest, seat: Seat, pk: int) -> Agreement:
    return get_object_or_404(queries.of_organization(request.user, seat.organization), pk=pk)


@workplace(write=True)
def agreement_new(request: HttpRequest, seat: Seat) -> HttpResponse:
    form = AgreementForm(
        request.POST if request.method == "POST" else None, organization=seat.organization
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.save_agreement(
                None, by=request.user, organization=seat.organization, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The draft is kept. Send it when your side is ready."))
            return redirect("university:agreement", seat.organization.slug, made.pk)
    return page(request, seat, "university/agreement_edit.html", {"form": form})


@workplace(write=True)
def agreement_edit(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    found = own(request, seat, pk)
    shared = found.status != Status.DRAFT
    title = found.title
    form = AgreementForm(
        request.POST if request.method == "POST" else None,
        instance=found,
        organization=seat.organization,
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.save_agreement(
                found, by=request.user, version=form.read_version, **form.cleaned_data
            )
        except versions.Outdated:
            found = own(request, seat, pk)
            form = form.met(found)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(
                request,
                _("Saved as a draft. Both sides have to sign the new words.") if shared
                else _("Saved."),
            )  # fmt: skip
            return redirect("university:agreement", seat.organization.slug, pk)
    return page(
        request,
        seat,
        "university/agreement_edit.html",
        {"form": form, "agreement": found, "title": title,
         "confirmed": found.status != Status.DRAFT},
    )


@workplace()
def agreement(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    return shown(request, seat, own(request, seat, pk))


def shown(request: HttpRequest, seat: Seat, found: Agreement, **forms: Any) -> HttpResponse:
    """The agreement's page; `forms` are those that were sent and refused, with what was typed."""
    today = timezone.localdate()
    row = _row(seat, found, today)
    kind = _KINDS.get(Agreement.Kind(found.kind), Kind.JOINT_RESEARCH)
    under = (
        programs.visible_to(request.user)
        .filter(agreement=found)
        .select_related(*programs.RELATED)
        .order_by("status", "-updated_at")
    )
    names = {sector.slug: sector.name for sector in places.sectors()}
    side = found.side_of(seat.organization)
    placed = outcomes.placed_by_year([found]).get(found.pk, {})
    came = outcomes.by_program(found)
    return page(
        request,
        seat,
        "university/agreement.html",
        {
            **row,
            "side": side,
            "way": _way(found),
            "sides": [_side(found, "KR", "korean"), _side(found, "US", "us")],
            "sectors": [names[slug] for slug in found.sectors if slug in names],
            "programs": [
                {**present.program_card(program), "status": program.get_status_display(),
                 "seats": program.seats, **came[program.pk],
                 "is_mine": program.organization_id == seat.organization.pk}
                for program in under
            ],
            "kind": kind,
            "kind_label": Kind(kind).label,
            "outcome": outcomes.of(found),
            "seats": _seats(found, placed),
            "duties": [
                {"duty": each, "late": each.done_on is None and each.due_on < today,
                 "mine": each.side == side} for each in found.duties.all()
            ],
            "papers": found.papers.filter(review=None),
            "projects": found.projects.all(),
            "contacts": found.contacts.all(),
            "history": history.rows(queries.history(request.user, found)[: history.MOST], found),
            "renewal": found.renewals.exclude(status__in=Agreement.OVER).first(),
            "sign_form": SignatureForm(),
            "contact_form": ContactForm(),
            "duty_form": ObligationForm(),
            "paper_form": PaperForm(),
            **forms,
        },
    )  # fmt: skip


def _side(agreement: Agreement, side: str, prefix: str) -> dict[str, Any]:
    return {
        "side": side,
        "party": agreement.party(side),
        "at": getattr(agreement, f"{prefix}_confirmed_at"),
        "signer": getattr(agreement, f"{prefix}_signer"),
        "title": getattr(agreement, f"{prefix}_signer_title"),
        "day": getattr(agreement, f"{prefix}_signed_on"),
    }


def _way(agreement: Agreement) -> list[dict[str, str]]:
    """Draft, sent, signed by one, in force: as stations."""
    over = agreement.is_over
    at = len(_WAY) if over else _WAY.index(Status(agreement.status))
    if agreement.status == Status.ACTIVE and not agreement.is_to_come(timezone.localdate()):
        at += 1  # in force is reached, nothing is waited for
    made = [
        {"label": str(each.label),
         "state": "done" if n < at else "current" if n == at else "todo"}
        for n, each in enumerate(_WAY)
    ]  # fmt: skip
    if agreement.is_to_come(timezone.localdate()):
        made[-1]["date"] = present.day(agreement.starts_on)
    if over:
        if not agreement.signed_on:
            made = made[:1]
        made.append({"label": str(Status(agreement.status).label), "state": "done"})
    return made


@require_POST
@workplace(write=True)
def agreement_act(request: HttpRequest, seat: Seat, pk: int, act: str) -> HttpResponse:
    """Send, send back, renew or end."""
    found = own(request, seat, pk)
    if act == "renew":
        return _renewed(request, seat, found)
    if act == "end" and found.is_over:
        messages.info(request, _("It has ended already."))
    else:
        doing, said = {
            "send": (services.send, _("Sent. Your partner is told by mail.")),
            "return": (services.send_back, _("It is a draft again. Your partner is told.")),
            "end": (services.end, _("The agreement is ended. Programs under it go on.")),
        }[act]
        acting.act(request, doing, found, said)
    return redirect("university:agreement", seat.organization.slug, pk)


def _renewed(request: HttpRequest, seat: Seat, found: Agreement) -> HttpResponse:
    try:
        made = services.renew(found, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("university:agreement", seat.organization.slug, found.pk)
    messages.success(request, _("A draft with the same words. Check the dates, then send."))
    return redirect("university:agreement_edit", seat.organization.slug, made.pk)


@require_POST
@workplace(write=True)
def agreement_sign(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    found = own(request, seat, pk)
    form = SignatureForm(request.POST)
    if form.is_valid():
        try:
            done = services.sign(
                found, by=request.user, side=found.side_of(seat.organization),
                name=form.cleaned_data["name"], title=form.cleaned_data["title"],
                day=form.cleaned_data["day"],
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _signed(done))
            return redirect("university:agreement", seat.organization.slug, pk)
    return shown(request, seat, found, sign_form=form)


def _signed(agreement: Agreement) -> str:
    if agreement.status != Status.ACTIVE:
        return _("Signed for your side. Your partner is told by mail.")
    if agreement.is_to_come(timezone.localdate()):
        day = present.day(agreement.starts_on)
        return _("Signed by both sides. It is in force from %(day)s.") % {"day": day}
    return _("Signed by both sides: the agreement is in force.")
