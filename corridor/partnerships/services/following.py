"""Writes of what belongs to an agreement: contacts, papers, obligations.

Contacts and papers are the side's that brought them. An obligation may be written by either side
and is marked as done by the side that owes it.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts import permissions as accounts
from corridor.accounts.models import User
from corridor.common import audit
from corridor.common.filetype import media_type_of
from corridor.partnerships.models import Agreement, Contact, Obligation, Paper, Review
from corridor.partnerships.services.agreements import locked

MAX_BYTES = 10 * 1024 * 1024
MOST = {"contacts": 12, "papers": 40, "duties": 60}


@transaction.atomic
def add_contact(agreement: Agreement, *, by: User, side: str, **fields: Any) -> Contact:
    agreement = _open(agreement, by, side, "contacts")
    contact = Contact(agreement=agreement, side=side, **fields)
    contact.full_clean()
    contact.save()
    audit.record("agreement.contact_added", agreement, by=by, side=str(side))
    return contact


@transaction.atomic
def remove_contact(contact: Contact, *, by: User) -> None:
    agreement = _open(contact.agreement, by, contact.side)
    contact.delete()
    audit.record("agreement.contact_removed", agreement, by=by, side=contact.side)


@transaction.atomic
def add_paper(agreement: Agreement, *, by: User, side: str, kind: str, upload: Any) -> Paper:
    """Keep an uploaded file under a random name. `upload` has `.name`, `.size` and `.read()`.

    A paper may be added after the end, too: reports come late.
    """
    agreement = locked(agreement, by)
    if not accounts.can_edit_for(by, agreement.party(side)):
        raise PermissionDenied
    return keep_paper(agreement, by=by, side=side, kind=kind, upload=upload)


def keep_paper(
    agreement: Agreement, *, by: User, side: str, kind: str, upload: Any,
    review: Review | None = None,
) -> Paper:  # fmt: skip
    """As `add_paper`, within a write that has asked already whether `by` may."""
    if upload.size > MAX_BYTES:
        raise ValidationError(_("The file is larger than 10 MB. Please choose a smaller one."))
    if review is None:
        _room(agreement, "papers")
    content = upload.read()
    media_type = media_type_of(content)
    if media_type is None:
        raise ValidationError(
            _("This file cannot be kept. Please choose a PDF, DOCX, HWP, HWPX, PNG or JPEG.")
        )
    paper = Paper(
        agreement=agreement, review=review, kind=kind, name=str(upload.name)[-160:],
        media_type=media_type, size=len(content), sha256=hashlib.sha256(content).hexdigest(),
        side=side, added_by=by,
    )  # fmt: skip
    paper.full_clean(exclude=["file", "added_by"])
    paper.file.save("paper", ContentFile(content), save=False)
    paper.save()
    audit.record("agreement.paper_added", agreement, by=by, kind=kind, side=str(side))
    return paper


@transaction.atomic
def remove_paper(paper: Paper, *, by: User) -> None:
    agreement = locked(paper.agreement, by)
    if not accounts.can_edit_for(by, agreement.party(paper.side)):
        raise PermissionDenied
    if paper.review_id is not None:
        raise ValidationError(_("What a decision rests on stays in the record."))
    audit.record("agreement.paper_removed", agreement, by=by, kind=paper.kind, side=paper.side)
    stored = paper.file
    paper.delete()
    transaction.on_commit(lambda: stored.delete(save=False))


@transaction.atomic
def add_obligation(
    agreement: Agreement, *, by: User, side: str, text: str, due_on: date
) -> Obligation:
    agreement = _open(agreement, by, None, "duties")
    if due_on < timezone.localdate():
        raise ValidationError({"due_on": [_("This day has passed already.")]})
    duty = Obligation(agreement=agreement, side=side, text=" ".join(text.split()), due_on=due_on)
    duty.full_clean()
    duty.save()
    audit.record("agreement.duty_added", agreement, by=by, side=str(side))
    return duty


@transaction.atomic
def mark_done(duty: Obligation, *, by: User, done: bool = True) -> Obligation:
    """Only who owes it can say that it is done, or take that back."""
    agreement = locked(duty.agreement, by)
    if not accounts.can_edit_for(by, agreement.party(duty.side)):
        raise PermissionDenied
    duty = Obligation.objects.select_for_update().get(pk=duty.pk)
    if bool(duty.done_on) != done:
        duty.done_on, duty.done_by = (timezone.localdate(), by) if done else (None, None)
        duty.save()
        name = "agreement.duty_done" if done else "agreement.duty_reopened"
        audit.record(name, agreement, by=by, side=duty.side)
    return duty


@transaction.atomic
def remove_obligation(duty: Obligation, *, by: User) -> None:
    agreement = _open(duty.agreement, by, None)
    duty = Obligation.objects.select_for_update().get(pk=duty.pk)
    if duty.done_on:
        raise ValidationError(_("What was done stays in the record."))
    duty.delete()
    audit.record("agreement.duty_removed", agreement, by=by, side=duty.side)


def _open(agreement: Agreement, by: User, side: str | None, part: str = "") -> Agreement:
    agreement = locked(agreement, by)
    if agreement.is_over:
        raise ValidationError(_("An ended agreement cannot be changed."))
    if side is not None and not accounts.can_edit_for(by, agreement.party(side)):
        raise PermissionDenied
    if part:
        _room(agreement, part)
    return agreement


def _room(agreement: Agreement, part: str) -> None:
    if getattr(agreement, part).count() >= MOST[part]:
        raise ValidationError(_("There is no room for more. Please remove one first."))
