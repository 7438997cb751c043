"""The mails about papers to sign (see mailbox.SENDERS)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from corridor.accounts.models import Consent
from corridor.applications.countersigned import telling as papers
from corridor.applications.models import Paper, PaperNotice
from corridor.web.staff.sample_world import World

Made = Iterator[tuple[str, Callable[[], Any]]]


def signing(world: World) -> Made:
    """Papers to be signed: each piece of news to each side that can get it."""
    paper = Paper.objects.create(
        application=world.application, kind=Paper.Kind.TRAINING_PLAN, state=Paper.State.SIGNING,
        turn=Paper.Side.CANDIDATE, due_on=world.day, third=world.university,
        consent=Consent.objects.create(
            user=world.candidate.user, purpose=Consent.Purpose.SHARE_IDENTITY,
            recipient=world.university, text_version="-", language=world.language,
        ),
    )  # fmt: skip
    version = paper.versions.create(number=1, content={}, sha256="")
    version.signatures.create(side=Paper.Side.THIRD, name="-", statement="-", on_paper=True)
    what, sided = PaperNotice.What, Paper.Side
    to_host = {what.SIGNED, what.SENT_BACK, what.CHANGED}
    alone = {what.RECORD: sided.THIRD, what.CONFIRM: sided.THIRD, what.CONFIRMED: sided.HOST}
    for each in what.values:
        sides = [alone.get(each, sided.CANDIDATE)]
        if each in to_host:
            sides.append(sided.HOST)
        for side in sides:

            def tell(each: str = each, side: str = side) -> int:
                Paper.objects.filter(pk=paper.pk).update(turn=side)
                notice = PaperNotice.objects.create(
                    paper=paper, what=each, side=side, about="sample"
                )
                return papers.tell(notice.pk)

            yield f"{each}.{side}", tell
