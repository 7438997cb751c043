"""The completeness meter: what each missing part would change, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor.candidates.models import Candidate
from corridor.matching import meter
from corridor.matching.meter import Change
from corridor.web import present

SHOWN = 2  # routes that are named


def by_section(candidate: Candidate) -> dict[str, list[str]]:
    """Section of the profile → sentences, for the sections whose answer changes something."""
    found = meter.what_would_change(
        candidate, day=timezone.localdate(), lang=present.language()
    )
    return {change.part: list(_sentences(change)) for change in found}


def _sentences(change: Change) -> Iterator[str]:
    if change.scores:
        yield ngettext(
            "Filling this in changes your score for %(n)s of the %(all)s programs closest to "
            "your profile.",
            "Filling this in changes your score for %(n)s of the %(all)s programs closest to "
            "your profile.",
            change.scores,
        ) % {"n": change.scores, "all": change.looked_at}
    told = {"facts": ", ".join(change.facts[:SHOWN])}
    if change.settled:
        yield _("If you answer “%(facts)s”, this is settled: %(routes)s.") % {
            **told, "routes": _named(change.settled)
        }  # fmt: skip
    elif change.clearer:
        yield _("If you answer “%(facts)s”, this comes closer to an answer: %(routes)s.") % {
            **told, "routes": _named(change.clearer)
        }  # fmt: skip


def _named(routes: Sequence[str]) -> str:
    named = ", ".join(routes[:SHOWN])
    left = len(routes) - SHOWN
    if left <= 0:
        return named
    return ngettext(
        "%(routes)s and %(n)s more route", "%(routes)s and %(n)s more routes", left
    ) % {"routes": named, "n": left}
