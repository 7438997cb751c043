"""On which days and terms an application stands: the program's, or those of its offer."""

from __future__ import annotations

from copy import copy

from corridor.applications.models import Application, Offer
from corridor.programs.models import Program

_TERMS = ("starts_on", "ends_on", "pay_period", "pay_amount", "pay_currency")


def offer_of(application: Application) -> Offer | None:
    """The offer that is open or accepted, read from what was prefetched."""
    living = (Offer.State.OPEN, Offer.State.ACCEPTED)
    return next(
        (each for each in reversed(application.offers.all()) if each.state in living), None
    )


def as_offered(application: Application) -> Program:
    """The program with the days and the pay that were offered, and where the person has begun with
    the days that came out: what every page of this application judges visa routes by. It is a
    copy and is never saved."""
    program, offer = application.program, offer_of(application)
    placement = getattr(application, "placement", None)
    if offer is None and placement is None:
        return program
    made = copy(program)
    if offer is not None:
        for name in _TERMS:
            setattr(made, name, getattr(offer, name))
    if placement is not None:
        made.starts_on = placement.started_on
        made.ends_on = placement.left_on or placement.ends_on
    return made
