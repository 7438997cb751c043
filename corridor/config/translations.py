"""Compiles each `locale/<area>/ko/LC_MESSAGES/django.po` beside itself when it is newer.

Catalogs are cut by area (base, public, candidate, firm …) so that a page and its words change
together. Compiled files are not kept in git; this runs when settings load and costs one stat each.
"""

from __future__ import annotations

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def areas(locale_root: Path) -> list[str]:
    """The directories for Django's LOCALE_PATHS, in alphabetical order."""
    if not locale_root.is_dir():
        return []
    return [str(path) for path in sorted(locale_root.iterdir()) if path.is_dir()]


def compile_stale(locale_root: Path) -> list[Path]:
    """Write every missing or outdated .mo; returns those written. Safe in several processes."""
    written = []
    for source in sorted(locale_root.glob("*/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as lines:
            catalog = read_po(lines, locale=source.parts[-3], abort_invalid=True)
        part = target.with_suffix(f".{os.getpid()}.part")
        with part.open("wb") as out:
            write_mo(out, catalog)
        part.replace(target)
        written.append(target)
    return written
