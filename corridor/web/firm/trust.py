"""What a candidate looks for before trusting a posting, and whether it is said."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from corridor.matching import facts
from corridor.programs import examples
from corridor.programs.kinds import Kind
from corridor.programs.models import Program

# Kinds in which one works for the host by the week; a course tells its hours in other fields.
_BY_THE_WEEK = (Kind.INTERNSHIP, Kind.APPRENTICESHIP, Kind.DISPATCH, Kind.JOINT_RESEARCH)


def trust(program: Program) -> list[dict[str, Any]]:
    """{label, why, section, told} of each, in the order in which candidates ask. A text that is
    still an example tells nothing."""
    example = set(examples.untouched(program))
    duties = list(program.duties.all())
    paid = program.pay_period == Program.PayPeriod.UNPAID or (
        bool(program.pay_period) and program.pay_amount is not None
    )
    rows = [
        (_("Pay"), _("the amount and for which time, or that it is unpaid"), "terms", paid),
    ]
    if program.kind in _BY_THE_WEEK:
        rows.append((
            _("Hours a week"), _("unpaid extra hours are the first thing people fear"), "terms",
            program.hours_per_week is not None,
        ))  # fmt: skip
    rows.append((
        _("Duties"), _("what one does on an ordinary day, with its share of the time"), "duties",
        bool(duties) and "duties" not in example
        and all(duty.share_pct is not None for duty in duties),
    ))  # fmt: skip
    rows.append((
        _("What a candidate pays in total"),
        _("sponsor fee, visa fees, insurance, flights and housing: who pays which"), "terms",
        bool(program.candidate_cost_note.strip()) and "candidate_cost_note" not in example,
    ))  # fmt: skip
    if facts.needs_pathway({}, program):
        rows.append((
            _("Who sponsors the visa"), _("or that nobody does"), "terms", bool(program.sponsor),
        ))  # fmt: skip
    rows.append((
        _("Dates"), _("first day, last day, and until when one may apply"), "terms",
        None not in (program.starts_on, program.ends_on, program.apply_by),
    ))  # fmt: skip
    return [
        {"label": label, "why": why, "section": section, "told": told}
        for label, why, section, told in rows
    ]
