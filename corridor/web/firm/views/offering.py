"""A host makes an offer, changes it or gives more time; every offer it made stays readable."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.applications import offers
from corridor.applications.models import HOST, Application, Offer, State
from corridor.web import hiring, present
from corridor.web.firm import applied
from corridor.web.firm.access import Seat, workplace
from corridor.web.firm.hiring_forms import OfferForm, ProlongForm

_OPEN = (State.UNDER_REVIEW, State.INTERVIEW, State.OFFERED)


@workplace()
def offer(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    found = applied.one(request, seat, pk)
    made = list(found.offers.all())
    last = made[-1] if made else None
    form = OfferForm(
        request.POST if request.method == "POST" else None, routes=hiring.routes_to_choose(),
        instance=Offer(**_beginning(found, last)), initial={"version": found.version},
    )  # fmt: skip
    if request.method == "POST" and not seat.can_edit:
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            offers.make(
                found, by=request.user, note=given["note"], version=given["version"],
                **form.terms(),
            )  # fmt: skip
        except ValidationError as error:
            _complain(form, error)
            found = applied.one(request, seat, pk)
        else:
            messages.success(request, _("The offer is made. The candidate is told."))
            return redirect("firm:offer", seat.organization.slug, pk)
    return applied.page(
        request, seat, "firm/offer.html", found,
        {
            "form": form,
            "prolong": ProlongForm(auto_id="longer_%s", initial={
                "version": found.version,
                "answer_by": max(timezone.localdate(), found.answer_by or date.min)
                + timedelta(days=7),
            }),
            "current": hiring.offer(last, side=HOST) if last else None,
            "earlier": [hiring.offer(each, side=HOST) for each in reversed(made[:-1])],
            "can_offer": seat.can_edit and found.state in _OPEN,
            "is_offered": found.state == State.OFFERED,
        },
    )  # fmt: skip


def _beginning(found: Application, last: Offer | None) -> dict[str, Any]:
    """What the form begins with: the offer before, else what the program says."""
    if last is not None:
        before = {name: getattr(last, name) for name in offers.TERMS}
        if last.answer_by < timezone.localdate():
            before["answer_by"] = timezone.localdate() + timedelta(days=14)
        return before
    program = found.program
    return {
        "starts_on": program.starts_on,
        "ends_on": program.ends_on,
        "pay_period": program.pay_period,
        "pay_amount": program.pay_amount,
        "pay_currency": program.pay_currency,
        "place": present.place(program),
        "answer_by": timezone.localdate() + timedelta(days=14),
    }


def _complain(form: OfferForm, error: ValidationError) -> None:
    """What the service refused, at its field where it has one."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error.messages)
        return
    for field, said in error.message_dict.items():
        if field == "payers":
            for bound in form.payers:
                if not form.cleaned_data.get(bound.name):
                    form.add_error(bound.name, said)
        else:
            form.add_error(field if field in form.fields else None, said)


@require_POST
@workplace(write=True)
def offer_prolong(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    found = applied.one(request, seat, pk)
    form = ProlongForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError(_("Please write a date as year-month-day."))
        offers.prolong(
            found, by=request.user, answer_by=form.cleaned_data["answer_by"],
            version=form.cleaned_data["version"],
        )  # fmt: skip
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("There is more time now. The candidate is told."))
    return redirect("firm:offer", seat.organization.slug, pk)


@workplace()
def offer_text(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    found = applied.one(request, seat, pk)
    last = offers.latest(found)
    if last is None:
        raise Http404
    return hiring.offer_text(last, found, side=HOST)
