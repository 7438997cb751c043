"""With which visa route an application is planned: the candidate's wish, until the host has filed.

A wish is no decision of an authority and binds nobody; it says which steps, days and costs the
candidate reads on their way, and the host reads it as a wish.
"""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from corridor import rules
from corridor.accounts.models import User
from corridor.applications import permissions, terms, visa_steps
from corridor.applications.models import (
    CANDIDATE,
    HOST,
    Application,
    ApplicationEvent,
    Offer,
    State,
)
from corridor.applications.services import add_event, locked
from corridor.common import audit
from corridor.common.language import language_code
from corridor.matching import facts
from corridor.rules import Assessment, Verdict


def open_routes(assessment: Assessment) -> list[Verdict]:
    """The routes one may plan with, the best first: none that is closed, and no mere process."""
    return [
        verdict for verdict in assessment.verdicts
        if verdict.record.role != "process" and verdict.display != "no"
    ]  # fmt: skip


def planned(
    assessment: Assessment | None, application: Application, offer: Offer | None = None,
    *, side: str = CANDIDATE,
) -> tuple[Verdict | None, str]:  # fmt: skip
    """The route to plan with, and why this one (see `_planned`), going on from what was recorded of
    its steps as far as a reader on `side` may know."""
    verdict, basis = _planned(assessment, application, offer)
    return followed(verdict, application, side) if verdict is not None else None, basis


def followed(verdict: Verdict, application: Application, side: str = CANDIDATE) -> Verdict:
    """The route going on from what was recorded of its steps, as far as `side` may know."""
    records = visa_steps.seen_by(application, side)
    return verdict.following(visa_steps.told(records, verdict.pathway))


def _planned(
    assessment: Assessment | None, application: Application, offer: Offer | None
) -> tuple[Verdict | None, str]:
    """`used` once the stay has begun, `filed` for by the host, `begun` where its steps are
    recorded, the candidate's `wish`, named by the `offer`, or the `best`; `closed`: a wish that is
    not open any more, so the next of these stands for it."""
    if assessment is None:
        return None, "best"
    of = {each.pathway: each for each in assessment.verdicts if each.record.role != "process"}
    closed = False
    placement = getattr(application, "placement", None)
    if placement is not None and (used := of.get(placement.pathway)) is not None:
        return used, "used"
    if (wish := of.get(application.route)) is not None:
        if application.route_filed_on is not None:
            return wish, "filed"
        if visa_steps.told(visa_steps.standing(application), wish.pathway):
            return wish, "begun"
        if wish.display != "no":
            return wish, "wish"
        closed = True
    if offer is not None and (named := of.get(offer.pathway)) is not None:
        return named, "closed" if closed else "offer"
    return assessment.best, "closed" if closed else "best"


@transaction.atomic
def choose_route(
    application: Application, *, by: User, pathway: str, day: date | None = None
) -> Application:
    """The candidate plans with `pathway`; empty takes the wish back. Raises ValidationError for a
    route that is closed to them, after the host has filed, and for an application that is over."""
    application = locked(application)
    if application.candidate.user_id != by.pk:
        raise PermissionDenied
    if application.is_final:
        raise ValidationError(_("This application has ended."))
    if application.route_filed_on is not None:
        raise ValidationError(
            _("The host has filed already, so the route cannot be changed here. Write to the host.")
        )
    if pathway:
        day = day or timezone.localdate()
        program = terms.as_offered(application)
        known = facts.pair_facts(application.candidate, program, day=day)
        assessment = rules.assess(known, day=day, kind=program.kind)
        if pathway not in {verdict.pathway for verdict in open_routes(assessment)}:
            raise ValidationError(_("This visa route is not open for you and this program now."))
    application.route = pathway
    application.save(update_fields=["route", "updated_at"])
    audit.record("application.route_chosen", application, by=by, pathway=pathway)
    return application


@transaction.atomic
def record_filing(
    application: Application, *, by: User, pathway: str, day: date | None = None
) -> Application:
    """The host has filed for `pathway` on `day`; from now on the candidate's choice rests.

    The candidate is told, once for each route and day that is recorded.
    """
    application = locked(application)
    if not permissions.can_decide(by, application):
        raise PermissionDenied
    if application.state != State.ACCEPTED:
        raise ValidationError(_("Nothing is filed before the offer is accepted."))
    if pathway not in {each.id for each in routes_of_kind(application.program.kind)}:
        raise ValidationError(_("Choose the visa route that you have filed for."))
    today = timezone.localdate()
    day = day or today
    if day > today:
        raise ValidationError(_("The day of filing must not be in the future."))
    before = (application.route, application.route_filed_on)
    if before == (pathway, day):
        return application  # pressed twice
    application.route, application.route_filed_on = pathway, day
    application.save(update_fields=["route", "route_filed_on", "updated_at"])
    add_event(
        application, kind=ApplicationEvent.Kind.ROUTE_FILED, by=by, side=HOST, pathway=pathway,
        day=day.isoformat(), corrects=before[1] is not None,
    )  # fmt: skip
    return application


def routes_of_kind(kind: str) -> list[rules.Pathway]:
    """The routes that suit a kind of program, whoever applies."""
    return [
        each for each in rules.pathways() if kind in each.kinds and each.role != "process"
    ]


def filed(event: ApplicationEvent) -> tuple[str, str]:
    """(route, day) of a recorded filing in the reader's language; empty for any other event."""
    pathway, day = str(event.values.get("pathway", "")), event.values.get("day")
    if event.kind != ApplicationEvent.Kind.ROUTE_FILED or not day:
        return "", ""
    known = {each.id: each for each in rules.pathways()}
    name = known[pathway].name(language_code()) if pathway in known else pathway
    return name, formats.date_format(date.fromisoformat(day), "DATE_FORMAT")
