"""Every sentence that the source marks for translation, and which of them lack Korean.

`python -m corridor.config.sentences` lists the missing ones as catalog entries to fill in;
the tests fail while there are any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

from corridor.config.env import ROOT

Key = tuple[str | None, str]  # (context, msgid)
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_STRING = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_TEMPLATE_CALLS = re.compile(
    rf"\b(npgettext|pgettext|ngettext|gettext|_)\(\s*{_STRING}(?:\s*,\s*{_STRING})?", re.S
)


def in_python() -> Iterator[tuple[Key, str]]:
    for path in sorted((ROOT / "corridor").rglob("*.py")):
        if "migrations" in path.parts:
            continue
        source = BytesIO(path.read_bytes())
        for line, message, _comments, context in extract("python", source, keywords=_KEYWORDS):
            msgid = message[0] if isinstance(message, tuple) else message
            if msgid:
                yield (context, msgid), f"{path.relative_to(ROOT)}:{line}"


def in_templates() -> Iterator[tuple[Key, str]]:
    templates = ROOT / "templates"
    for path in sorted([*templates.rglob("*.html"), *templates.rglob("*.txt")]):
        # Cotton's own tags hold plain attributes: {% translate %} inside them reads as usual.
        source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        for call in _TEMPLATE_CALLS.finditer(source):
            name, first, second = call.groups()
            strings = [_unquoted(text) for text in (first, second) if text]
            if name in {"pgettext", "npgettext"} and len(strings) == 2:
                yield (strings[0], strings[1]), str(path.relative_to(ROOT))
            elif strings[0].strip():
                yield (None, strings[0]), str(path.relative_to(ROOT))


def _unquoted(text: str) -> str:
    return eval(text, {"__builtins__": {}})  # noqa: S307  a string literal from our own template


def catalog(area: Path) -> dict[Key, str]:
    """(context, msgid) -> first Korean text, of one area's catalog. Fuzzy entries do not count."""
    found: dict[Key, str] = {}
    for path in area.glob("ko/LC_MESSAGES/*.po"):
        with path.open("rb") as lines:
            for message in read_po(lines, locale="ko"):
                if not message.id or message.fuzzy:
                    continue
                msgid = message.id[0] if isinstance(message.id, tuple) else message.id
                text = message.string[0] if isinstance(message.string, tuple) else message.string
                if text:
                    found[(message.context, str(msgid))] = str(text)
    return found


def translated() -> dict[Key, str]:
    """The Korean of every sentence, over all areas."""
    return {
        key: text for root in settings.LOCALE_PATHS for key, text in catalog(Path(root)).items()
    }


def missing() -> dict[Key, list[str]]:
    """Sentences without Korean, with the places where they stand."""
    known = translated()
    lacking: dict[Key, list[str]] = {}
    for key, place in [*in_python(), *in_templates()]:
        if key not in known:
            lacking.setdefault(key, []).append(place)
    return lacking


if __name__ == "__main__":
    import os
    import sys

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.config.settings")
    only = sys.argv[1:]
    for (context, msgid), places in missing().items():
        if only and not any(part in place for part in only for place in places):
            continue
        text = msgid.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        prefix = f'msgctxt "{context}"\n' if context else ""
        sys.stdout.write(f'# {places[0]}\n{prefix}msgid "{text}"\nmsgstr ""\n\n')
