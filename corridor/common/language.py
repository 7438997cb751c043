"""Choosing between the Korean and the English column of one field."""

from typing import Any

from django.utils.translation import get_language


def language_code() -> str:
    """"ko" or "en": Django's active language, Korean where none is."""
    return (get_language() or "ko")[:2]


def pick(obj: Any, field: str) -> str:
    """The text of ``field`` in the reader's language.

    Reads ``<field>_ko`` or ``<field>_en`` of ``obj``, by Django's active language; where that
    column is empty the other one is given, so that a reader never sees nothing.
    """
    order = ("ko", "en") if language_code() == "ko" else ("en", "ko")
    for code in order:
        text = getattr(obj, f"{field}_{code}", "") or ""
        if text:
            return str(text)
    return ""
