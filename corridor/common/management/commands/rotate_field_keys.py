"""Writes every encrypted value anew with the first key of CORRIDOR_FIELD_KEYS.

Put a new key in front, run this, and the old key may be taken off the list.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError

from corridor.common import encryption


class Command(BaseCommand):
    help = "Encrypt every stored value anew with the first key of CORRIDOR_FIELD_KEYS."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--batch", type=int, default=500, help="rows in one transaction")

    def handle(self, *args: Any, batch: int, **options: Any) -> None:
        if batch < 1:
            raise CommandError("--batch must be 1 or more.")
        total = 0
        for model in apps.get_models():
            if not encryption.fields_of(model):
                continue
            done = 0
            for written in encryption.rotate(model, batch=batch):
                done += written
                self.stderr.write(f"{model._meta.label}: {done} rows")
            total += done
        self.stdout.write(f"{total} rows are encrypted with the first key.")
