"""What a visitor tells for one visit: read by the rules, bound to no person, written to no profile.

Answers lie in the visitor's session, encrypted with the field keys, until the browser closes or the
visitor clears them. A page that is to be shared may carry them in its address instead, but never
those in `PRIVATE`, whatever the address says. None stands for "asked, and not known".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from cryptography.fernet import InvalidToken
from django.http import HttpRequest, QueryDict

from corridor import rules
from corridor.common.encryption import fernet
from corridor.matching.facts import PERSONAL
from corridor.rules import asking
from corridor.web.answers import PASSPORTS

Answers = dict[str, Any]

# Personal facts, and those that tell of a broken rule or an old duty: never in an address or a log.
PRIVATE = frozenset(
    {
        *PERSONAL,
        "candidate.subject_to_212e",
        "candidate.vwp_disqualified_travel_or_dual_nationality",
    }
)
_KEY = "told"
_MOST = 120  # answers of one visit; the registry has fewer


def told(request: HttpRequest) -> Answers:
    """The answers of this visit in the order given, those of the address last."""
    return {**_kept(request), **from_address(request.GET)}


def known(answers: Mapping[str, Any]) -> Answers:
    """What of the answers says something."""
    return {fact: value for fact, value in answers.items() if value is not None}


def from_address(query: QueryDict, sides: Iterable[str] = (asking.CANDIDATE,)) -> Answers:
    """What an address carries that one of the sides can tell; the rest is passed over."""
    found: Answers = {}
    for name in list(query)[:_MOST]:
        spec = rules.facts().get(name)
        if spec is None or name in PRIVATE:
            continue
        if not any(asking.can_answer(spec, side) for side in sides):
            continue
        raw = query[name]
        try:
            found[name] = _parsed(spec, raw)
        except (rules.FactError, ValueError):
            continue
    return found


def in_address(answers: Mapping[str, Any], **more: str) -> str:
    """A query string with `more` first and the answers that may stand in an address."""
    query = QueryDict(mutable=True)
    query.update({**more, **written(answers)})
    return query.urlencode()


def written(answers: Mapping[str, Any]) -> dict[str, str]:
    """The answers that may stand in an address, as they stand there."""
    return {fact: _written(value) for fact, value in answers.items() if fact not in PRIVATE}


def remember(request: HttpRequest, answers: Mapping[str, Any]) -> None:
    """Add answers to this visit's. A visitor's session ends with the browser."""
    kept = {**_kept(request), **answers}
    body = json.dumps(dict(list(kept.items())[-_MOST:]), ensure_ascii=False)
    request.session[_KEY] = fernet().encrypt(body.encode()).decode()
    if not request.user.is_authenticated:
        request.session.set_expiry(0)


def forget(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)


def said(answers: Mapping[str, Any], lang: str) -> list[dict[str, str]]:
    """Label and value of what was answered; a private answer is named, and not repeated."""
    registry = rules.facts()
    return [
        {"label": registry[fact].label(lang),
         "value": "" if fact in PRIVATE else in_words(registry[fact], value, lang)}
        for fact, value in known(answers).items()
        if fact in registry
    ]  # fmt: skip


def in_words(spec: rules.FactSpec, value: Any, lang: str) -> str:
    names = dict(PASSPORTS) if spec.type == "country" else {}
    return str(names[value]) if value in names else spec.say(value, lang)


def _kept(request: HttpRequest) -> Answers:
    sealed = request.session.get(_KEY)
    if not sealed:
        return {}
    try:
        kept = json.loads(fernet().decrypt(sealed.encode()))
    except (InvalidToken, ValueError):
        return {}
    return _accepted(kept.items())


def _accepted(pairs: Iterable[tuple[str, Any]]) -> Answers:
    registry, found = rules.facts(), {}
    for name, value in pairs:
        try:
            if name in registry:
                found[name] = registry[name].accept(value)
        except rules.FactError:
            continue
    return found


def _parsed(spec: rules.FactSpec, raw: str) -> Any:
    if raw == "":
        return None
    if spec.type == "yes_no":
        return {"true": True, "false": False}[raw] if raw in ("true", "false") else _refuse(raw)
    if spec.type == "number":
        number = float(raw)
        return spec.accept(int(number) if number.is_integer() else number)
    if spec.type == "choice" and raw not in spec.choices:
        return _refuse(raw)
    return spec.accept(raw)


def _refuse(raw: str) -> Any:
    raise ValueError(raw)


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if hasattr(value, "isoformat") else f"{value}"
