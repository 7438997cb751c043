"""What every write of a paper shares: the locked row, its revision, days, void signatures."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts.models import User
from corridor.applications import services
from corridor.applications.countersigned import checks
from corridor.applications.countersigned.telling import put
from corridor.applications.models import Paper, PaperNotice, PaperSignature
from corridor.common import audit


def locked(paper: Paper) -> Paper:
    """The row as it is now, locked, with what its writes read."""
    return (
        Paper.objects.select_for_update(of=("self",))
        .select_related(
            "application__candidate__user", "application__program__organization",
            "application__consent", "third", "consent",
        )
        .prefetch_related("versions__signatures")
        .get(pk=paper.pk)
    )  # fmt: skip


def check_revision(paper: Paper, revision: int | None) -> None:
    if revision is not None and revision != paper.revision:
        raise services.Outdated(
            _("The paper was changed in the meantime. Nothing of yours was saved. Please look "
              "again.")
        )  # fmt: skip


def keep(paper: Paper) -> None:
    paper.revision += 1
    paper.save()


def due(name: str, day: date | None = None) -> date:
    return (day or timezone.localdate()) + timedelta(days=int(checks.data()["days"][name]))


def void(paper: Paper, standing: dict[str, PaperSignature], by: User) -> None:
    """The words of a signed version no longer hold: the next version waits for every side."""
    now = timezone.now()
    PaperSignature.objects.filter(pk__in=[each.pk for each in standing.values()]).update(
        voided_at=now
    )
    paper.version += 1
    paper.state = Paper.State.DRAFT
    paper.turn = Paper.ORDER[Paper.Kind(paper.kind)][0]
    paper.due_on = due("sign")
    audit.record("paper.voided", paper, by=by, sides=sorted(standing), version=paper.version)
    for side, signature in standing.items():
        if signature.by_id != by.pk:
            put(paper, PaperNotice.What.CHANGED, side)
