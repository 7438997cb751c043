"""benchmarks/quality.py measures what it says it measures."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from benchmarks import peers, quality, tasks
from corridor.taxonomy import known


@pytest.fixture
def task(tmp_path: Path) -> tasks.Task:
    folder = tmp_path / "trades"
    folder.mkdir()
    documents = {"d0": "data scientist", "d1": "pipe welder", "d2": "crane operator"}
    for name, rows in {"docs": documents, "queries": {"q0": "welders", "q1": "용접"}}.items():
        lines = [json.dumps({"id": key, "text": text}) for key, text in rows.items()]
        (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "qrels.tsv").write_text("q0\td1\t2\nq0\td2\t1\nq0\td0\t0\nq1\td1\t1\n")
    return tasks.read_task(folder, most=10)


def test_the_ideal_order_scores_one_and_the_reverse_less(task: tasks.Task):
    ideal = np.array([[0, 2, 1], [0, 2, 1]], np.float32)
    assert tasks.ndcg(task, ideal) == pytest.approx(1)
    assert tasks.ndcg(task, -ideal) < 0.7


def test_one_right_document_in_second_place_scores_what_the_formula_says(task: tasks.Task):
    scores = np.array([[0, 2, 1], [2, 1, 0]], np.float32)
    assert tasks.ndcg(task, scores) == pytest.approx((1 + 1 / np.log2(3)) / 2)


@pytest.mark.skipif(not find_spec("bm25s"), reason="benchmarks/requirements.txt not installed")
def test_characters_find_the_shared_word_and_nothing_across_scripts(task: tasks.Task):
    english, korean = peers.bm25(task)
    assert english.argmax() == 1
    assert np.isneginf(korean).all()
    assert tasks.ndcg(task, np.array([[0, 2, 1], korean], np.float32)) == pytest.approx(0.5)


def test_fewer_queries_are_drawn_the_same_way_each_time(task: tasks.Task, tmp_path: Path):
    drawn = [tasks.read_task(tmp_path / "trades", most=1) for _ in range(2)]
    assert drawn[0].query_ids == drawn[1].query_ids
    assert (len(drawn[0].queries), drawn[0].whole) == (1, 2)


def test_the_projects_own_tasks_are_labelled_against_known_occupations(tmp_path: Path):
    occupations = tmp_path / "occupations.tsv"
    rows = [f"{job.code}\t{job.title}\tWhat is done." for job in known.occupations().values()]
    occupations.write_text("\n".join(["O*NET-SOC Code\tTitle\tDescription", *rows]))
    halves = [list(tasks.own_tasks(occupations, final=final)) for final in (False, True)]
    for dev, final in zip(*halves, strict=True):
        assert not set(dev.queries) & set(final.queries)
        assert len(dev.queries) - len(final.queries) in (0, 1)
        for task in (dev, final):
            for wanted in task.grades.values():
                assert wanted and set(wanted) <= set(task.document_ids)
                assert 2 in wanted.values()


def test_the_ranking_measured_last_is_no_worse_than_its_best_part_on_any_development_task():
    report = json.loads((quality.RESULTS / "quality.json").read_text(encoding="utf-8"))
    for task, found in report["ndcg"].items():
        parts = {
            name: value
            for name, value in found.items()
            if name != "rank" and not name.startswith("without")
        }
        assert found["rank"] >= max(parts.values()), (task, found["rank"], parts)


def test_half_of_a_list_may_be_told_in_korean_or_without_titles():
    task = tasks.Task("x", [], [], ["51-4121.00", "13-2011.00"], ["A. Joins.", "B. Counts."], {}, 0)
    assert tasks.untitled(task).documents == ["Joins.", "Counts."]
    first, second = tasks.mixed(task).documents
    assert first == "A. Joins." and "회계" in second


def test_the_skill_names_of_every_sentence_are_among_those_it_is_ranked_against():
    task = tasks.skills(tasks.OWN / "skills_en.tsv")
    assert all(set(wanted) <= set(task.document_ids) for wanted in task.grades.values())
    assert len(task.documents) > 3 * len(task.queries) and all(task.queries)


def test_the_gold_tasks_across_languages_hold_only_the_other_languages_programs():
    whole, across, *_ = tasks.gold("dev")
    assert len(across.documents) < len(whole.documents)
    assert set().union(*across.grades.values()) <= set(across.document_ids)


def test_without_data_it_says_so_and_measures_nothing(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, str(Path(quality.__file__)), "--data", str(tmp_path)],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2
    assert "nothing was measured" in done.stderr
