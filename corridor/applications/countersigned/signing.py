"""Signing a paper, recording and confirming a signature on paper, sending it back.

Order: `Paper.ORDER`. The first signature of a version freezes its text. A signature holds for the
very words that were signed: any change takes all of them away (see writing).
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

from corridor.accounts import names
from corridor.accounts import services as account_services
from corridor.accounts.models import Consent, User
from corridor.applications import services
from corridor.applications.countersigned import checks, keeping, permissions, queries, shapes
from corridor.applications.countersigned.telling import put
from corridor.applications.models import (
    CANDIDATE,
    HOST,
    Paper,
    PaperNotice,
    PaperSignature,
)
from corridor.common import audit
from corridor.common.filetype import media_type_of

What, State, Kind = PaperNotice.What, Paper.State, Paper.Kind
MAX_BYTES = 10 * 1024 * 1024
# What the third side reads of the candidate, as told before the consent and kept with it.
PLAN_ITEMS = ["name", "email", "education", "training_plan"]
LEARNING_ITEMS = ["name", "email", "department", "learning_agreement"]


@transaction.atomic
def sign(
    paper: Paper, *, by: User, side: str, name: str, office: str, statement: str, read: str,
    agrees: bool, consents: bool = False, day: date | None = None,
) -> PaperSignature:  # fmt: skip
    """`by` signs for `side`: a typed name under a statement, for the words whose hash is `read`.

    `consents`: the candidate's, that the sponsor or university on Corridor reads the paper.
    Raises ValidationError where a check still blocks, or the words changed since they were read.
    """
    paper = keeping.locked(paper)
    if not permissions.may_sign(by, paper, side):
        raise PermissionDenied
    name = " ".join(name.split())
    wrong = _without_consent(paper, side, consents)
    if len(name) < 2:
        wrong["name"] = [_("Please type your full name.")]
    elif not names.is_of(by, name):
        wrong["name"] = [_not_yours(by, side)]
    if not agrees:
        wrong["agrees"] = [_("Please confirm the statement. Nothing was signed.")]
    if wrong:
        raise ValidationError(wrong)
    _consent(paper, side, by)
    return _signed(
        paper, by=by, side=side, read=read, day=day,
        name=name[:120], office=" ".join(office.split())[:160], statement=statement,
    )  # fmt: skip


def _not_yours(by: User, side: str) -> str:
    """Which name is expected, and where it is changed."""
    if side == CANDIDATE:
        said = _("Your account has the name %(name)s. Please sign with it. If it is not right, "
                 "change it in your profile first. Nothing was signed.")  # fmt: skip
    else:
        said = _("Your account has the name %(name)s. Please sign with it. If it is not right, "
                 "ask our staff to change it first. Nothing was signed.")  # fmt: skip
    return said % {"name": " · ".join(names.of(by))}


def _without_consent(paper: Paper, side: str, consents: bool) -> dict[str, list[str]]:
    if side != CANDIDATE or paper.third is None or consents:
        return {}
    said = _("Without this, %(name)s cannot read and sign it. Nothing was signed.")
    return {"consents": [said % {"name": paper.third.name}]}


def _consent(paper: Paper, side: str, by: User) -> None:
    """The candidate's, given with the signature, that the third side reads the paper."""
    if side == CANDIDATE and paper.third is not None:
        paper.consent = account_services.give_consent(
            user=by, purpose=Consent.Purpose.SHARE_IDENTITY, recipient=paper.third,
            items=PLAN_ITEMS if paper.kind == Kind.TRAINING_PLAN else LEARNING_ITEMS,
        )  # fmt: skip


@transaction.atomic
def record_on_paper(
    paper: Paper, *, by: User, side: str, name: str, office: str, statement: str, signed_on: date,
    upload: Any, read: str, consents: bool = False, day: date | None = None,
) -> PaperSignature:  # fmt: skip
    """`by` records a signature of `side` that was made on paper, with the scan of it.

    One's own is confirmed with that. One that the host records for the sponsor or the university
    stands as not confirmed, and the paper with it, until they say that it is theirs (`confirm`), or
    send the paper back. A sponsor that is not on Corridor can do neither: its paper is signed by
    what the host has recorded.
    """
    paper = keeping.locked(paper)
    if not permissions.may_record(by, paper, side):
        raise PermissionDenied
    today = day or timezone.localdate()
    wrong = _without_consent(paper, side, consents)
    if signed_on > today:
        wrong["signed_on"] = [_("The day must not be in the future.")]
    content = b"" if upload.size > MAX_BYTES else upload.read()
    media_type = media_type_of(content)
    if not content and upload.size:
        wrong["scan"] = [_("The file is larger than 10 MB. Please choose a smaller one.")]
    elif media_type not in ("application/pdf", "image/png", "image/jpeg"):
        wrong["scan"] = [_("Please choose a PDF, PNG or JPEG of the signed paper.")]
    if wrong:
        raise ValidationError(wrong)
    _consent(paper, side, by)
    is_own = permissions.acts_for(by, paper, side)
    signature = _signed(
        paper, by=by, side=side, read=read, day=day, name=" ".join(name.split())[:120],
        office=" ".join(office.split())[:160], statement=statement, on_paper=True,
        signed_on=signed_on, scan_name=str(upload.name)[-160:], scan_type=media_type,
        scan_sha256=hashlib.sha256(content).hexdigest(),
        confirmed_at=timezone.now() if is_own else None, confirmed_by=by if is_own else None,
    )  # fmt: skip
    signature.scan.save("scan", ContentFile(content))
    return signature


@transaction.atomic
def confirm(paper: Paper, *, by: User, side: str, read: str, agrees: bool) -> PaperSignature:
    """Somebody of `side` says that the signature which another side recorded is theirs, on the
    words whose hash is `read`."""
    paper = keeping.locked(paper)
    if not permissions.may_confirm(by, paper, side):
        raise PermissionDenied
    if not agrees:
        raise ValidationError({"agrees": [_("Please tick it. Nothing was confirmed.")]})
    signature = queries.unconfirmed(paper)[side]
    if read != queries.digest(paper) or read != signature.version.sha256:
        raise services.Outdated(
            _("The words were changed after you opened them. Nothing was confirmed. Please read "
              "them again.")
        )  # fmt: skip
    signature.confirmed_at, signature.confirmed_by = timezone.now(), by
    signature.save(update_fields=["confirmed_at", "confirmed_by"])
    audit.record(
        "paper.signature_confirmed", paper, by=by, side=side, version=paper.version, sha256=read
    )
    if paper.state == State.UNCONFIRMED:
        _hold(paper)
        keeping.keep(paper)
        for each in Paper.ORDER[Kind(paper.kind)]:
            if each != HOST:
                put(paper, What.SIGNED, each)
    put(paper, What.CONFIRMED, HOST)
    return signature


def _hold(paper: Paper) -> None:
    """All signatures stand: a plan is done, an agreement waits for its hours."""
    paper.state, paper.turn, paper.due_on = State.SIGNED, "", None
    if paper.kind == Kind.LEARNING:
        paper.turn, paper.due_on = HOST, _hours_due(paper)


def _signed(
    paper: Paper, *, by: User, side: str, read: str, day: date | None, **fields: Any
) -> PaperSignature:
    if read != queries.digest(paper):
        raise services.Outdated(
            _("The words were changed after you opened them. Nothing was signed. Please read "
              "them again.")
        )  # fmt: skip
    blocking = checks.blocking(paper, day=day or timezone.localdate())
    if blocking:
        raise ValidationError(
            [_("It cannot be signed yet. Still open:"), *(each.text for each in blocking)]
        )
    version, _made = paper.versions.get_or_create(
        number=paper.version, defaults={"content": paper.content, "sha256": read}
    )
    signature = PaperSignature.objects.create(version=version, side=side, by=by, **fields)
    waits = signature.is_unconfirmed and paper.third is not None
    order = Paper.ORDER[Kind(paper.kind)]
    after = order[order.index(side) + 1 :]
    paper.asked = ""
    if after:
        paper.state, paper.turn, paper.due_on = State.SIGNING, after[0], keeping.due("sign", day)
    elif waits:
        paper.state, paper.turn, paper.due_on = State.UNCONFIRMED, side, keeping.due("sign", day)
    else:
        _hold(paper)
    keeping.keep(paper)
    audit.record(
        "paper.signed", paper, by=by, side=side, version=paper.version, sha256=read,
        on_paper=signature.on_paper,
    )  # fmt: skip
    if after:
        put(paper, What.SIGN, after[0])
    elif waits:
        put(paper, What.CONFIRM, side)
    else:
        for each in order:
            put(paper, What.SIGNED, each)
    return signature


def _hours_due(paper: Paper) -> date | None:
    """The host confirms the hours after the last day."""
    end = shapes.day_of(paper.content, "ends_on")
    return keeping.due("sign", end) if end else None


@transaction.atomic
def send_back(paper: Paper, *, by: User, side: str, note: str) -> Paper:
    """Ask for changes instead of signing: the paper is a draft again, and no signature stands."""
    paper = keeping.locked(paper)
    if not permissions.may_send_back(by, paper, side):
        raise PermissionDenied
    if not note.strip():
        raise ValidationError(_("Please write what should be changed."))
    standing = queries.signatures(paper)
    keeping.void(paper, standing, by)
    paper.asked = note.strip()[:2000]
    keeping.keep(paper)
    audit.record("paper.sent_back", paper, by=by, side=side, version=paper.version)
    first = Paper.ORDER[Kind(paper.kind)][0]
    if first != side:
        put(paper, What.SENT_BACK, first)
    return paper
