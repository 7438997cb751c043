from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from corridor import embeddings
from corridor.common import vectors
from corridor.matching import spaces, yardstick


class Command(BaseCommand):
    help = (
        "Embeds, in this process, every text that has no fresh vector, and finishes a change of "
        "model. Can be stopped and started again: what is done stays done."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--index", action="store_true",
            help=f"make HNSW indexes for tables of {spaces.INDEXED_FROM:,} rows or more",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        shown = [0.0]

        def progress(subject: str, done: int, whole: int) -> None:
            if time.monotonic() > shown[0] + 2 or done >= whole:
                shown[0] = time.monotonic()
                self.stderr.write(f"  {subject}: {done:,} of {whole:,}")

        try:
            written = spaces.embed_stale(progress=progress, for_seconds=float("inf"))
        except embeddings.ModelUnavailable as error:
            raise CommandError(str(error)) from error
        yardstick.refresh()
        seconds = time.monotonic() - started
        rate = f", {written / seconds:.0f} a second" if written else ""
        self.stdout.write(f"{written:,} texts embedded in {seconds:.1f} s{rate}")
        space = vectors.space()
        if options["index"] and space is not None:
            for name in spaces.make_indexes(space):
                self.stdout.write(f"index {name}")
