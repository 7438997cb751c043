"""Addresses of pages that stand on every page or dozens of times in a list. Each is made once for
each language: Django's `reverse` walks the patterns anew, and a page of matches asks it sixty
times."""

from __future__ import annotations

from functools import lru_cache

from django.urls import get_script_prefix, reverse

from corridor.common.language import language_code

_NUMBER = 987654321  # stands where a row's number will


def of(name: str, pk: int | None = None) -> str:
    """The address of a page, or of the one about the row with the number `pk`."""
    before, after = _around(name, pk is not None, language_code(), get_script_prefix())
    return before if pk is None else f"{before}{pk}{after}"


@lru_cache
def _around(name: str, numbered: bool, _language: str, _prefix: str) -> tuple[str, str]:
    made = reverse(name, args=[_NUMBER] if numbered else [])
    before, _number, after = made.partition(str(_NUMBER))
    return before, after
