from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from corridor import embeddings
from corridor.matching import ranking, ranking_files


class Command(BaseCommand):
    help = (
        "Ranks documents for each query by text alone, as matching does: JSON lines of "
        '{"id", "text"} in, one line of {"id", "ranking", "scores"} a query out. Korean, English '
        "or both; needs no database. The same files give the same result."
    )
    requires_system_checks: list[str] = []  # reads and writes files only

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--queries", type=Path, required=True, help="JSON lines: id, text")
        parser.add_argument("--documents", type=Path, required=True, help="JSON lines: id, text")
        parser.add_argument("--top", type=int, default=100, help="documents a query (default 100)")
        parser.add_argument("--output", type=Path, required=True, help="JSON lines, replaced")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        if options["top"] < 1:
            raise CommandError("--top must be 1 or more.")
        try:
            query_ids, queries = ranking_files.read(options["queries"])
            document_ids, documents = ranking_files.read(options["documents"])
            if not documents:
                raise CommandError(f"{options['documents']} holds no document.")
            with ranking_files.written(options["output"]) as output:
                ranker = ranking.Ranker(
                    documents, document_ids, encoder=embeddings.load(), progress=self._progress
                )
                ranked = ranker.rank(queries, top=options["top"], progress=self._progress)
                for key, (places, scores) in zip(query_ids, ranked, strict=True):
                    found = [document_ids[place] for place in places]
                    output.write(ranking_files.line(key, found, scores))
        except (ranking_files.BadFile, embeddings.ModelUnavailable) as error:
            raise CommandError(str(error)) from error
        seconds = time.monotonic() - started
        many = len(queries) + len(documents)
        self.stderr.write(
            f"{len(queries):,} queries, {len(documents):,} documents: {seconds:.1f} s "
            f"({many / seconds:.0f} texts a second), written to {options['output']}"
        )

    _shown = 0.0

    def _progress(self, what: str, done: int, whole: int) -> None:
        if time.monotonic() > self._shown + 2:
            self._shown = time.monotonic()
            self.stderr.write(f"  {what}: {done:,} of {whole:,}")
