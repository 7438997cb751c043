"""The queue in front of the public: whose programs wait for staff, and a place in it.

Below services, which ask here before they open a program; moderation (above them) decides.
"""

from __future__ import annotations

from collections.abc import Iterable

from corridor.accounts.models import Organization, User
from corridor.common import audit
from corridor.programs import checking
from corridor.programs.models import Program, Review


def is_new(host: Organization, *, but: Program | None = None) -> bool:
    """Not verified, or fewer programs were public before than the data file asks for."""
    if not host.is_verified:
        return True
    before = Program.objects.filter(organization=host).exclude(published_at=None)
    if but is not None:
        before = before.exclude(pk=but.pk)
    known_after: int = checking.data()["known_after"]
    return before.count() < known_after


def must_wait(program: Program) -> bool:
    """Whether the host may not open this program itself: it is new, or it was taken down."""
    last = last_of(program)
    if last is not None and last.state == Review.State.TAKEN_DOWN:
        return True
    return is_new(program.organization, but=program)


def last_of(program: Program) -> Review | None:
    return program.reviews.order_by("-pk").first()


def taken_down(pk: int) -> Review | None:
    """The take-down that keeps a program from the public now; None for any other, a draft that
    never was public among them."""
    return (
        Review.objects.filter(
            program=pk, program__status=Program.Status.DRAFT, state=Review.State.TAKEN_DOWN
        )
        .select_related("program__organization", "program__sector", "program__hub__state")
        .order_by("-pk")
        .first()
    )


def latest(programs: Iterable[Program]) -> dict[int, Review]:
    """The last look at each of these programs, by the program's id: one query."""
    found = Review.objects.filter(program__in=[each.pk for each in programs])
    return {
        each.program_id: each
        for each in found.order_by("program_id", "-pk").distinct("program_id")
    }


def of(program: Program) -> Review | None:
    """The look that is asked for and not decided."""
    return program.reviews.filter(state=Review.State.WAITING).first()


def last_snapshot(program: Program) -> dict[str, object]:
    """What was approved last; empty where staff have approved nothing of it."""
    found = program.reviews.filter(state=Review.State.APPROVED).order_by("-pk").first()
    return dict(found.approved) if found else {}


def ask(program: Program, *, by: User) -> Review:
    """A place in the queue; one that the program has already is kept. Call inside a transaction."""
    review, new = Review.objects.get_or_create(
        program=program, state=Review.State.WAITING, defaults={"asked_by": by}
    )
    if new:
        audit.record("program.review_asked", program, by=by, review=review.pk)
    return review


def look_again(program: Program, *, by: User) -> None:
    """A new host changed what is public: it stays public, and staff look at what changed."""
    approved = last_snapshot(program)
    if approved and is_new(program.organization, but=program) and checking.changes(
        approved, program
    ):
        ask(program, by=by)
