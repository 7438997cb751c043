"""A section of the profile that saves itself while one types.

A list is replaced whole with each save, so the rows' numbers change under the page; the session
remembers which rows the page's last save made (see web.autosaving).
"""

from __future__ import annotations

from django.http import HttpRequest, QueryDict

from corridor.candidates.models import Candidate
from corridor.web import autosaving
from corridor.web.autosaving import lacking, token, without_removals
from corridor.web.candidate.forms import FORMS, LISTS

__all__ = ["SECTIONS", "adopted", "lacking", "remember", "token", "without_removals"]

# Private facts are saved by their button alone.
SECTIONS = frozenset({*FORMS, *LISTS} - {"private"})


def adopted(request: HttpRequest, section: str, now: set[int]) -> QueryDict:
    """The posted list; with its rows as new ones, where those of `now` are what this very page
    saved last."""
    made = autosaving.last(request, section)
    if made is None or set(made) != now:
        return request.POST
    posted = request.POST.copy()
    posted[f"{section}-INITIAL_FORMS"] = "0"
    for name in list(posted):
        if name.startswith(f"{section}-") and name.endswith("-id"):
            posted[name] = ""
    return posted


def remember(request: HttpRequest, candidate: Candidate, section: str) -> None:
    if section not in LISTS:
        return
    rows = Candidate.objects.get(pk=candidate.pk)
    made = list(getattr(rows, LISTS[section][0]).values_list("pk", flat=True))
    autosaving.remember(request, section, made)
