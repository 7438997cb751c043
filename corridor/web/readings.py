"""When the source of a rule was read, and whether staff have checked the rule since.

Two days that pages must not mix up. `checked_on` in the rule data is the day on which whoever wrote
the rule read its source (or, for `background`, wrote it down without one). A check that staff
record (policy.Check) is a person's own second look. One wording for both, everywhere.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.utils.translation import gettext as _

from corridor import rules
from corridor.policy import queries as policy
from corridor.rules.model import Backing, Pathway
from corridor.rules.statements import of_pathway, statements
from corridor.web import present

Place = tuple[str, int]  # file and line of a statement in the rule data


def short(backing: Backing, staff: date | None = None) -> str:
    """For the end of a line of sources: “source read Nov. 23, 2026”. `staff`: their last check."""
    if staff is not None and staff >= backing.checked_on:
        return _("checked by staff %(day)s") % {"day": present.day(staff)}
    return read_on(backing.checked_on, backing.evidence)


def last_read() -> date:
    """The latest day on which a source of the visa rules was read, of all that the data cites."""
    return _last_read(rules.revision())


@lru_cache(maxsize=4)
def _last_read(revision: str) -> date:
    return max(
        version.backing.checked_on
        for statement in statements(rules.standing().data)
        for version in statement.versions
        if version.backing is not None and version.backing.evidence != "background"
    )


def read_on(day: date | None, evidence: str) -> str:
    return _read_on(day, evidence, present.language()) if day else ""


@lru_cache(maxsize=512)
def _read_on(day: date, evidence: str, lang: str) -> str:
    """A panel says the same few days a hundred times."""
    said = {"day": present.day(day)}
    if evidence == "background":
        return _("written down %(day)s, no source read") % said
    return _("source read %(day)s") % said


def full(backing: Backing, staff: date | None = None) -> str:
    """Both days in sentences; that no check of staff is on record is said too."""
    said = {"day": present.day(backing.checked_on)}
    first = (
        _("Written down on %(day)s without reading a source.") % said
        if backing.evidence == "background"
        else _("The source was read on %(day)s, when this rule was written or revised.") % said
    )
    if staff is None:
        return f"{first} {_('No check by staff is on record yet.')}"
    return f"{first} {_('Staff last checked it on %(day)s.') % {'day': present.day(staff)}}"


def checks_of(record: Pathway) -> dict[Place, date]:
    """The last check by staff of each statement of a route, by the place of the statement."""
    days = policy.last_checks()
    if not days:
        return {}
    return {
        (version.backing.file, version.backing.line): days[version.home]
        for statement in of_pathway(rules.standing().data, record.id)
        for version in statement.versions
        if version.backing is not None and version.home in days
    }


def of(checks: dict[Place, date], backing: Backing) -> date | None:
    return checks.get((backing.file, backing.line))
