"""Programs put aside: hidden from their candidate's list, and what each taught its order.

Three of the reasons name something that the score has a wish for: the kind of program, its sector,
its hub. Programs of that kind, sector or hub then earn nothing for that one wish, in this person's
own list alone. The other reasons hide the program and change nothing else. Taking a program back
takes back what it taught, unless another one that is still aside taught the same.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from corridor.accounts.models import User
from corridor.candidates import permissions
from corridor.candidates.models import Candidate, PutAside
from corridor.common import audit, outbox


def taught_by(program: Any, reason: str) -> str:
    """What putting the program aside for this reason teaches, such as "kind:dispatch", or ""."""
    if reason == PutAside.Reason.KIND:
        return f"kind:{program.kind}"
    if reason == PutAside.Reason.FIELD and program.sector is not None:
        return f"sector:{program.sector.slug}"
    if reason == PutAside.Reason.TOO_FAR and program.hub is not None:
        return f"hub:{program.hub.slug}"
    return ""


@transaction.atomic
def put_aside(candidate: Candidate, program: Any, *, by: User, reason: str) -> PutAside:
    """Hide the program from the candidate's list; a second time only changes the reason."""
    candidate = _locked(candidate, by)
    if reason not in PutAside.Reason.values:
        raise ValidationError(_("Choose one of the listed reasons."))
    made, _new = PutAside.objects.update_or_create(
        candidate=candidate,
        program=program,
        defaults={"reason": reason, "taught": taught_by(program, reason)},
    )
    _learn(candidate)
    audit.record("candidate.put_aside", candidate, by=by, program=program.pk, reason=reason)
    return made


@transaction.atomic
def take_back(candidate: Candidate, program_id: int, *, by: User) -> bool:
    """Show the program again and forget what it taught; False where it was not aside."""
    candidate = _locked(candidate, by)
    gone, _kinds = PutAside.objects.filter(candidate=candidate, program_id=program_id).delete()
    if gone:
        _learn(candidate)
        audit.record("candidate.took_back", candidate, by=by, program=program_id)
    return bool(gone)


def of(candidate: Candidate) -> QuerySet[PutAside]:
    """What the candidate has put aside, the newest first."""
    return PutAside.objects.filter(candidate=candidate).select_related(
        "program__organization", "program__hub__state", "program__sector"
    )


def _locked(candidate: Candidate, by: User) -> Candidate:
    if not permissions.owns(by, candidate):
        raise PermissionDenied
    return Candidate.objects.select_for_update().get(pk=candidate.pk)


def _learn(candidate: Candidate) -> None:
    taught = PutAside.objects.filter(candidate=candidate).exclude(taught="")
    candidate.avoided = sorted(set(taught.order_by().values_list("taught", flat=True)))
    candidate.save(update_fields=["avoided", "updated_at"])
    outbox.put(  # their list of the last run follows (matching.refreshing)
        "matching.candidate_changed", key=f"candidate:{candidate.pk}", candidate_id=candidate.pk
    )
