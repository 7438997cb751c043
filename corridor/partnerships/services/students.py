"""Writes of affiliations and nominations. Nothing about a student goes out without the student."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts import permissions as accounts
from corridor.accounts import services as account_services
from corridor.accounts.models import Consent, Organization, User
from corridor.common import audit
from corridor.partnerships import notices, queries
from corridor.partnerships.models import Affiliation, Agreement, Nomination, Notice

# What the university reads of its student, as told before the consent and kept with it.
AFFILIATION_ITEMS = ["name", "email", "department", "application_states", "nominations"]
State = Nomination.State


@transaction.atomic
def affiliate(*, by: User, university: Organization, department: str) -> Affiliation:
    """A student says to which university they belong, and consents to what it then sees."""
    if university.kind != Organization.Kind.UNIVERSITY or not university.is_verified:
        raise ValidationError(_("Choose a verified university."))
    department = " ".join(department.split())
    if not department:
        raise ValidationError(_("Write your department, so that the university knows you."))
    consent = account_services.give_consent(
        user=by, purpose=Consent.Purpose.SHARE_IDENTITY, recipient=university,
        items=AFFILIATION_ITEMS,
    )  # fmt: skip
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    found = Affiliation.objects.filter(student=by, university=university).first()
    if found and found.consent.stands and found.state in ("asked", "confirmed"):
        return found
    found = found or Affiliation(student=by, university=university)
    found.consent, found.department = consent, department
    found.state, found.answered_at = Affiliation.State.ASKED, None
    found.full_clean()
    found.save()
    audit.record("affiliation.asked", found, by=by, university=university.pk)
    notices.put(Notice.What.AFFILIATION_ASKED, None, to=[university])
    return found


@transaction.atomic
def answer_affiliation(affiliation: Affiliation, *, by: User, confirmed: bool) -> Affiliation:
    affiliation = (
        Affiliation.objects.select_for_update(of=("self",))
        .select_related("university", "consent", "student")
        .get(pk=affiliation.pk)
    )
    if not accounts.can_edit_for(by, affiliation.university):
        raise PermissionDenied
    if affiliation.state != Affiliation.State.ASKED or not affiliation.consent.stands:
        raise ValidationError(_("This question is not open any more."))
    states = Affiliation.State
    affiliation.state = states.CONFIRMED if confirmed else states.REFUSED
    affiliation.answered_at = timezone.now()
    affiliation.save()
    audit.record("affiliation.answered", affiliation, by=by, state=affiliation.state)
    notices.put(
        Notice.What.AFFILIATED, None, person=affiliation.student,
        values={"university": affiliation.university_id, "confirmed": confirmed},
    )  # fmt: skip
    return affiliation


@transaction.atomic
def end_affiliation(affiliation: Affiliation, *, by: User) -> Affiliation:
    """The student leaves: the consent is withdrawn and every open nomination is taken back."""
    affiliation = Affiliation.objects.select_for_update(of=("self",)).get(pk=affiliation.pk)
    if affiliation.student_id != by.pk:
        raise PermissionDenied
    account_services.withdraw_consent(affiliation.consent, by=by)
    affiliation.state = Affiliation.State.ENDED
    affiliation.save()
    audit.record("affiliation.ended", affiliation, by=by)
    live = Nomination.objects.filter(
        student=by, university=affiliation.university, state__in=Nomination.LIVE
    )
    for nomination in live:
        _close(nomination, State.DECLINED, by)
    return affiliation


@transaction.atomic
def nominate(
    agreement: Agreement, *, by: User, university: Organization, program: Any, student: User
) -> Nomination:
    """Put a confirmed student on the list for a program under the agreement, at its end.

    The student is asked; until they agree the nomination goes nowhere.
    """
    if not accounts.can_edit_for(by, university):
        raise PermissionDenied
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if university.pk not in (agreement.korean_party_id, agreement.us_party_id):
        raise PermissionDenied
    if agreement.status != Agreement.Status.ACTIVE:
        raise ValidationError(_("Students are nominated under an agreement that is in force."))
    if program.agreement_id != agreement.pk:
        raise ValidationError(_("This program is not under the agreement."))
    if not queries.stands(student, university):
        raise ValidationError(_("Only students who are confirmed as yours can be nominated."))
    live = Nomination.objects.filter(program=program, state__in=Nomination.LIVE)
    if live.filter(student=student).exists():
        raise ValidationError(_("This student is on the list already."))
    made = Nomination.objects.create(
        agreement=agreement, university=university, program=program, student=student,
        rank=live.filter(university=university).count() + 1, nominated_by=by,
    )  # fmt: skip
    audit.record("nomination.asked", made, by=by, program=program.pk)
    notices.put(
        Notice.What.NOMINATION_ASKED, agreement, person=student, program=program,
        values={"university": university.pk},
    )  # fmt: skip
    return made


@transaction.atomic
def answer_nomination(nomination: Nomination, *, by: User, agrees: bool) -> Nomination:
    """The student's word. It may be taken back until the list is sent, and after that, too."""
    nomination = _locked(nomination)
    if nomination.student_id != by.pk:
        raise PermissionDenied
    if nomination.state not in Nomination.LIVE:
        raise ValidationError(_("This nomination is not open any more."))
    if agrees:
        if not queries.stands(by, nomination.university):
            raise ValidationError(_("You are not confirmed as this university's student now."))
        if nomination.state == State.ASKED:
            nomination.state = State.AGREED
            nomination.save()
            audit.record("nomination.agreed", nomination, by=by)
    else:
        _close(nomination, State.DECLINED, by)
    notices.put(
        Notice.What.NOMINATION_ANSWERED, nomination.agreement, to=[nomination.university],
        program=nomination.program, values={"agrees": agrees},
    )  # fmt: skip
    return nomination


@transaction.atomic
def move_nomination(nomination: Nomination, *, by: User, up: bool) -> Nomination:
    """Change places with the one before or after; at the end of the list nothing happens."""
    nomination = _locked(nomination)
    if not accounts.can_edit_for(by, nomination.university):
        raise PermissionDenied
    listed = _list_of(nomination)
    at = next((i for i, row in enumerate(listed) if row.pk == nomination.pk), None)
    if at is None:
        raise ValidationError(_("This nomination is not open any more."))
    to = at - 1 if up else at + 1
    if 0 <= to < len(listed):
        if State.SENT in (listed[at].state, listed[to].state):
            raise ValidationError(_("The list has been sent; its order stands."))
        listed[at], listed[to] = listed[to], listed[at]
        _renumber(listed)
        audit.record("nomination.moved", nomination, by=by, rank=to + 1)
    return nomination


@transaction.atomic
def withdraw_nomination(nomination: Nomination, *, by: User) -> Nomination:
    nomination = _locked(nomination)
    if not accounts.can_edit_for(by, nomination.university):
        raise PermissionDenied
    if nomination.state in Nomination.LIVE:
        _close(nomination, State.WITHDRAWN, by)
    return nomination


@transaction.atomic
def send_nominations(
    agreement: Agreement, *, by: User, university: Organization, program: Any
) -> int:
    """Send those who agreed to the host, in their order; returns how many went.

    Students and the host's members are told. Whoever has not answered stays behind.
    """
    if not accounts.can_edit_for(by, university):
        raise PermissionDenied
    Agreement.objects.select_for_update().get(pk=agreement.pk)
    ready = list(
        Nomination.objects.filter(
            agreement=agreement, university=university, program=program, state=State.AGREED
        ).select_related("student")
    )
    ready = [row for row in ready if queries.stands(row.student, university)]
    if not ready:
        raise ValidationError(_("No student has agreed yet. Only who agrees can be sent."))
    now = timezone.now()
    for row in ready:
        row.state, row.sent_at = State.SENT, now
        row.save()
        audit.record("nomination.sent", row, by=by, program=program.pk, rank=row.rank)
        notices.put(
            Notice.What.NOMINATION_SENT, agreement, person=row.student, program=program,
            values={"university": university.pk},
        )  # fmt: skip
    notices.put(
        Notice.What.NOMINATION_SENT, agreement, to=[program.organization], program=program,
        values={"university": university.pk, "count": len(ready)},
    )  # fmt: skip
    return len(ready)


def _locked(nomination: Nomination) -> Nomination:
    """Every change of a list locks its agreement first, so that two never number it at once."""
    Agreement.objects.select_for_update().get(pk=nomination.agreement_id)
    return Nomination.objects.select_related(
        "agreement", "university", "student", "program"
    ).get(pk=nomination.pk)


def _list_of(nomination: Nomination) -> list[Nomination]:
    return list(
        Nomination.objects.filter(
            program=nomination.program_id, university=nomination.university_id,
            state__in=Nomination.LIVE,
        ).order_by("rank", "pk")
    )  # fmt: skip


def _close(nomination: Nomination, state: str, by: User) -> None:
    nomination.state = state
    nomination.save()
    audit.record(f"nomination.{state}", nomination, by=by)
    _renumber(_list_of(nomination))


def _renumber(rows: Iterable[Nomination]) -> None:
    for place, row in enumerate(rows, start=1):
        if row.rank != place:
            row.rank = place
            row.save(update_fields=["rank"])
