"""Whether a typed name is an account's own: a signature here is a name that somebody types."""

from __future__ import annotations

import re
import unicodedata

from corridor.accounts.models import User

_ASIDE = re.compile(r"\([^)]*\)")  # such as the mark of a sample
_BETWEEN = re.compile(r"[\W_]+")


def of(user: User) -> list[str]:
    """The names of the account, its own and the one in the passport; empty where none stands."""
    return [each for each in dict.fromkeys((user.name, user.name_roman)) if _orders(each)]


def is_of(user: User, typed: str) -> bool:
    """True, too, where the account has no name to compare with."""
    known = of(user)
    return not known or any(_orders(typed) & _orders(each) for each in known)


def _orders(name: str) -> set[str]:
    """The name in one piece, begun with each of its words: the family name may stand first or
    last. Case, spaces and hyphens make no other name."""
    plain = unicodedata.normalize("NFKC", name)
    words = _BETWEEN.sub(" ", unicodedata.normalize("NFC", _ASIDE.sub(" ", plain)).casefold())
    parts = words.split()
    return {"".join(parts[n:] + parts[:n]) for n in range(len(parts))}
