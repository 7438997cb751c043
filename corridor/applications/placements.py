"""From the first day on: the start that both sides confirm, check-ins, and the certificate."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor import rules, taxonomy
from corridor.accounts.models import User
from corridor.applications import check_ins, permissions, services, telling, zones
from corridor.applications.models import (
    CANDIDATE,
    HOST,
    Application,
    Certificate,
    CheckIn,
    Placement,
    PlacementNotice,
    State,
)
from corridor.applications.models.placement import new_code
from corridor.common import audit

What = PlacementNotice.What
Form = CheckIn.Form
EARLIEST = 366  # days back that a start may be confirmed


@transaction.atomic
def confirm_start(
    application: Application, *, by: User, started_on: date, ends_on: date, pathway: str = "",
    today: date | None = None,
) -> Placement:  # fmt: skip
    """Confirm the first day from the side on which `by` stands.

    The first side to confirm sets the days. The other confirms the same days, or changes them:
    then the first is asked again. Check-ins begin when the candidate has confirmed.
    """
    application = services.locked(application)
    side = _side(application, by)
    if application.state != State.ACCEPTED:
        raise ValidationError(_("A start is confirmed when the offer has been accepted."))
    _check_days(started_on, ends_on, today or timezone.localdate())
    if pathway and pathway not in {each.id for each in rules.pathways()}:
        raise ValidationError({"pathway": [_("This visa route is not known.")]})
    placement = Placement.objects.select_for_update().filter(application=application).first()
    made = placement is None
    if placement is None:
        zone = zones.of(application.program) or zones.SEOUL
        placement = Placement(application=application, timezone=zone.key)
    elif placement.left_on is not None or hasattr(placement, "certificate"):
        raise ValidationError(_("This placement has ended, so its days cannot be changed."))
    told = (started_on, ends_on, pathway)
    changed = made or told != (placement.started_on, placement.ends_on, placement.pathway)
    placement.started_on, placement.ends_on, placement.pathway = told
    own, other = _CONFIRMED[side], _CONFIRMED[_OTHER[side]]
    if not changed and getattr(placement, own) is not None:
        return placement  # pressed twice
    setattr(placement, own, timezone.now())
    if changed:
        setattr(placement, other, None)
    placement.full_clean(exclude=["application"], validate_unique=False)
    placement.save()
    if placement.confirmed_by_candidate_at is not None:
        _schedule(placement)
    audit.record("placement.confirmed", placement, by=by, side=side, changed=changed,
                 application=application.pk)  # fmt: skip
    waits = getattr(placement, other) is None
    _tell_other(placement, side, What.START if waits else What.STARTED)
    return placement


_OTHER = {CANDIDATE: HOST, HOST: CANDIDATE}
_CONFIRMED = {CANDIDATE: "confirmed_by_candidate_at", HOST: "confirmed_by_host_at"}


def _side(application: Application, by: User) -> str:
    side = permissions.side_of(by, application)
    if side is None or (side == HOST and not permissions.can_decide(by, application)):
        raise PermissionDenied
    return side


def _check_days(first: date, last: date, today: date) -> None:
    wrong: dict[str, list[str]] = {}
    if first > today:
        wrong["started_on"] = [_("A start is confirmed on the first day or after it.")]
    elif first < today - timedelta(days=EARLIEST):
        wrong["started_on"] = [_("This day is more than a year ago. Please look again.")]
    if last < first:
        wrong["ends_on"] = [_("The last day must not be before the first day.")]
    if wrong:
        raise ValidationError(wrong)


def _tell_other(placement: Placement, side: str, what: str) -> None:
    application = placement.application
    about = f"{placement.pk}/{timezone.now():%Y-%m-%dT%H:%M:%S.%f}"
    if side == CANDIDATE:
        consent = application.consent
        if consent is not None and consent.stands:
            telling.put(what, organization=application.program.organization,
                        placement=placement, about=about)  # fmt: skip
    else:
        telling.put(what, person=application.candidate.user, placement=placement, about=about)


def _schedule(placement: Placement) -> None:
    """The check-ins that the days ask for; answered ones stay as they are. What a late
    confirmation leaves behind is not asked any more, but for the last one."""
    end = placement.left_on or placement.ends_on
    since = timezone.localdate() - timedelta(days=check_ins.rules()["tell_staff_after"])
    placement.check_ins.filter(answered_at=None).delete()
    held = set(placement.check_ins.values_list("due_on", flat=True))
    newest = max(held, default=date.min)
    CheckIn.objects.bulk_create(
        CheckIn(placement=placement, kind=kind, due_on=due)
        for kind, due in check_ins.schedule(placement.started_on, end)
        if due not in held and ((due > newest and due >= since) or kind == CheckIn.Kind.END)
    )


@transaction.atomic
def leave(
    placement: Placement, *, by: User, left_on: date, today: date | None = None
) -> Placement:
    """The candidate tells the actual last day; what was to come after it falls away."""
    placement = _locked(placement)
    if placement.application.candidate.user_id != by.pk:
        raise PermissionDenied
    if not placement.started_on <= left_on <= (today or timezone.localdate()):
        raise ValidationError(
            {"left_on": [_("The actual last day lies between the first day and today.")]}
        )
    placement.left_on = left_on
    placement.save(update_fields=["left_on", "updated_at"])
    _schedule(placement)
    audit.record("placement.left", placement, by=by)
    _tell_other(placement, CANDIDATE, What.STARTED)
    return placement


@transaction.atomic
def answer(
    check_in: CheckIn, *, by: User, answers: Mapping[str, str], words: str = "",
    university_sees: str = Form.NOTHING, host_sees: str = Form.NOTHING,
    today: date | None = None,
) -> CheckIn:  # fmt: skip
    """Answer a check-in, or answer it anew while it can be. Each reader sees what is chosen here.

    Raises ValidationError keyed by question. What is written goes into no log.
    """
    check_in = _own(check_in, by)
    today = today or timezone.localdate(timezone=zones.named(check_in.placement.timezone))
    if check_in.due_on - timedelta(days=check_ins.APART) > today:
        raise ValidationError(_("This check-in is not due yet."))
    if today > check_in.due_on + timedelta(days=check_ins.rules()["answer_for"]):
        raise ValidationError(_("This check-in is too long ago to be answered now."))
    asked = check_ins.questions()
    wrong = {
        each.id: [_("Please choose an answer.")]
        for each in asked
        if answers.get(each.id) not in dict(each.choices)
    }
    if wrong:
        raise ValidationError(wrong)
    check_in.answers = json.dumps({each.id: answers[each.id] for each in asked})
    check_in.words = words.strip()[:4000]
    check_in.answered_at = timezone.now()
    _share(check_in, by=by, university_sees=university_sees, host_sees=host_sees)
    return check_in


@transaction.atomic
def share(check_in: CheckIn, *, by: User, university_sees: str, host_sees: str) -> CheckIn:
    """Choose anew who reads an answered check-in; taking it back holds from now on."""
    check_in = _own(check_in, by)
    if check_in.answered_at is None:
        raise ValidationError(_("This check-in has not been answered yet."))
    _share(check_in, by=by, university_sees=university_sees, host_sees=host_sees)
    return check_in


def _share(check_in: CheckIn, *, by: User, university_sees: str, host_sees: str) -> None:
    if {university_sees, host_sees} - set(Form.values):
        raise ValidationError(_("Please choose from the list."))
    new = check_in.host_sees == Form.NOTHING and host_sees != Form.NOTHING
    check_in.university_sees, check_in.host_sees = university_sees, host_sees
    check_in.save()
    audit.record("check_in.answered", check_in, by=by, university=university_sees, host=host_sees)
    application = check_in.placement.application
    if new and application.consent is not None and application.consent.stands:
        telling.put(What.SHARED, organization=application.program.organization,
                    placement=check_in.placement, about=str(check_in.pk))  # fmt: skip


def _own(check_in: CheckIn, by: User) -> CheckIn:
    found = (
        CheckIn.objects.select_for_update(of=("self",))
        .select_related("placement__application__candidate__user",
                        "placement__application__program__organization",
                        "placement__application__consent")
        .get(pk=check_in.pk)
    )  # fmt: skip
    if found.placement.application.candidate.user_id != by.pk:
        raise PermissionDenied
    return found


def _locked(placement: Placement) -> Placement:
    return (
        Placement.objects.select_for_update(of=("self",))
        .select_related("application__candidate__user", "application__program__organization",
                        "application__consent")
        .get(pk=placement.pk)
    )  # fmt: skip


# --- the certificate --------------------------------------------------------------------------


@transaction.atomic
def certify(
    placement: Placement, *, by: User, skill_ids: Iterable[str], today: date | None = None,
    **fields: Any,
) -> Certificate:  # fmt: skip
    """The host confirms the completion: dates, hours, skills, and who signs.

    `fields`: first_day, last_day, hours, signed_name, signed_title. A revoked certificate is
    replaced by a new one with another code; a standing one is not.
    """
    placement = _locked(placement)
    application = placement.application
    if not permissions.can_decide(by, application):
        raise PermissionDenied
    if not placement.is_confirmed:
        raise ValidationError(_("Both sides have to confirm the start first."))
    skills = list(dict.fromkeys(skill_ids))
    unknown = [each for each in skills if each not in taxonomy.load().skills]
    if unknown:
        raise ValidationError({"skills": [_("Please choose skills from the list.")]})
    if fields["last_day"] > (today or timezone.localdate()):
        raise ValidationError({"last_day": [_("A completion is confirmed when it is over.")]})
    if fields["first_day"] < placement.started_on:
        raise ValidationError({"first_day": [_("This is before the confirmed first day.")]})
    found = Certificate.objects.filter(placement=placement).first()
    if found is not None and found.revoked_at is None:
        raise ValidationError(_("There is a certificate already. Revoke it to make a new one."))
    made = found or Certificate(placement=placement)
    for name, value in fields.items():
        setattr(made, name, value)
    user = application.candidate.user
    made.skill_ids, made.confirmed_by, made.code = skills, by, new_code()
    made.holder, made.holder_roman = user.name or user.name_roman, user.name_roman
    made.revoked_at, made.revoked_why, made.is_public, made.shows = None, "", False, []
    made.full_clean(exclude=["placement", "confirmed_by"])
    made.save()
    audit.record("certificate.made", made, by=by, placement=placement.pk)
    telling.put(What.CERTIFICATE, person=user, placement=placement, about=made.code)
    return made


@transaction.atomic
def revoke(certificate: Certificate, *, by: User, why: str) -> Certificate:
    """The host takes back what it confirmed; the public page then says so, with the day."""
    placement = _locked(certificate.placement)
    if not permissions.can_decide(by, placement.application):
        raise PermissionDenied
    certificate = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if certificate.revoked_at is not None:
        return certificate
    if not why.strip():
        raise ValidationError({"why": [_("Please say why: the holder reads it.")]})
    certificate.revoked_at, certificate.revoked_why = timezone.now(), why.strip()[:300]
    certificate.save()
    audit.record("certificate.revoked", certificate, by=by)
    telling.put(What.REVOKED, person=placement.application.candidate.user, placement=placement,
                about=certificate.code)  # fmt: skip
    return certificate


@transaction.atomic
def show(
    certificate: Certificate, *, by: User, is_public: bool, shows: Iterable[str]
) -> Certificate:
    """The holder chooses whether the code opens a page, and what stands on it beside the name,
    the program and the dates."""
    certificate = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if certificate.placement.application.candidate.user_id != by.pk:
        raise PermissionDenied
    certificate.is_public = is_public
    certificate.shows = [part for part in Certificate.Part.values if part in set(shows)]
    certificate.save(update_fields=["is_public", "shows", "updated_at"])
    audit.record("certificate.shown", certificate, by=by, public=is_public)
    return certificate
