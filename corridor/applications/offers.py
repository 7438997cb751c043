"""Offers: terms with a day to answer by, changed or prolonged in the open, ended kindly."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor import rules
from corridor.accounts.models import User
from corridor.applications import clock, permissions, services
from corridor.applications.models import (
    HOST,
    SYSTEM,
    Application,
    ApplicationEvent,
    Offer,
    State,
)
from corridor.common import audit

Kind = ApplicationEvent.Kind
LEAST_DAYS = 3  # an offer leaves at least this long to think
REMIND_DAYS = 2
TERMS = ("starts_on", "ends_on", "pay_period", "pay_amount", "pay_currency", "place", "payers",
         "pathway", "conditions", "answer_by")  # fmt: skip


def latest(application: Application) -> Offer | None:
    return application.offers.last()


@transaction.atomic
def make(
    application: Application, *, by: User, note: str = "", version: int | None = None,
    today: date | None = None, **terms: Any,
) -> Offer:  # fmt: skip
    """Make an offer, or replace the one that waits: the candidate then answers the new terms.

    `terms`: the fields in TERMS. Raises ValidationError keyed by field.
    """
    application = services.locked(application)
    if not permissions.can_decide(by, application):
        raise PermissionDenied
    services.check_version(application, version)
    today = today or timezone.localdate()
    offer = Offer(application=application, made_by=by, **terms)
    offer.full_clean(exclude=["application", "made_by"], validate_constraints=False)
    _check(offer, today)
    changed = application.state == State.OFFERED
    application.offers.filter(state=Offer.State.OPEN).update(state=Offer.State.REPLACED)
    offer.save()
    if changed:
        application.answer_by, application.due_on = offer.answer_by, None
        services.keep(application)
        services.add_event(
            application, kind=Kind.OFFER_CHANGED, by=by, side=HOST, note=note, offer=offer.pk
        )
    else:
        services.move(
            application, by=by, to=State.OFFERED, note=note, answer_by=offer.answer_by
        )
    audit.record("application.offer", application, by=by, offer=offer.pk, changed=changed)
    return offer


def _check(offer: Offer, today: date) -> None:
    wrong: dict[str, list[str]] = {}
    if offer.ends_on < offer.starts_on:
        wrong["ends_on"] = [_("The last day must not be before the first day.")]
    if offer.starts_on <= today:
        wrong["starts_on"] = [_("The first day must be in the future.")]
    if offer.answer_by < today + timedelta(days=LEAST_DAYS):
        wrong["answer_by"] = [
            _("Leave at least %d days to answer: family, school or employer are asked too.")
            % LEAST_DAYS
        ]
    elif offer.answer_by > offer.starts_on:
        wrong["answer_by"] = [_("The day to answer by must be before the first day.")]
    if offer.pay_period != "unpaid" and offer.pay_amount is None:
        wrong["pay_amount"] = [_("Please write the amount, or choose “unpaid”.")]
    lacking = [item for item in Offer.Item if offer.payers.get(item) not in Offer.Payer.values]
    if lacking:
        wrong["payers"] = [_("Please say of every cost who pays it.")]
    if offer.pathway:
        try:
            rules.pathway(offer.pathway)
        except rules.UnknownPathway:
            wrong["pathway"] = [_("This visa route is not known.")]
    if wrong:
        raise ValidationError(wrong)


@transaction.atomic
def prolong(
    application: Application, *, by: User, answer_by: date, version: int | None = None,
    today: date | None = None,
) -> Application:  # fmt: skip
    """Give more time for the same terms, before or after the day has passed."""
    application = services.locked(application)
    if not permissions.can_decide(by, application):
        raise PermissionDenied
    services.check_version(application, version)
    if application.state != State.OFFERED:
        raise ValidationError(_("There is no offer to prolong."))
    if answer_by <= max(today or timezone.localdate(), application.answer_by or date.min):
        raise ValidationError(_("The new day must be later than the day before, and not past."))
    application.answer_by, application.due_on = answer_by, None
    services.keep(application)
    last = latest(application)
    if last is not None:
        last.answer_by, last.state = answer_by, Offer.State.OPEN
        last.save()
    services.add_event(
        application, kind=Kind.OFFER_CHANGED, by=by, side=HOST, prolonged=answer_by.isoformat()
    )
    return application


def watch(*, today: date | None = None) -> dict[str, int]:
    """Remind candidates before the day, and tell both sides when it has passed.

    An offer that has passed is not accepted any more, but nothing is closed: the host has some
    days to prolong it or to end it with a reason. Safe to run twice.
    """
    today = today or timezone.localdate()
    open_ = Application.objects.filter(state=State.OFFERED, consent__withdrawn_at=None)
    near = open_.filter(answer_by__gte=today, answer_by__lte=today + timedelta(days=REMIND_DAYS))
    past = open_.filter(answer_by__lt=today, due_on=None)
    return {
        "reminded": sum(_remind(pk) for pk in list(near.values_list("pk", flat=True))),
        "expired": sum(_expire(pk, today) for pk in list(past.values_list("pk", flat=True))),
    }


@transaction.atomic
def _remind(pk: int) -> int:
    application = services.locked(Application(pk=pk))
    day = application.answer_by.isoformat() if application.answer_by else ""
    if application.state != State.OFFERED or application.events.filter(
        kind=Kind.OFFER_SOON, values__day=day
    ).exists():
        return 0
    services.add_event(
        application, kind=Kind.OFFER_SOON, by=None, side=SYSTEM, day=day, only="candidate"
    )
    return 1


@transaction.atomic
def _expire(pk: int, today: date) -> int:
    application = services.locked(Application(pk=pk))
    if (
        application.state != State.OFFERED or application.due_on is not None
        or application.answer_by is None or application.answer_by >= today
    ):  # fmt: skip
        return 0
    application.offers.filter(state=Offer.State.OPEN).update(state=Offer.State.EXPIRED)
    application.due_on = clock.due(application.program.kind, State.UNDER_REVIEW, today)
    services.keep(application)
    services.add_event(application, kind=Kind.OFFER_EXPIRED, by=None, side=SYSTEM)
    return 1
