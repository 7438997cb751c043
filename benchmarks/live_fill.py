"""Made-up candidates and programs in the database that is running, for benchmarks/live.py.

Each is drawn from the demo's samples: one sample's evidence with its days moved, wishes, skills and
terms mixed with another's of the same walk of life, and a vector near its own, a little towards the
other's, with noise of the real vectors' own covariance. Seeded: the same for the same seed.

How near and how entangled neighbors are was set near what the demo's real vectors show: a program's
20 nearest people have a local intrinsic dimension of 29 there, a person's 12. Two trial settings,
one on each side of the one used, had 32 and 37, and 9 and 11; the one used was not measured.
Everybody is findable, which is the hardest case for the index. Left out: applications, consents,
documents and messages, of which no measured page reads those of others.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.core.management import call_command
from django.db import connection
from pgvector import HalfVector
from pgvector.psycopg import register_vector
from psycopg.types.json import Jsonb

from corridor import taxonomy
from corridor.candidates.models import Candidate
from corridor.common.models import VectorSpace
from corridor.programs import texts as program_texts
from corridor.programs.models import Program

SOURCE = "made-up"
FIRST = 1_000_000  # the first made-up row's id, far above the demo's
BATCH = 5_000
Say = Callable[[str], None]
Rows = list[dict[str, Any]]


def fill(people: int, programs: int, *, seed: int, say: Say = print) -> None:
    """Bring the database to so many made-up rows; nothing to do where they are there already."""
    call_command("migrate", verbosity=0)
    if not Candidate.objects.filter(is_sample=True).exists():
        for command in ("load_ground", "load_demo", "embed_all"):
            call_command(command, verbosity=0)
    if (
        Candidate.objects.filter(source=SOURCE).count() == people
        and Program.objects.filter(source=SOURCE).count() == programs
    ):
        return
    started = time.perf_counter()
    register_vector(connection.connection)
    with connection.cursor() as cursor:
        # Rows are consistent by construction: a check of each foreign key would take as long again.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET synchronous_commit = off")
        _clear(cursor)
        _programs(cursor, programs, np.random.default_rng(seed))
        _read_programs()
        say(f"{programs:,} programs in {time.perf_counter() - started:.0f} s")
        _people(cursor, people, np.random.default_rng(seed + 1), say)
        for table in ("accounts_user", "candidates_candidate", "programs_program"):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
            )
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")  # a server with much to write is slow to stop
    say(f"Filled in {time.perf_counter() - started:.0f} s")


def _clear(cursor: Any) -> None:
    """Take out an earlier fill, and every index of vectors."""
    cursor.execute("SELECT indexname FROM pg_indexes WHERE indexname LIKE '%\\_near\\_%'")
    for (name,) in cursor.fetchall():
        cursor.execute(f'DROP INDEX "{name}"')
    for table, parent in (
        ("candidates_education", "candidate_id"), ("candidates_work", "candidate_id"),
        ("candidates_heldcredential", "candidate_id"), ("candidates_languagescore", "candidate_id"),
        ("programs_duty", "program_id"), ("programs_requirement", "program_id"),
        ("matching_bestprograms", "candidate_id"), ("matching_bestcandidates", "program_id"),
        ("candidates_candidate", "id"), ("programs_program", "id"), ("accounts_user", "id"),
    ):  # fmt: skip
        cursor.execute(f"DELETE FROM {table} WHERE {parent} >= %s", [FIRST])


def _samples(cursor: Any, table: str, where: str) -> tuple[Rows, np.ndarray]:
    """Whole rows as they lie in the table (encrypted fields stay so), and their vectors."""
    cursor.execute(f"SELECT * FROM {table} WHERE {where} ORDER BY id")
    names = [column.name for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for name in ("rule_facts", "details"):  # read as text by Django's connections
        for row in rows:
            if name in row:
                row[name] = Jsonb(json.loads(row[name]))
    vectors = np.array([row["vector"].to_numpy() for row in rows], np.float32)
    return rows, vectors


class _Vectors:
    """Near one real vector, a little towards another, with noise as the real ones vary."""

    def __init__(self, real: np.ndarray) -> None:
        self.real = real
        away = real - real.mean(0)
        _left, deviations, self.axes = np.linalg.svd(away, full_matrices=False)
        self.scale = (deviations / np.sqrt((deviations**2).sum())).astype(np.float32)

    def near(self, own: np.ndarray, other: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        noise = rng.standard_normal((len(own), len(self.scale)), np.float32) * self.scale
        towards = rng.uniform(0.0, 0.3, (len(own), 1)).astype(np.float32)
        made = (1 - towards) * self.real[own] + towards * self.real[other]
        made += rng.uniform(0.15, 0.35, (len(own), 1)).astype(np.float32) * (noise @ self.axes)
        return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float16)


def _copy(cursor: Any, table: str, rows: Iterator[dict[str, Any]]) -> None:
    cursor.execute(
        "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute "
        "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
        "AND attgenerated = '' ORDER BY attnum",
        [table],
    )
    columns = cursor.fetchall()
    names = ", ".join(f'"{name}"' for name, _type in columns)
    with cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT binary)") as copy:
        copy.set_types([kind.replace("character varying", "varchar") for _name, kind in columns])
        for row in rows:
            copy.write_row([row[name] for name, _type in columns])


def _people(cursor: Any, count: int, rng: np.random.Generator, say: Say) -> None:
    samples, real = _samples(
        cursor, "candidates_candidate", "is_sample AND source <> 'made-up' AND vector IS NOT NULL"
    )
    vectors = _Vectors(real)
    by_walk: dict[str, np.ndarray] = {
        walk: np.flatnonzero([row["walk"] == walk for row in samples])
        for walk in ("student", "graduate", "technician", "researcher")
    }
    revision = VectorSpace.objects.get(pk=1).revision
    cursor.execute(
        "INSERT INTO accounts_user (id, password, is_superuser, email, name, name_roman, language, "
        "is_staff, is_active, date_joined) SELECT %s + n, '!', false, 'made-up-' || n || "
        "'@live.example', '견본' || n, '', 'ko', false, true, now() FROM generate_series(0, %s) n",
        [FIRST, count - 1],
    )
    cursor.execute("CREATE TEMP TABLE origin (id bigint, sample bigint, days int)")
    origins: list[tuple[int, int, int]] = []

    def made() -> Iterator[dict[str, Any]]:
        started = time.perf_counter()
        for first in range(0, count, BATCH):
            size = min(BATCH, count - first)
            own = rng.integers(0, len(samples), size)
            other = np.array([rng.choice(by_walk[samples[at]["walk"]]) for at in own])
            drawn = vectors.near(own, other, rng)
            days = rng.integers(0, 365, size)
            keep = rng.random((size, 4, 48))
            for at in range(size):
                one, two = samples[own[at]], samples[other[at]]
                number, shift = first + at, timedelta(days=int(days[at]))
                origins.append((FIRST + number, one["id"], int(days[at])))
                yield {
                    **one,
                    "id": FIRST + number, "user_id": FIRST + number, "card_code": f"L{number:07d}",
                    "vector": HalfVector(drawn[at]), "vector_revision": revision,
                    "skill_ids": _mixed(one["skill_ids"], two["skill_ids"], keep[at, 0]),
                    "occupation_ids": _mixed(
                        one["occupation_ids"], two["occupation_ids"], keep[at, 1]
                    ),
                    "term_ids": _mixed(one["term_ids"], two["term_ids"], keep[at, 2]),
                    "kinds": two["kinds"], "sectors": two["sectors"], "hubs": two["hubs"],
                    "available_from": one["available_from"] and one["available_from"] + shift,
                    "available_until": one["available_until"] and one["available_until"] + shift,
                    "min_months": two["min_months"], "max_months": two["max_months"],
                    "visibility": "findable", "source": SOURCE, "source_id": str(number),
                }  # fmt: skip
            if (first // BATCH) % 20 == 19:
                say(f"  {first + size:,} people, {time.perf_counter() - started:.0f} s")

    _copy(cursor, "candidates_candidate", made())
    with cursor.copy("COPY origin FROM STDIN") as copy:
        for row in origins:
            copy.write_row(row)
    say("  their evidence")
    # Graduates and jobs move into the past, studies under way into the future: none contradicts.
    for table, columns in {
        "candidates_education": "institution, country, degree, major, status, "
        "started_on - sign * days, ended_on - sign * days, is_accredited_engineering",
        "candidates_work": "employer, title, country, started_on - days, ended_on - days, "
        "description, related",
        "candidates_heldcredential": "name, credential_id, issued_on - days, expires_on - days",
        "candidates_languagescore": "test, score, level, taken_on - days / 2",
    }.items():
        names = columns.replace(" - sign * days", "").replace(" - days / 2", "")
        sign = ", CASE WHEN status IN ('enrolled', 'leave') THEN -1 ELSE 1 END AS sign"
        cursor.execute(
            f"INSERT INTO {table} (candidate_id, {names.replace(' - days', '')}) "
            f"SELECT o.id, {columns} FROM origin o JOIN (SELECT *"
            f"{sign if 'education' in table else ''} FROM {table}) e ON e.candidate_id = o.sample "
            "ORDER BY o.id"
        )
    cursor.execute("DROP TABLE origin")


def _read_programs() -> None:
    """What follows from the programs' texts, as the product reads it."""
    rows = Program.objects.filter(source=SOURCE).prefetch_related(
        *program_texts.PREFETCH, *program_texts.NAMED
    )
    batch = []
    for program in rows.iterator(chunk_size=500):
        names = program_texts.read(program)
        program.vector_hash = program.text_hash
        batch.append(program)
        if len(batch) == 500:
            Program.objects.bulk_update(batch, [*names, "vector_hash"])
            batch = []
    if batch:
        Program.objects.bulk_update(batch, [*names, "vector_hash"])


def _mixed(mine: Sequence[Any], others: Sequence[Any], keep: np.ndarray) -> list[Any]:
    """Nearly all of one's own and a few of another's, in order and without doubles."""
    size = len(keep)
    chosen = {each for at, each in enumerate(mine) if keep[at % size] < 0.85}
    chosen.update(each for at, each in enumerate(others) if keep[-1 - at % size] > 0.8)
    return sorted(chosen)


def _programs(cursor: Any, count: int, rng: np.random.Generator) -> None:
    samples, real = _samples(
        cursor, "programs_program",
        "is_sample AND source <> 'made-up' AND status = 'published' AND vector IS NOT NULL",
    )  # fmt: skip
    vectors = _Vectors(real)
    skills = [one for one in taxonomy.skills() if one.kind not in ("soft", "language")]
    today = date.today()
    revision = VectorSpace.objects.get(pk=1).revision
    own, other = rng.integers(0, len(samples), count), rng.integers(0, len(samples), count)
    drawn = vectors.near(own, other, rng)
    named = rng.integers(0, len(skills), (count, 3))
    starts = rng.integers(75, 500, count)
    keep = rng.random((count, 2, 48))

    def made() -> Iterator[dict[str, Any]]:
        for number in range(count):
            one, two = samples[own[number]], samples[other[number]]
            topics = [skills[at] for at in named[number]]
            begins = today + timedelta(days=int(starts[number]))
            length = (one["ends_on"] - one["starts_on"]) if one["ends_on"] else timedelta(days=180)
            yield {
                **one,
                "id": FIRST + number, "source": SOURCE, "source_id": str(number),
                "title_ko": f"{one['title_ko']} · {topics[0].ko}"[:200],
                "title_en": f"{one['title_en']}: {topics[0].en}"[:200],
                "summary_ko": f"{one['summary_ko']} {topics[1].ko}, {topics[2].ko}."[:1000],
                "summary_en": f"{one['summary_en']} {topics[1].en}, {topics[2].en}."[:1000],
                "vector": HalfVector(drawn[number]), "vector_revision": revision,
                "skill_ids": sorted(
                    {*_mixed(one["skill_ids"], two["skill_ids"], keep[number, 0]),
                     *(topic.id for topic in topics)}
                ),
                "term_ids": _mixed(one["term_ids"], two["term_ids"], keep[number, 1]),
                "hub_id": two["hub_id"], "state": two["state"],
                "starts_on": begins, "ends_on": begins + length,
                "apply_by": begins - timedelta(days=30),
                "organization_id": two["organization_id"], "created_by_id": None,
            }  # fmt: skip

    _copy(cursor, "programs_program", made())
    cursor.execute("CREATE TEMP TABLE origin (id bigint, sample bigint)")
    with cursor.copy("COPY origin FROM STDIN") as copy:
        for number in range(count):
            copy.write_row((FIRST + number, samples[own[number]]["id"]))
    for table in ("programs_duty", "programs_requirement"):
        cursor.execute(
            "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute WHERE attrelid = "
            "%s::regclass AND attnum > 0 AND NOT attisdropped AND attname NOT IN "
            "('id', 'program_id')",
            [table],
        )
        columns = cursor.fetchone()[0]
        cursor.execute(
            f"INSERT INTO {table} (program_id, {columns}) SELECT o.id, "
            f"{', '.join('e.' + name.strip() for name in columns.split(','))} FROM origin o "
            f"JOIN {table} e ON e.program_id = o.sample ORDER BY o.id"
        )
    cursor.execute("DROP TABLE origin")
