"""A made-up national crowd for benchmarks/scale.py: the same for the same seed.

Facts for the rules come from benchmarks/population.py. What the score reads is drawn here: shares
are guesses at a national platform's, sizes (about 10 skills, 60 terms) those of full profiles.
Vectors are those of the gold set's real texts, mixed two by two with some noise, so that cosines
are spread as real ones are.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks import population
from corridor import rules, taxonomy
from corridor.matching import tables
from corridor.matching.allpairs.crowd import NOTHING, Coded, Crowd, Members
from corridor.matching.allpairs.factors import BEST_OF, DATES, SUMMED, Factor
from corridor.matching.allpairs.posts import Posts
from corridor.matching.axes import KINDS, WALKS
from corridor.matching.lexicon import Lexicon
from corridor.matching.rows import CandidateRow, ProgramRow
from corridor.matching.scoring import Scale
from corridor.matching.tables import program_table

GOLD = Path(__file__).resolve().parent / "data" / "gold"
STATES = ("GA", "TX", "AZ", "OH", "MI", "CA", "NY", "IN", "TN", "KY", "AL", "SC")
HUBS = {f"hub-{n}": STATES[n % len(STATES)] for n in range(24)}
CREDENTIALS = tuple(f"credential {n}" for n in range(60))
VOCABULARY, TOPICS = 20_000, 40
CHUNK = 50_000
Rng = np.random.Generator


def zipf(size: int, flat: float) -> NDArray[np.float64]:
    weights = 1.0 / (np.arange(size) + flat)
    shares: NDArray[np.float64] = weights / weights.sum()
    return shares


class Topics:
    """What belongs together: a topic's own terms and skills, drawn as often as anybody's."""

    def __init__(self, rng: Rng, size: int, own: int, flat: float) -> None:
        self.common = np.cumsum(zipf(size, flat))
        self.own = np.stack([rng.permutation(size)[:own] for _ in range(TOPICS)])
        self.shares = np.cumsum(zipf(own, 10))

    def draw(self, rng: Rng, topic: NDArray[Any], each: int) -> NDArray[np.int32]:
        """(n, each): half from everybody's, half from the topic's own."""
        shape = (len(topic), each)
        last = len(self.common) - 1
        common = np.minimum(np.searchsorted(self.common, rng.random(shape)), last)
        at = np.minimum(np.searchsorted(self.shares, rng.random(shape)), self.own.shape[1] - 1)
        own = self.own[topic[:, None], at]
        return np.where(rng.random(shape) < 0.5, common, own).astype(np.int32)


@dataclass(frozen=True)
class Gold:
    """Vectors of real texts."""

    profiles: NDArray[np.float32]
    programs: NDArray[np.float32]

    @classmethod
    def read(cls) -> Gold:
        from corridor import embeddings

        model = embeddings.load(embeddings.DEFAULT_MODEL)

        def texts(*names: str) -> list[str]:
            return [json.loads(line)["text"] for name in names
                    for line in (GOLD / name).read_text(encoding="utf-8").splitlines()]  # fmt: skip

        return cls(
            model.encode(texts("profiles_dev.jsonl", "profiles_final.jsonl"), kind="query"),
            model.encode(texts("programs.jsonl"), kind="passage"),
        )


def mixed(rng: Rng, base: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Two real vectors and noise of a third of their length, as vectors of length 1."""
    share = rng.random((count, 1), np.float32) * np.float32(0.6)
    one, other = (base[rng.integers(0, len(base), count)] for _ in range(2))
    made = (1 - share) * one + share * other
    size = base.shape[1]
    made += rng.standard_normal((count, size), np.float32) * np.float32(0.33 / size**0.5)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return made


@dataclass(frozen=True)
class Corridor:
    """Everything that a run reads, but for the vectors of candidates."""

    posts: Posts
    crowd: Crowd
    people: Any  # FactTable
    programs: Any  # FactTable
    tracks: Any
    kinds: dict[str, NDArray[np.intp]]
    exempt: NDArray[np.bool_]
    in_korea: NDArray[np.bool_]


def corridor(candidates: int, programs: int, day: date, seed: int, gold: Gold) -> Corridor:
    rng = np.random.default_rng(seed + 7)
    people, study, classes = population.people(candidates, day, seed)
    theirs, kind, starts = population.programs(programs, day, seed)
    words = Topics(rng, VOCABULARY, 600, 25)
    abilities = Topics(rng, len(taxonomy.load().skills), 60, 40)
    rows = list(_programs(rng, theirs, kind, starts, words, abilities))
    lexicon = Lexicon.of([row.terms for row in rows])
    vectors = mixed(rng, gold.programs, programs)
    sample = mixed(rng, gold.profiles, 800) @ vectors[:800].T
    low, high = np.quantile(sample, [0.5, 0.9995])
    table = program_table(rows, HUBS)
    posts = Posts(
        table, vectors, lexicon, lexicon.prepared([row.terms for row in rows]),
        Scale(float(low), float(max(high, low + 0.05))), np.arange(programs),
    )  # fmt: skip
    walk = people.columns["candidate.korean_university_semesters"].codes  # a student says them
    nationality = people.columns["candidate.nationality"]
    exempt = nationality.codes == list(nationality.values).index("US")
    return Corridor(
        posts, _crowd(rng, candidates, day, posts, words, abilities), people, theirs,
        population.intern_tracks(study, classes, theirs),
        {name: np.flatnonzero(kind == at) for at, name in enumerate(rules.KINDS)},
        np.asarray(exempt) & (walk >= 0), rng.random(programs) < 0.04,
    )  # fmt: skip


def _programs(
    rng: Rng, facts: Any, kind: NDArray[Any], starts: Sequence[date], words: Topics,
    abilities: Topics,
) -> Any:  # fmt: skip
    loaded = taxonomy.load()
    skills, occupations = list(loaded.skills), list(loaded.occupations)
    majors, sectors = list(loaded.majors), list(loaded.sectors)
    size = len(kind)
    topic = rng.integers(0, TOPICS, size)
    terms = words.draw(rng, topic, 60)
    asked = abilities.draw(rng, topic, 14)
    begins = facts.columns["program.start_date"]
    for i in range(size):
        begin = begins.values[begins.codes[i]]
        start = None if begin is None else begin.toordinal()
        months = float(rng.choice([1, 2, 3, 4, 6, 9, 12, 18, 24])) if rng.random() < 0.9 else None
        must, wish = rng.integers(0, 5), rng.integers(0, 5)
        named = [skills[n] for n in dict.fromkeys(asked[i].tolist())]
        hub = str(rng.choice(list(HUBS))) if rng.random() < 0.7 else ""
        yield ProgramRow(
            id=i, kind=KINDS[kind[i]],
            walks=frozenset(rng.choice(WALKS, rng.integers(1, 4)).tolist()),
            must_skills=frozenset(named[:must]), wish_skills=frozenset(named[must : must + wish]),
            other_skills=frozenset(named[must + wish :]),
            occupations=frozenset(rng.choice(occupations, rng.integers(0, 3)).tolist()),
            majors=frozenset(rng.choice(majors, rng.integers(0, 4)).tolist()),
            terms=np.unique(terms[i]), sector=sectors[topic[i] % len(sectors)], hub=hub,
            state=HUBS.get(hub, str(rng.choice(STATES))), starts=start,
            ends=None if start is None or months is None else start + int(30.4 * months),
            months=months, degree=int(rng.integers(0, 5)) if rng.random() < 0.6 else None,
            degree_must=bool(rng.random() < 0.3),
            experience=float(rng.choice([6, 12, 24, 36, 60, 120])) if rng.random() < 0.4 else None,
            experience_must=bool(rng.random() < 0.2),
            english=float(rng.integers(10, 19) * 50) if rng.random() < 0.4 else None,
            language=str(rng.choice(["en", "both", "ko"], p=[0.75, 0.17, 0.08])),
            credentials=tuple(
                (name, bool(rng.random() < 0.4))
                for name in sorted(set(rng.choice(CREDENTIALS, rng.integers(0, 3)).tolist()))
            ),
        )  # fmt: skip


def _crowd(
    rng: Rng, size: int, day: date, posts: Posts, words: Topics, abilities: Topics
) -> Crowd:
    today = day.toordinal()
    walk = rng.choice(4, size, p=[0.52, 0.22, 0.18, 0.08])
    topic = rng.integers(0, TOPICS, size)

    def known(values: NDArray[Any], share: float) -> NDArray[np.int64]:
        return np.where(rng.random(size) < share, values, -1).astype(np.int64)

    degree = rng.integers(0, 5, size)
    student = (walk == 0) | (rng.random(size) < 0.05)
    ends = today + np.where(  # terms end in February and August; a tenth of the days are others
        rng.random(size) < 0.9, 90 + 182 * rng.integers(0, 8, size), rng.integers(0, 1500, size)
    )
    numbers = {
        "walk": walk.astype(np.int64),
        "attained": known(np.where(student, np.maximum(degree - 1, 0), degree), 0.8),
        "pursuing": np.where(student, degree, -1),
        "pursuing_until": np.where(student, known(ends, 0.85), -1),
        "experience": known(
            np.clip(rng.exponential(np.array([2, 14, 110, 60])[walk]), 0, 360), 0.6
        ),
        "english": known(5 * np.clip(rng.normal(150, 28, size), 60, 198).astype(int), 0.45),
        "available_from": known(_days(rng, size, today, 600), 0.6),
        "available_until": known(_days(rng, size, today + 200, 900), 0.25),
        "min_months": known(rng.integers(1, 13, size), 0.4),
        "max_months": known(rng.integers(6, 37, size), 0.4),
    }
    loaded = taxonomy.load()
    sets = {
        "credentials": _inventory(rng, CREDENTIALS, size, 1_500, 3, none=0.55),
        "kinds": _inventory(rng, KINDS, size, 80, 3, none=0.3),
        "sectors": _inventory(rng, list(loaded.sectors), size, 400, 3, none=0.3),
        "hubs": _inventory(rng, list(HUBS), size, 300, 2, none=0.4),
    }
    sets["credentials"] = (
        sets["credentials"][0], [(tuple(sorted(each)),) for (each,) in sets["credentials"][1]]
    )  # fmt: skip

    def coded(factor: Factor) -> Coded:
        fields = factor.mine
        if fields[0] in sets:
            codes, keys = sets[fields[0]]
            return _with_lessons(rng, codes, keys, factor.lessons) if factor.lessons else Coded(
                codes, keys
            )
        stacked = np.zeros(size, np.int64)
        for name in fields:
            stacked = stacked * (1 << 21) + numbers[name] + 1
        held, codes = np.unique(stacked, return_inverse=True)
        keys = []
        for value in held.tolist():
            each = []
            for name in reversed(fields):
                value, low = divmod(value, 1 << 21)
                number = None if low == 0 else low - 1
                each.append(WALKS[number] if name == "walk" and number is not None else number)
            keys.append(tuple(reversed(each)))
        return Coded(codes.astype(np.int32), keys)

    jobs = rng.choice(len(loaded.occupations), (size, 3), p=zipf(len(loaded.occupations), 20))
    fields = rng.choice(len(loaded.majors), (size, 2), p=zipf(len(loaded.majors), 10))
    job_count, field_count = rng.integers(0, 4, size), rng.integers(0, 3, size)
    skills, signs = _skills(rng, topic, posts, abilities, (jobs, job_count), (fields, field_count))
    return Crowd(
        [coded(factor) for factor in SUMMED], [coded(factor) for factor in DATES],
        [
            _members(list(loaded.occupations), jobs, job_count),
            _members(list(loaded.majors), fields, field_count),
        ],
        signs, skills, _terms(rng, topic, posts, words),
    )  # fmt: skip


assert [factor.mine for factor in BEST_OF] == [("occupations",), ("majors",)]


def _days(rng: Rng, size: int, first: int, span: int) -> NDArray[np.int64]:
    """Two thirds are the first of a month (every 30 days here)."""
    days = rng.integers(0, span, size)
    usual = rng.random(size) < 0.67
    made: NDArray[np.int64] = first + np.where(usual, days // 30 * 30, days)
    return made


def _inventory(
    rng: Rng, values: Sequence[str], size: int, kinds: int, most: int, *, none: float
) -> tuple[NDArray[np.int32], list[tuple[Any, ...]]]:
    """Sets that many share, the first ones more often; `none`: the share of empty ones."""
    made = {frozenset(rng.choice(list(values), rng.integers(1, most + 1)).tolist())
            for _ in range(kinds)}  # fmt: skip
    keys: list[tuple[Any, ...]] = [NOTHING, *((each,) for each in sorted(made, key=sorted))]
    drawn = rng.choice(len(keys) - 1, size, p=zipf(len(keys) - 1, 15)) + 1
    return np.where(rng.random(size) < none, 0, drawn).astype(np.int32), keys


def _with_lessons(
    rng: Rng, codes: NDArray[np.int32], keys: list[tuple[Any, ...]], begins: str
) -> Coded:
    """One person in fifty has put one of these aside."""
    named = sorted(frozenset().union(*(each for (each,) in keys)))
    lesson = rng.choice(len(named), len(codes), p=zipf(len(named), 5)) + 1
    lesson[rng.random(len(codes)) >= 0.02] = 0
    told = [frozenset(), *(frozenset({begins + name}) for name in named)]
    both, made = np.unique(codes.astype(np.int64) * len(told) + lesson, return_inverse=True)
    pairs = (divmod(each, len(told)) for each in both.tolist())
    return Coded(made.astype(np.int32), [(*keys[own], told[at]) for own, at in pairs])


def _members(names: list[str], drawn: NDArray[Any], counts: NDArray[Any]) -> Members:
    _size, most = drawn.shape
    starts = np.concatenate([[0], np.cumsum(counts + 1)])
    codes = np.zeros(int(starts[-1]), np.int32)
    for at in range(most):
        some = np.flatnonzero(counts > at)
        codes[starts[some] + 1 + at] = drawn[some, at] + 1
    return Members(starts, codes, [NOTHING, *((frozenset({name}),) for name in names)])


def _skills(
    rng: Rng, topic: NDArray[Any], posts: Posts, abilities: Topics, jobs: Any, fields: Any
) -> tuple[Any, Any]:
    """As tables.candidate_table has it: 1 for a held skill, less for one next to it; and signs of
    sectors."""
    loaded = taxonomy.load()
    names = list(loaded.skills)
    place = {name: at for at, name in enumerate(names)}
    near = sparse.lil_matrix((len(names), len(names)), dtype=np.float32)
    for name, skill in loaded.skills.items():
        for other in skill.near:
            if other in place:
                near[place[name], place[other]] = 1
    near = near.tocsr()
    axes = posts.table.axes
    to_axis = sparse.lil_matrix((len(names), len(axes.skills)), dtype=np.float32)
    for name, at in axes.skills.items():
        to_axis[place[name], at] = 1
    to_axis = to_axis.tocsr()
    alone = tables.candidate_table(
        [CandidateRow(id=0, walk=WALKS[0], skills=frozenset({name})) for name in names], axes
    ).sector_signs
    work = tables.candidate_table(
        [CandidateRow(id=0, walk=WALKS[0], occupations=frozenset({name}))
         for name in loaded.occupations], axes,
    ).sector_signs  # fmt: skip
    study = tables.candidate_table(
        [CandidateRow(id=0, walk=WALKS[0], majors=frozenset({name})) for name in loaded.majors],
        axes,
    ).sector_signs
    skills, signs = [], []
    for start in range(0, len(topic), CHUNK):
        some = slice(start, start + CHUNK)
        drawn = abilities.draw(rng, topic[some], 11)
        held = _ones(drawn, len(names))
        related = held @ near
        related.data[:] = tables.RELATED_CREDIT
        skills.append((held.maximum(related) @ to_axis).tocsr().astype(np.float32))
        sign = np.asarray(held @ alone)
        for rows, (values, counts), most in ((work, jobs, False), (study, fields, True)):
            for at in range(values.shape[1]):
                more = rows[values[some, at]] * (counts[some] > at)[:, None]
                sign = np.maximum(np.minimum(sign, 1.0), more) if most else sign + more
        signs.append(np.minimum(sign, 1.0).astype(np.float32))
    return sparse.vstack(skills, format="csr"), np.concatenate(signs)


def _terms(rng: Rng, topic: NDArray[Any], posts: Posts, words: Topics) -> Any:
    at = np.full(VOCABULARY, -1, np.int32)
    at[posts.lexicon.terms] = np.arange(len(posts.lexicon.terms))
    made = []
    for start in range(0, len(topic), CHUNK):
        drawn = at[words.draw(rng, topic[start : start + CHUNK], 60)]
        made.append(_ones(drawn, len(posts.lexicon.terms)))
    return sparse.vstack(made, format="csr")


def _ones(drawn: NDArray[Any], width: int) -> Any:
    """Rows of a 0/1 matrix from places; -1 is none, and a place drawn twice counts once."""
    rows = np.repeat(np.arange(len(drawn)), drawn.shape[1])
    flat = drawn.ravel()
    some = flat >= 0
    made = sparse.csr_matrix(
        (np.ones(int(some.sum()), np.float32), (rows[some], flat[some])),
        shape=(len(drawn), width),
    )
    made.sum_duplicates()
    made.data[:] = 1.0
    return made
