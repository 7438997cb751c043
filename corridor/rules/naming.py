"""Finding a credential by what people and programs call it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from corridor.rules.credentials import Credential, folded

_SCORE = re.compile(r"(\d+점?|i[hlm]\d?|al)$")


class Names:
    """Finds credentials by id, name, alias, or the name of their U.S. counterpart."""

    def __init__(self, credentials: Mapping[str, Credential]) -> None:
        self.by_id = credentials
        self._held: dict[str, Credential] = {}
        self._asked: dict[str, list[Credential]] = {}
        for each in credentials.values():
            for name in (each.id, each.names.ko, each.names.en, *each.aliases):
                self._held.setdefault(folded(name), each)
            for name in (each.id, each.names.ko, each.names.en, *each.aliases, *each.satisfies):
                listed = self._asked.setdefault(folded(name), [])
                if each not in listed:
                    listed.append(each)
        self._american = sorted(
            ((folded(name), each) for each in credentials.values() for name in each.us_names),
            key=lambda pair: -len(pair[0]),
        )
        # Longest first, so that 산업기사 is found before 기사.
        self._tails = sorted((k for k in self._held if len(k) >= 2), key=len, reverse=True)

    def held(self, name: str) -> Credential | None:
        """The credential called `name`; "전기산업기사" falls back to the grade it ends in."""
        if name in self.by_id:
            return self.by_id[name]
        key = folded(name)
        if key in self._held:
            return self._held[key]
        plain = _SCORE.sub("", key)  # "TOEIC 870" and "오픽 IM2" are the test with a score
        if plain != key and plain in self._held:
            return self._held[plain]
        for tail in self._tails:
            korean = "가" <= tail[-1] <= "힣"
            if korean and key.endswith(tail):
                return self._held[tail]
            if not korean and len(tail) >= 4 and key.startswith(tail):
                return self._held[tail]
        return None

    def in_us_form(self, name: str) -> Credential | None:
        """The credential whose U.S. counterpart itself is called `name` ("AWS D1.1 (SMAW)")."""
        key = folded(name)
        for written, credential in self._american:
            if key == written or (len(written) >= 4 and key.startswith(written)):
                return credential
        return None

    def asked(self, name: str) -> Sequence[Credential]:
        """The credentials that answer to a program's `name`."""
        if name in self.by_id:
            return [self.by_id[name]]
        key = folded(name)
        if key in self._asked:
            return self._asked[key]
        found = self.held(name)
        return [found] if found else []
