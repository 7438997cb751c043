"""Learns how much each signal of the text ranking counts: corridor/matching/ranking_weights.json.

    .venv/bin/python benchmarks/learn_ranking.py [--data ../shared/data/dev] [--across-tasks]

Run it anew when the model, a signal or the taxonomy has changed: a minute, and some more to encode
the tasks the first time (kept in var/ranking).

1. *Likelihood.* A weight for each signal and pair of languages, none below nothing, and a base for
   each pair: those under which the labelled documents are likeliest among the others (softmax over
   a query's candidates), all tasks counting the same, each at a sharpness of its own.
2. *Steps.* One weight after another is moved where that raises the mean nDCG@10 less a penalty for
   every task that falls below its best part.

--across-tasks also measures what the weights are worth on a kind of task that they have not seen:
each family of tasks is left out, and ranked by weights learnt from the others. Writes weights,
figures, tasks, day, model and seed. Nothing of a final half is read.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import channels, tasks
from benchmarks.tasks import Floats, Task
from corridor.embeddings import load, models
from corridor.matching import ranking_fusion
from corridor.matching.ranking_fusion import BASE, PAIRS

SEED = 20261127
# What a signal is divided by, so that a step of one is about a step of another.
SCALES = {
    "e5": 0.08, "use": 0.09, "sure": 0.1, "letters": 0.1, "words": 0.2, "meaning": 0.15,
    "likely": 0.15, "kin": 0.2, "known": 0.1, "views": 0.1, "sound": 0.08,
}  # fmt: skip
_DEPTH = 50  # best of each signal that are candidates
_CHANCE = 30  # candidates drawn from all documents
_STEPS = 60  # of the likelihood; more changed no figure by .002
_SMALL = 5e-4  # on squared weights
_ONE_SHARPNESS = 1e-2  # on squared log sharpness
_FACTORS = (0.5, 0.7, 0.85, 1.2, 1.4, 2.0)
_MOVES = (-0.6, -0.3, -0.15, 0.15, 0.3, 0.6)
_PENALTY, _MARGIN = 10.0, 0.002
# Tasks made of the same texts or labels are left out together.
_FAMILIES = ("gold", "own_postings", "own_profiles", "own_tasks", "own_dictionary", "own_title_")
_SAME = {"own_postings": "gold", "own_title_": "own_dictionary"}
Weights = npt.NDArray[np.float64]


def names() -> list[tuple[str, str]]:
    """Pair of languages and signal of each weight, in order."""
    return [(pair, signal) for pair in PAIRS for signal in (*SCALES, BASE)]


@dataclass
class Sample:
    """A task's candidates. `features`: (weights, queries, candidates), only those of `used`."""

    name: str
    features: Floats
    used: npt.NDArray[np.int64]
    grades: Floats
    there: npt.NDArray[np.bool_]
    ideal: Floats
    best_part: float

    @classmethod
    def of(cls, task: Task, found: channels.Channels) -> Sample:
        rng = np.random.default_rng(SEED)
        place = {key: number for number, key in enumerate(task.document_ids)}
        graded = np.zeros((len(task.queries), len(task.documents)), np.float32)
        for row, key in zip(graded, task.query_ids, strict=True):
            for document, grade in task.grades[key].items():
                row[place[document]] = grade
        chosen = (graded > 0) | (rng.random(graded.shape) < _CHANCE / graded.shape[1])
        for values in found.signals.values():
            depth = min(_DEPTH, values.shape[1])
            best = np.argpartition(-values, depth - 1, axis=1)[:, :depth]
            rows, columns = np.nonzero(
                np.take_along_axis(values, best, 1) > values.min(axis=1, keepdims=True)
            )
            chosen[rows, best[rows, columns]] = True
        order = np.argsort(~chosen, axis=1, kind="stable")[:, : max(10, chosen.sum(1).max())]
        there = np.take_along_axis(chosen, order, 1)
        pair = np.take_along_axis(ranking_fusion.pairs(found.queries, found.documents), order, 1)
        features, used = [], []
        for number, (languages, signal) in enumerate(names()):
            among = (pair == PAIRS.index(languages)) & there
            if signal == BASE:
                values = among.astype(np.float32)
            else:
                prepared = ranking_fusion.prepared(signal, found.signals[signal])
                values = np.take_along_axis(prepared, order, 1) * among / SCALES[signal]
            if values.any():
                used.append(number)
                features.append(values.astype(np.float32))
        ideal = -np.sort(-graded, axis=1)[:, : tasks.DEPTH] @ _discounts(graded.shape[1])
        return cls(
            task.name, np.array(features), np.array(used),
            np.take_along_axis(graded, order, 1) * there, there, ideal,
            max(parts(task, found).values()),
        )  # fmt: skip

    def ndcg(self, scores: Floats) -> float:
        best = np.argpartition(-scores, tasks.DEPTH - 1, axis=1)[:, : tasks.DEPTH]
        falling = np.argsort(-np.take_along_axis(scores, best, 1), axis=1, kind="stable")
        best = np.take_along_axis(best, falling, 1)
        gains = np.take_along_axis(self.grades, best, 1) @ _discounts(best.shape[1])
        return float(np.mean(gains / self.ideal))

    def scores(self, weights: Weights) -> Floats:
        summed = np.tensordot(weights[self.used].astype(np.float32), self.features, 1)
        return np.where(self.there, summed, np.float32(-1e9))


def _discounts(documents: int) -> Floats:
    return (1 / np.log2(np.arange(2, 2 + min(tasks.DEPTH, documents)))).astype(np.float32)


def parts(task: Task, found: channels.Channels) -> dict[str, float]:
    """nDCG@10 of every signal alone, and of the dense vector as the database holds it."""
    signals = {name: values for name, values in found.signals.items() if name != "sure"}
    share = models.E5_WEIGHT
    signals["duo"] = share * signals["e5"] + (1 - share) * signals["use"]
    return {name: tasks.ndcg(task, values) for name, values in signals.items()}


def likeliest(samples: Sequence[Sample]) -> Weights:
    """Step 1. `base` of the first pair stays nothing: only differences between pairs tell."""
    told = names()
    size = len(told)

    def loss(given: Weights) -> tuple[float, Weights]:
        weights, sharpness = given[:size], given[size:]
        slope = np.zeros_like(given)
        slope[:size] = 2 * _SMALL * weights
        slope[size:] = 2 * _ONE_SHARPNESS * sharpness / len(samples)
        total = _SMALL * float(weights @ weights)
        total += _ONE_SHARPNESS * float(np.mean(sharpness**2))
        for number, one in enumerate(samples):
            plain = one.scores(weights)
            scale = np.float32(np.exp(sharpness[number]))
            sharp = scale * (plain - plain.max(axis=1, keepdims=True))
            logs = sharp - np.log(np.exp(sharp).sum(axis=1, keepdims=True))
            wanted = one.grades / one.grades.sum(axis=1, keepdims=True)
            share = 1 / (len(samples) * len(plain))
            total -= share * float((wanted * np.where(one.there, logs, 0)).sum())
            wrong = np.where(one.there, np.exp(logs) - wanted, 0).astype(np.float32)
            slope[one.used] += share * scale * np.tensordot(one.features, wrong, 2)
            slope[size + number] += share * scale * float(
                (wrong * np.where(one.there, plain, 0)).sum()
            )
        return total, slope

    start = np.array([0.5 if signal in ("e5", "use") else 0.2 for _, signal in told])
    bounds: list[tuple[float | None, float | None]] = [(0, None)] * size
    for number, (pair, signal) in enumerate(told):
        if signal == BASE:
            start[number], bounds[number] = 0, (0, 0) if pair == PAIRS[0] else (None, None)
    found = minimize(
        loss, np.concatenate([start, np.zeros(len(samples))]), jac=True, method="L-BFGS-B",
        bounds=bounds + [(-3, 3)] * len(samples), options={"maxiter": _STEPS},
    )  # fmt: skip
    return np.asarray(found.x[:size])


def stepped(samples: Sequence[Sample], weights: Weights, rounds: int = 4) -> Weights:
    """Step 2."""
    weights = weights.copy()
    scores = {one.name: one.scores(weights) for one in samples}
    values = {one.name: one.ndcg(scores[one.name]) for one in samples}

    def worth(found: Mapping[str, float]) -> float:
        short = [max(0.0, one.best_part + _MARGIN - found[one.name]) for one in samples]
        return float(np.mean(list(found.values())) - _PENALTY * np.mean(short))

    for _ in range(rounds):
        before = worth(values)
        for number, (pair, signal) in enumerate(names()):
            touched = [one for one in samples if number in one.used]
            if (pair == PAIRS[0] and signal == BASE) or not touched:
                continue
            if signal == BASE:
                tried = [weights[number] + move for move in _MOVES]
            else:
                tried = [0.0, *(max(weights[number], 0.03) * factor for factor in _FACTORS)]
            best = (worth(values) + 1e-5, weights[number], values)
            for value in tried:
                moved = dict(values)
                for one in touched:
                    row = one.features[list(one.used).index(number)]
                    step = np.float32(value - weights[number])
                    moved[one.name] = one.ndcg(scores[one.name] + step * row)
                best = max(best, (worth(moved), value, moved), key=lambda found: found[0])
            weights[number], values = best[1], best[2]
            for one in touched:
                scores[one.name] = one.scores(weights)
        if worth(values) < before + 1e-4:
            break
    return weights


def learnt(samples: Sequence[Sample]) -> Weights:
    return stepped(samples, likeliest(samples))


def told(weights: Weights) -> dict[str, dict[str, float]]:
    """As the file holds them: by pair and signal, on the signals' own scale, rounded."""
    found: dict[str, dict[str, float]] = {pair: {} for pair in PAIRS}
    for (pair, signal), weight in zip(names(), weights, strict=True):
        value = float(f"{weight / SCALES.get(signal, 1.0):.3g}")
        if abs(weight) > 5e-3:
            found[pair][signal] = value
    return found


def ranked(
    task: Task, found: channels.Channels, weights: Mapping[str, Mapping[str, float]]
) -> float:
    scores = ranking_fusion.fused(found.queries, found.documents, found.signals, weights)
    return tasks.ndcg(task, scores)


def family(name: str) -> str:
    own = next((one for one in _FAMILIES if name.startswith(one)), name)
    return _SAME.get(own, own)


def main() -> int:
    parser = argparse.ArgumentParser(description="weights of the text ranking")
    parser.add_argument("--data", type=Path, default=tasks.DATA)
    parser.add_argument("--across-tasks", action="store_true", help="leave one family out, too")
    parser.add_argument("--out", type=Path, default=ranking_fusion.WEIGHTS)
    given = parser.parse_args()
    started = time.monotonic()
    encoder = channels.Remembering(load())
    all_tasks = tasks.development(given.data)
    found = {one.name: channels.read(one, encoder) for one in all_tasks}
    samples = [Sample.of(one, found[one.name]) for one in all_tasks]
    print(f"{len(samples)} tasks read, {time.monotonic() - started:.0f} s", flush=True)
    weights = told(learnt(samples))
    print(f"learnt, {time.monotonic() - started:.0f} s", flush=True)
    figures = {one.name: round(ranked(one, found[one.name], weights), 4) for one in all_tasks}
    unseen: dict[str, float] = {}
    for left in sorted({family(one.name) for one in all_tasks}) if given.across_tasks else ():
        others = told(learnt([one for one in samples if family(one.name) != left]))
        for one in all_tasks:
            if family(one.name) == left:
                unseen[one.name] = round(ranked(one, found[one.name], others), 4)
    print("| task | learnt | unseen | best part |\n|---|---|---|---|")
    for one in samples:
        short = "" if figures[one.name] >= one.best_part else " **below**"
        print(f"| {one.name} | {figures[one.name]:.3f} | {unseen.get(one.name, np.nan):.3f} "
              f"| {one.best_part:.3f}{short} |")  # fmt: skip
    print(f"| mean | {np.mean(list(figures.values())):.4f} "
          f"| {np.mean(list(unseen.values())) if unseen else np.nan:.4f} "
          f"| {np.mean([one.best_part for one in samples]):.4f} |")  # fmt: skip
    report = {
        "made": f"{time.strftime('%Y-%m-%d')} by benchmarks/learn_ranking.py; docs/matching.md",
        "model": encoder.info.revision,
        "signals": channels.made_by(),
        "seed": SEED,
        "ndcg@10": figures,
        "left_out": unseen,
        **weights,
    }
    text = json.dumps(report, indent=1, ensure_ascii=False)
    given.out.write_text(text + "\n", encoding="utf-8")
    print(f"{time.monotonic() - started:.0f} s; written to {given.out}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
