"""A run's engine keeps exactly what scoring every pair would keep."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import crowd as national
from corridor import rules, taxonomy
from corridor.matching import blocks, scoring, services
from corridor.matching.allpairs import book, gpu, plain, points
from corridor.matching.allpairs.book import Book
from corridor.matching.allpairs.crowd import Crowd
from corridor.matching.allpairs.engine import Engine
from corridor.matching.allpairs.factors import SHUT, UNIT
from corridor.matching.allpairs.posts import Posts
from corridor.matching.allpairs.verdicts import Shown
from corridor.matching.axes import KINDS, WALKS
from corridor.matching.lexicon import Lexicon
from corridor.matching.rows import CandidateRow, ProgramRow
from corridor.matching.scoring import Pairs, Scale
from corridor.matching.tables import candidate_table, program_table
from corridor.rules.columns import FactTable
from corridor.rules.everybody import DISPLAYS, assess_all
from tests.matching import people as made

DAY = date(2026, 11, 27)
TODAY = DAY.toordinal()
SKILLS = sorted(taxonomy.load().skills)[:60]
OCCUPATIONS = sorted(taxonomy.load().occupations)[:40]
MAJORS = sorted(taxonomy.load().majors)[:30]
SECTORS = sorted(taxonomy.sectors())
HUBS = {"savannah": "GA", "austin": "TX", "commerce": "GA"}
LESSONS = (
    *(f"kind:{each}" for each in KINDS), *(f"sector:{each}" for each in SECTORS),
    *(f"hub:{each}" for each in HUBS),
)  # fmt: skip
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
            avoided=self.some(LESSONS, 3) if self.rng.random() < 0.3 else frozenset(),
        )  # fmt: skip

    def program(self, number: int) -> ProgramRow:
        if self.rng.random() < 0.1:
            return ProgramRow(id=number, kind=self.one(KINDS))
        return ProgramRow(
            id=number, kind=self.one(KINDS), walks=self.some(WALKS, 3),
            must_skills=self.some(SKILLS, 4), wish_skills=self.some(SKILLS, 4),
            other_skills=self.some(SKILLS, 12),
            either=(self.some(SKILLS, 3), self.some(SKILLS, 3)),
            occupations=self.some(OCCUPATIONS, 2), majors=self.some(MAJORS, 3),
            terms=np.array(self.terms(), np.int32),
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

    def __init__(self, candidates: int, programs: int, seed: int, *, few=False, size=24, own=None,
                 scale=SCALE):  # fmt: skip
        draw = Draw(seed, few)
        self.rows = [draw.candidate(n) for n in range(candidates)]
        posts = [draw.program(n) for n in range(programs)]
        table = program_table(posts, HUBS)
        lexicon = Lexicon.of([row.terms for row in posts])
        self.posts = Posts(
            table, draw.vectors(programs, size), lexicon,
            lexicon.prepared([row.terms for row in posts]), scale,
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


def test_only_programs_whose_host_is_with_us_keep_candidates():
    everything = Everything(200, 60, 3, own=[1, 5, 40])
    kept = everything.kept()
    holds(everything, kept)
    assert (kept.candidates[[0, 2, 59]] == -1).all()
    assert (kept.candidates[[1, 5, 40]] >= 0).any()


def test_fewer_than_are_asked_for_are_all_kept_that_may_meet():
    everything = Everything(6, 4, 11)
    kept = everything.kept(programs=20, candidates=100)
    holds(everything, kept, programs=20, candidates=100)
    assert len(kept.pairs()[0]) == int((everything.scores() > -np.inf).sum())


@given(
    st.lists(st.floats(-0.25, 0.25, width=32), min_size=1, max_size=12),
    st.lists(st.booleans(), min_size=12, max_size=12),
)
def test_bytes_stand_for_points_but_for_half_a_step(points, shut):
    exact = np.array([points], np.float32)
    closed = np.array([shut[: len(points)]])
    bases, steps, made = book.coarse(np.where(closed, exact + SHUT, exact))
    assert ((made == book.SHUT_BYTE) == closed).all()
    off = np.abs(bases + steps * made.astype(np.int64) - exact * UNIT)
    assert (off[~closed] <= steps / 2 + 1e-3).all()


def test_where_nobody_has_a_vector_the_rest_counts():
    everything = Everything(90, 50, 5, size=0)
    holds(everything, everything.kept())


def test_a_scale_so_narrow_that_bytes_tell_nothing_of_the_cosine_changes_nothing():
    everything = Everything(250, 200, 17, scale=Scale(0.3, 0.32))
    holds(everything, everything.kept())


def test_threads_and_a_book_too_small_for_all_classes_change_nothing(monkeypatch):
    everything = Everything(900, 70, 21)
    one = everything.kept()
    rows = Book(everything.posts.table).width * 4
    everything.posts.__dict__["book"] = Book(everything.posts.table, most_bytes=600 * rows)
    more = everything.kept(threads=3)
    holds(everything, more)
    for name in ("programs", "program_scores", "candidates", "candidate_scores"):
        np.testing.assert_array_equal(getattr(one, name), getattr(more, name))


def test_a_floor_keeps_out_what_another_block_has_beaten():
    everything = Everything(300, 40, 8)
    floors = np.full(40, 0.55, np.float32)
    floors[3] = np.inf
    kept = everything.kept(floors=floors)
    scored = everything.scores()
    for column in range(40):
        places = kept.candidates[column][kept.candidates[column] >= 0]
        true = np.sort(scored[scored[:, column] >= floors[column] - 1e-5, column])[::-1][:8]
        np.testing.assert_allclose(scored[places, column], true, atol=NEARLY)


def test_the_points_of_kept_pairs_are_those_of_scoring_and_add_up():
    everything = Everything(150, 80, 13)
    codes, posts = everything.codes(), everything.posts
    people = candidate_table(everything.rows, posts.table.axes)
    lexical = posts.lexicon.overlap([row.terms for row in everything.rows], posts.weighed)
    cosine = everything.vectors @ posts.vectors.T
    parts = scoring.parts(people, posts.table, Pairs(cosine, lexical, codes), posts.scale)
    meets = scoring.gates(people, posts.table) & (codes != scoring.NO)
    rows, columns = np.nonzero(meets)
    found = points.of_pairs(
        everything.crowd(), posts, everything.vectors, rows, columns, codes[rows, columns]
    )
    assert len(rows) > 1000
    for at, name in enumerate(scoring.PARTS):
        np.testing.assert_allclose(found[:, at], parts[name][rows, columns], atol=NEARLY,
                                   err_msg=name)  # fmt: skip
    np.testing.assert_allclose(found.sum(1), scoring.total(parts)[rows, columns], atol=NEARLY)


@pytest.mark.parametrize("size", [0, 24])
def test_the_code_for_a_gpu_keeps_the_same(size):
    """It runs wherever torch does; where there is a GPU, on it."""
    everything = Everything(500, 90, 34, size=size, own=range(0, 90, 2))
    device = "cuda" if gpu.available() else "cpu"
    engine = gpu.Engine(everything.posts, programs=5, candidates=8, device=device)
    kept = engine.run(everything.crowd(), lambda a, b: everything.vectors[a:b], everything.shown())
    holds(everything, kept)


def test_the_crowd_of_the_benchmark_is_scored_by_both_engines_alike():
    rng = np.random.default_rng(3)
    vectors = rng.standard_normal((2, 40, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=2, keepdims=True)
    made = national.corridor(300, 60, DAY, 5, national.Gold(*vectors))
    mine = national.mixed(rng, vectors[0], 300)
    shown = Shown.of(
        assess_all(made.people, made.programs, day=DAY, over=made.tracks),
        made.kinds, made.exempt, made.in_korea,
    )  # fmt: skip
    device = "cuda" if gpu.available() else "cpu"
    kept = [
        engine.run(made.crowd, lambda a, b: mine[a:b], shown)
        for engine in (
            Engine(made.posts, programs=5, candidates=8, threads=1),
            gpu.Engine(made.posts, programs=5, candidates=8, device=device),
        )
    ]
    assert (kept[0].programs >= 0).mean() > 0.9
    for name in ("program_scores", "candidate_scores"):
        one, other = (getattr(each, name) for each in kept)
        np.testing.assert_allclose(one, other, atol=NEARLY)


@pytest.mark.django_db
def test_a_block_of_a_run_keeps_the_same_by_the_engine_as_in_matrices(monkeypatch):
    crowd(people=30, posts=17)
    run = services.start_run(day=made.DAY)
    (block,) = run.blocks.all()
    considered, plainly = blocks.scored(block)
    monkeypatch.setattr(blocks, "FEW_PAIRS", 0)
    monkeypatch.setattr(blocks, "_last", None)
    again, kept = blocks.scored(block)
    assert again == considered == 30 * 17
    assert len(kept) > 100
    assert [(row.candidate, row.program, row.verdict, row.pathway) for row in kept] == [
        (row.candidate, row.program, row.verdict, row.pathway) for row in plainly
    ]
    for mine, theirs in zip(kept, plainly, strict=True):
        assert mine.score == pytest.approx(theirs.score, abs=NEARLY)
        assert mine.parts == pytest.approx(theirs.parts, abs=NEARLY)


def crowd(people: int, posts: int) -> None:
    """Saved candidates and programs with vectors; some without, some of other hosts."""
    draw = Draw(5, few=False)
    for number in range(posts):
        skills = sorted(draw.some(SKILLS, 3))
        made.program(
            f"Post {number} in welding and robots", kind=draw.one(KINDS),
            skills={skill: bool(number % 2) for skill in skills},
            external_host="Elsewhere" if number % 3 == 0 else "",
        )  # fmt: skip
    for number in range(people):
        made.candidate(
            f"c{number}@example.org", walk=draw.one(WALKS), toeic=600 + number,
            about=f"Person {number} welds and programs robots",
            kinds=sorted(draw.some(KINDS, 2)), hubs=["savannah"] if number % 2 else [],
            educations=[{"status": "enrolled", "degree": "bachelor", "major": "기계공학",
                         "ended_on": date(2027, 2, 20)}] if number % 4 else [],
        )  # fmt: skip
        if number == people - 4:
            made.embed_everything()
