"""A section of the profile that saves itself while one types.

A list is replaced whole with each save, so the rows' numbers change under the page. The page is
known by a token; the session remembers which rows its last save made, so that its next save, or
its button, is not taken for a change made elsewhere.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, QueryDict

from corridor.candidates.models import Candidate
from corridor.web.candidate.forms import FORMS, LISTS

# Private facts are saved by their button alone.
SECTIONS = frozenset({*FORMS, *LISTS} - {"private"})
_KEY, _TOKEN = "autosaved", "page_token"


def token(request: HttpRequest) -> str:
    """The page's own; kept while it is posted."""
    return request.POST.get(_TOKEN, "")[:32] or secrets.token_hex(8)


def adopted(request: HttpRequest, section: str, now: set[int]) -> QueryDict:
    """The posted list; with its rows as new ones, where those of `now` are what this very page
    saved last."""
    told = request.session.get(_KEY, {}).get(section)
    if not told or told[0] != request.POST.get(_TOKEN) or set(told[1]) != now:
        return request.POST
    posted = request.POST.copy()
    posted[f"{section}-INITIAL_FORMS"] = "0"
    for name in list(posted):
        if name.startswith(f"{section}-") and name.endswith("-id"):
            posted[name] = ""
    return posted


def without_removals(data: QueryDict) -> QueryDict:
    posted = data.copy()
    for name in [name for name in posted if name.endswith("-DELETE")]:
        del posted[name]
    return posted


def remember(request: HttpRequest, candidate: Candidate, section: str) -> None:
    if section not in LISTS:
        return
    rows = Candidate.objects.get(pk=candidate.pk)
    made = list(getattr(rows, LISTS[section][0]).values_list("pk", flat=True))
    kept = dict(request.session.get(_KEY, {}))
    kept[section] = [request.POST.get(_TOKEN, "")[:32], made]
    request.session[_KEY] = kept


def lacking(form: Any) -> list[str]:
    """The labels of the fields that keep it from being saved."""
    forms = getattr(form, "forms", None) or [form]
    return list(dict.fromkeys(
        str(each.fields[name].label) for each in forms for name in each.errors
        if name in each.fields
    ))  # fmt: skip
