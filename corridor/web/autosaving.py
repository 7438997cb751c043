"""A page that saves itself while one types, and is told apart from other pages of the same thing.

The page is known by a token. The session remembers what the page's last save left behind, so that
its next save, or its button, is not taken for a change made elsewhere.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, QueryDict

_KEY, TOKEN = "autosaved", "page_token"
_MOST = 12  # places of which a session remembers the last save


def token(request: HttpRequest) -> str:
    """The page's own; kept while it is posted."""
    return request.POST.get(TOKEN, "")[:32] or secrets.token_hex(8)


def remember(request: HttpRequest, place: str, left: Any) -> None:
    """What the save of this very page left at `place` (JSON-able). Inside the transaction of the
    save it is kept with it, so that the page's button finds it whichever request comes first."""
    kept = {name: told for name, told in request.session.get(_KEY, {}).items() if name != place}
    kept = dict(list(kept.items())[-_MOST + 1 :])
    request.session[_KEY] = {**kept, place: [request.POST.get(TOKEN, "")[:32], left]}
    request.session.save()


def last(request: HttpRequest, place: str) -> Any:
    """What this very page's last save left at `place`; None where it saved nothing. Read anew:
    a save of the page may have ended while this request was under way."""
    stored = type(request.session)(request.session.session_key)
    told = stored.get(_KEY, {}).get(place)
    return told[1] if told and told[0] == request.POST.get(TOKEN) else None


def without_removals(data: QueryDict) -> QueryDict:
    """Nothing is removed while one types: only the button does that."""
    posted = data.copy()
    for name in [name for name in posted if name.endswith("-DELETE")]:
        del posted[name]
    return posted


def lacking(form: Any) -> list[str]:
    """The labels of the fields that keep it from being saved."""
    forms = getattr(form, "forms", None) or [form]
    return list(dict.fromkeys(
        str(each.fields[name].label) for each in forms for name in each.errors
        if name in each.fields
    ))  # fmt: skip
