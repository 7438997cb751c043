"""A host's answer record as pages say it: a share, a median, and what both are counted from."""

from __future__ import annotations

from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor.applications.answering import Record
from corridor.web import present


def card(record: Record) -> dict[str, Any]:
    """{enough, rate, median, basis, little}: `basis` tells n and the period, always beside it."""
    return {
        "enough": record.enough,
        "rate": f"{record.rate}%",
        "median": _days(record.median_days),
        "basis": ngettext(
            "%(n)d application from %(since)s to %(until)s",
            "%(n)d applications from %(since)s to %(until)s",
            record.counted,
        )
        % {
            "n": record.counted,
            "since": present.day(record.since),
            "until": present.day(record.until),
        },
        "little": _("Not enough answers yet: figures are shown from %d applications on.")
        % record.least,
    }


def _days(value: float | None) -> str:
    if value is None:
        return "–"
    if value < 1:
        return _("under a day")
    shown = formats.number_format(round(value, 1), decimal_pos=0 if round(value, 1) % 1 == 0 else 1)
    return ngettext("%s day", "%s days", 1 if shown == "1" else 2) % shown
