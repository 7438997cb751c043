"""Rows that two people may edit at once: the second one is told, and nothing is lost unseen.

A row counts its versions; a form carries the one that it was opened with; a service that holds the
row's lock calls `advance` with it. `web.together` shows what the other person changed.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _


class Versioned(models.Model):
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class Outdated(ValidationError):
    """The row was changed after it was read. `said`: where more is known than that."""

    def __init__(self, said: Any = "") -> None:
        super().__init__(said or _("Somebody else changed this while you were editing it."))


def advance(row: Versioned, read: int | None = None) -> None:
    """Count one more version of a locked row; the caller saves it.

    `read`: the version that the change was made on; None where nothing was read before (a button
    that does not rest on words). Raises `Outdated` when the row is another one by now.
    """
    if read is not None and row.pk and row.version != read:
        raise Outdated
    row.version += 1
