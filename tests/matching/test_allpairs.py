"""A run's engine keeps exactly what scoring every pair would keep."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor import rules, taxonomy
from corridor.matching import scoring
from corridor.matching.allpairs import plain
from corridor.matching.allpairs.crowd import Crowd
from corridor.matching.allpairs.engine import Engine
from corridor.matching.allpairs.posts import Posts
from corridor.matching.allpairs.verdicts import Shown
from corridor.matching.lexicon import Lexicon
from corridor.matching.rows import CandidateRow, ProgramRow
from corridor.matching.scoring import Scale
from corridor.matching.tables import KINDS, WALKS, program_table
from corridor.rules.columns import FactTable
from corridor.rules.everybody import DISPLAYS, assess_all

DAY = date(2026, 11, 27)
TODAY = DAY.toordinal()
SKILLS = sorted(taxonomy.load().skills)[:60]
OCCUPATIONS = sorted(taxonomy.load().occupations)[:40]
MAJORS = sorted(taxonomy.load().majors)[:30]
SECTORS = sorted(taxonomy.sectors())
HUBS = {"savannah": "GA", "austin": "TX", "commerce": "GA"}
CREDENTIALS = ("전기기사", "용접기능사", "OSHA 30", "unheard-of licence")
SCALE = Scale(0.1, 0.7)
NEARLY = 2e-6  # float32 sums in another order


class Draw:
    """Rows from a seed; with `few` values so that many scores are equal."""

    def __init__(self, seed: int, few: bool) -> None:
        self.rng, self.few = np.random.default_rng(seed), few

    def some(self, values, most):
        count = self.rng.integers(0, (1 if self.few else most) + 1)
        top = 3 if self.few else len(values)
        return frozenset(self.rng.choice(list(values)[:top], count).tolist())

    def maybe(self, low, high):
        if self.rng.random() < 0.3:
            return None
        return int(self.rng.choice([low, high])) if self.few else int(self.rng.integers(low, high))

    def one(self, values):
        return str(self.rng.choice(list(values)))

    def terms(self):
        return tuple(sorted(set(self.rng.integers(0, 40, self.rng.integers(0, 12)).tolist())))

    def candidate(self, number: int) -> CandidateRow:
        if self.rng.random() < 0.1:
            return CandidateRow(id=number, walk=self.one(WALKS))
        return CandidateRow(
            id=number, walk=self.one(WALKS), skills=self.some(SKILLS, 10),
            occupations=self.some(OCCUPATIONS, 3), majors=self.some(MAJORS, 3),
            terms=self.terms(), attained=self.maybe(0, 5), pursuing=self.maybe(0, 5),
            pursuing_until=self.maybe(TODAY - 100, TODAY + 900), experience=self.maybe(0, 120),
            english=self.maybe(100, 990),
            credentials=tuple(sorted(self.some(CREDENTIALS, 2))), kinds=self.some(KINDS, 3),
            sectors=self.some(SECTORS, 3), hubs=self.some(HUBS, 2),
            available_from=self.maybe(TODAY - 100, TODAY + 900),
            available_until=self.maybe(TODAY, TODAY + 1200), min_months=self.maybe(1, 12),
            max_months=self.maybe(12, 36),
        )  # fmt: skip

    def program(self, number: int) -> ProgramRow:
        if self.rng.random() < 0.1:
            return ProgramRow(id=number, kind=self.one(KINDS))
        return ProgramRow(
            id=number, kind=self.one(KINDS), walks=self.some(WALKS, 3),
            must_skills=self.some(SKILLS, 4), wish_skills=self.some(SKILLS, 4),
            other_skills=self.some(SKILLS, 12), occupations=self.some(OCCUPATIONS, 2),
            majors=self.some(MAJORS, 3), terms=np.array(self.terms(), np.int32),
            sector=self.one(["", *SECTORS]), hub=self.one(["", *HUBS]),
            state=self.one(["", "GA", "TX"]), starts=self.maybe(TODAY, TODAY + 600),
            ends=self.maybe(TODAY + 100, TODAY + 900), months=self.maybe(1, 36),
            degree=self.maybe(0, 5), degree_must=bool(self.rng.random() < 0.3),
            experience=self.maybe(0, 90), experience_must=bool(self.rng.random() < 0.3),
            english=self.maybe(300, 990), language=self.one(["en", "ko", "both"]),
            credentials=tuple((name, bool(self.rng.random() < 0.5))
                              for name in sorted(self.some(CREDENTIALS, 2))),
        )  # fmt: skip

    def vectors(self, count: int, size: int):
        made = self.rng.normal(size=(count, size)).astype(np.float32)
        if self.few:
            made = made[self.rng.integers(0, min(3, count), count)] if count else made
        made /= np.linalg.norm(made, axis=1, keepdims=True)
        made[self.rng.random(count) < 0.2] = np.nan
        return made

    def facts(self, count: int, names: list[str]):
        specs = rules.facts()

        def value(name):
            spec = specs[name]
            if spec.type == "yes_no":
                return bool(self.rng.random() < 0.7)
            if spec.type == "choice":
                return str(self.rng.choice(list(spec.choices)))
            return int(self.rng.integers(spec.minimum, min(spec.maximum, 40) + 1))

        return [
            {name: value(name) for name in names if self.rng.random() < 0.6} for _ in range(count)
        ]


class Everything:
    """A made-up corridor: its rows, vectors and verdicts."""

    def __init__(self, candidates: int, programs: int, seed: int, *, few=False, size=24, own=None):
        draw = Draw(seed, few)
        self.rows = [draw.candidate(n) for n in range(candidates)]
        posts = [draw.program(n) for n in range(programs)]
        table = program_table(posts, HUBS)
        lexicon = Lexicon.of([row.terms for row in posts])
        self.posts = Posts(
            table, draw.vectors(programs, size), lexicon,
            lexicon.prepared([row.terms for row in posts]), SCALE,
            np.arange(programs) if own is None else np.array(own, np.intp),
        )  # fmt: skip
        self.vectors = draw.vectors(candidates, size)
        read = [
            name for name in sorted(rules.signature(day=DAY))
            if rules.facts()[name].type in ("yes_no", "choice", "number")
        ]  # fmt: skip
        mine = [name for name in read if name.startswith("candidate.")]
        theirs = [name for name in read if not name.startswith("candidate.")]
        self.verdicts = assess_all(
            FactTable.of(draw.facts(candidates, mine)), FactTable.of(draw.facts(programs, theirs)),
            day=DAY,
        )  # fmt: skip
        self.kinds = {
            kind: np.flatnonzero([row.kind == kind for row in posts])
            for kind in {row.kind for row in posts}
        }
        self.exempt = draw.rng.random(candidates) < 0.1
        self.in_korea = draw.rng.random(programs) < 0.1

    def codes(self):
        people, posts = np.arange(len(self.rows)), np.arange(len(self.posts))
        shown, pathways = self.verdicts.best(people, posts, kinds=self.kinds)
        codes = shown.astype(np.int8)
        assert scoring.VERDICTS[: len(DISPLAYS)] == DISPLAYS
        codes[pathways < 0] = scoring.VERDICTS.index("none")
        codes[self.exempt] = codes[:, self.in_korea] = scoring.VERDICTS.index("not_needed")
        return codes

    def scores(self):
        return plain.scores(self.rows, self.posts, self.vectors, self.codes())

    def crowd(self):
        return Crowd.of(self.rows, self.posts.table.axes, self.posts.lexicon)

    def shown(self):
        return Shown.of(self.verdicts, self.kinds, self.exempt, self.in_korea)

    def kept(self, programs=5, candidates=8, **more):
        engine = Engine(self.posts, programs=programs, candidates=candidates, **more)
        return engine.run(self.crowd(), lambda a, b: self.vectors[a:b], self.shown())


def agree(at, scores, true_at, true_scores, all_scores):
    """Scores are the same by rank; and so are the names, except among those that are (nearly)
    equal; and each name has the score that is told of it."""
    np.testing.assert_allclose(scores, true_scores, atol=NEARLY)
    assert ((at < 0) == (true_at < 0)).all()
    for row, (mine, theirs) in enumerate(zip(at, true_at, strict=True)):
        named = mine[mine >= 0]
        assert len(set(named.tolist())) == len(named)
        np.testing.assert_allclose(all_scores[row, named], scores[row][mine >= 0], atol=NEARLY)
        for rank in np.flatnonzero(mine != theirs).tolist():
            rivals = np.abs(all_scores[row] - true_scores[row, rank]) <= NEARLY
            assert rivals[mine[rank]] and rivals.sum() > 1


def holds(everything, kept, programs=5, candidates=8):
    scored = everything.scores()
    true = plain.kept(scored, everything.posts, programs=programs, candidates=candidates)
    agree(kept.programs, kept.program_scores, true.programs, true.program_scores, scored)
    agree(kept.candidates, kept.candidate_scores, true.candidates, true.candidate_scores, scored.T)


@pytest.mark.parametrize(("candidates", "programs"), [(700, 130), (300, 500), (40, 3), (1, 1)])
def test_both_sides_best_are_those_of_scoring_every_pair(candidates, programs):
    everything = Everything(candidates, programs, seed=candidates)
    holds(everything, everything.kept())


@given(st.integers(0, 2**32 - 1), st.integers(0, 40), st.integers(0, 30), st.booleans())
@settings(max_examples=25, deadline=None)
def test_so_they_are_whoever_there_is(seed, candidates, programs, few):
    everything = Everything(candidates, programs, seed, few=few)
    holds(everything, everything.kept())
