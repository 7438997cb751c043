"""The structured score against the gold set: how well it orders, what each part brings, whether
the number that is shown keeps its promise, whether several views of a text would help.

    .venv/bin/python benchmarks/structured.py [--learn] [--final]

`--learn` fits weights and the shown number anew on the development half and prints both;
`matching/scoring_weights.json` holds them rounded by hand. `--final` takes the final half, for
the final figure only. Writes benchmarks/results/structured.json (or structured_final.json).
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
from gold_rows import ROOT, Floats, Half, half, vectors

from corridor.matching.scoring import LEARNED, PARTS, SHOWN, WEIGHTS, shown

RESULTS = ROOT / "benchmarks" / "results"
# What the learned parts weighed while they were judgement: learning starts here and is held near.
BEFORE = {
    "text": 0.22, "skills": 0.17, "field": 0.08, "occupation": 0.06, "lexical": 0.05,
    "experience": 0.06, "level": 0.05, "credentials": 0.05,
}  # fmt: skip
_SHARE = sum(WEIGHTS[name] for name in LEARNED) / sum(BEFORE.values())
BEFORE = {name: weight * _SHARE for name, weight in BEFORE.items()}
GAIN = np.array([0.0, 0.2, 1.0, 1.6])  # what a grade counts for in learning
HOLD = 3.0  # how strongly the weights are held near BEFORE
FOLDS = 5
EDGES = (0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0001)
DISCOUNTS = 1 / np.log2(np.arange(2, 12))


def ndcg(gold: Half, scores: Floats, *, musts: bool = True) -> Floats:
    """nDCG@10 of each profile. A program whose musts are not met is not listed (so a good one
    there is missed), as on the page."""
    listed = np.where(gold.open, scores, -np.inf) if musts else scores
    best = np.argsort(-listed, 1, kind="stable")[:, :10]
    gains = np.take_along_axis(gold.grades, best, 1) @ DISCOUNTS
    return gains / (-np.sort(-gold.grades, 1)[:, :10] @ DISCOUNTS)


def auc(gold: Half, scores: Floats) -> float:
    """How often a good pair scores above another one, over all pairs that pass the musts."""
    from scipy.stats import rankdata

    good = gold.good[gold.open]
    ranks = rankdata(scores[gold.open])
    wins = ranks[good].sum() - good.sum() * (good.sum() + 1) / 2
    return float(wins / (good.sum() * (~good).sum()))


def figures(gold: Half, scores: Floats) -> dict[str, float]:
    each = ndcg(gold, scores)
    return {
        "ndcg": float(each.mean()), "ko": float(each[gold.korean].mean()),
        "en": float(each[~gold.korean].mean()), "auc": auc(gold, scores),
    }  # fmt: skip


def without(name: str) -> dict[str, float]:
    return {**WEIGHTS, name: 0.0}


def ablation(gold: Half) -> dict[str, dict[str, float]]:
    made = {
        "the score": figures(gold, gold.scores()),
        "weights before": figures(gold, gold.scores({**WEIGHTS, **BEFORE})),
        "cosine alone": figures(gold, gold.cosine),
        "no musts": {"ndcg": float(ndcg(gold, gold.scores(), musts=False).mean())},
    }
    for name in LEARNED:
        made[f"without {name}"] = figures(gold, gold.scores(without(name)))
        made[f"{name} alone"] = figures(gold, gold.fits[..., PARTS.index(name)])
    return made


def views(gold: Half, name: str) -> dict[str, dict[str, float]]:
    """One vector of a program's whole text, or views of it; by cosine alone."""
    one, title, text = gold.cosine, _cosine(name, "title"), _cosine(name, "text")
    tried = {
        "one vector": one, "title": title, "duties and requirements": text,
        "best of title and duties": np.maximum(title, text),
        "mean of title and duties": (title + text) / 2,
        "one + .15 title": 0.85 * one + 0.15 * title,
        "one + .30 title": 0.7 * one + 0.3 * title,
        "one + .30 duties": 0.7 * one + 0.3 * text,
        "one + title + duties": one + 0.5 * title + 0.5 * text,
    }  # fmt: skip
    return {view: figures(gold, cosine) for view, cosine in tried.items()}


def _cosine(name: str, part: str) -> Floats:
    return (vectors(name) @ vectors("programs", part).T).astype(np.float64)


# --- the number that is shown ---------------------------------------------------------------------


def fit_shown(scores: Floats, good: Any) -> tuple[float, float]:
    """Middle and slope of the logistic curve that the shown number follows, below its ceiling."""
    from scipy.optimize import minimize

    def loss(at: Any) -> float:
        said = np.clip(curve(scores, at[0], at[1]), 1e-9, 1 - 1e-9)
        return float(-np.mean(np.where(good, np.log(said), np.log(1 - said))))

    found = minimize(loss, [0.7, 20.0], method="Nelder-Mead").x
    return float(found[0]), float(found[1])


def curve(scores: Floats, middle: float, slope: float) -> Floats:
    return SHOWN["most"] / (1 + np.exp(-slope * (scores - middle)))


def reliability(said: Floats, good: Any) -> dict[str, Any]:
    """Pairs by what is said of them: how many, what was said on average, and how many were good."""
    rows, error = [], 0.0
    for low, high in itertools.pairwise(EDGES):
        here = (said >= low) & (said < high)
        if here.any():
            mean, share = float(said[here].mean()), float(good[here].mean())
            rows.append({"from": low, "pairs": int(here.sum()), "said": mean, "good": share})
            error += int(here.sum()) * abs(mean - share)
    felt = said >= 0.05
    return {
        "rows": rows, "ece": error / len(said), "base": float(good.mean()),
        "ece_from_5": float(sum(r["pairs"] * abs(r["said"] - r["good"]) for r in rows
                                if r["from"] >= 0.05) / max(1, felt.sum())),
    }  # fmt: skip


# --- learning -------------------------------------------------------------------------------------


def learn(gold: Half, people: Any) -> dict[str, float]:
    """Weights of the learned parts, none negative: a list-wise fit (cross-entropy of each
    person's graded programs among all that pass the musts), held near BEFORE."""
    from scipy.optimize import minimize

    fits = gold.fits[people][..., [PARTS.index(name) for name in LEARNED]]
    may = gold.open[people]
    wanted = GAIN[gold.grades[people]] * may
    wanted = wanted / np.maximum(wanted.sum(1, keepdims=True), 1e-9)
    before = np.array([BEFORE[name] for name in LEARNED])

    def loss(given: Any) -> float:
        weights = given[:-1] / given[:-1].sum() * before.sum()
        z = np.where(may, given[-1] * (fits @ weights), -1e9)
        z = z - z.max(1, keepdims=True)
        told = z - np.log(np.exp(z).sum(1, keepdims=True))
        entropy = -(wanted * np.where(may, told, 0.0)).sum(1).mean()
        return float(entropy + HOLD * np.square(weights - before).sum())

    start = np.array([*before, 15.0])
    bounds = [(0.0, 1.0)] * len(before) + [(1.0, 60.0)]
    found = minimize(loss, start, bounds=bounds, method="L-BFGS-B").x[:-1]
    return dict(zip(LEARNED, (found / found.sum() * before.sum()).tolist(), strict=True))


def cross_validated(gold: Half) -> dict[str, Any]:
    """Each fifth of the people by what the other four fifths taught."""
    fold = np.arange(len(gold.korean)) % FOLDS
    own = gold.scores()
    scores, said = np.zeros(own.shape), np.zeros(own.shape)
    for number in range(FOLDS):
        rest, here = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        scores[here] = gold.scores({**WEIGHTS, **learn(gold, rest)})[here]
        may = gold.open[rest]
        middle, slope = fit_shown(own[rest][may], gold.good[rest][may])
        said[here] = curve(own[here], middle, slope)
    everybody = np.arange(len(fold))
    learned = learn(gold, everybody)
    own_open = own[gold.open]
    return {
        "learned": {name: round(weight, 3) for name, weight in learned.items()},
        "figures": figures(gold, scores),
        "learned on all": figures(gold, gold.scores({**WEIGHTS, **learned})),
        "shown": [round(each, 3) for each in fit_shown(own_open, gold.good[gold.open])],
        "reliability": reliability(said[gold.open], gold.good[gold.open]),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="the structured score against the gold set")
    parser.add_argument("--learn", action="store_true", help="fit weights and shown number anew")
    parser.add_argument("--final", action="store_true", help="the final half, for the final figure")
    given = parser.parse_args()
    name = "final" if given.final else "dev"
    gold = half(name)
    said = np.vectorize(shown)(gold.scores()[gold.open])
    made: dict[str, Any] = {
        "half": name, "people": len(gold.korean), "programs": gold.open.shape[1],
        "pairs past musts": int(gold.open.sum()),
        "good among them": int(gold.good[gold.open].sum()),
        "good shut out": int(gold.good[~gold.open].sum()),
        "ablation": ablation(gold), "views": views(gold, name),
        "reliability": reliability(said, gold.good[gold.open]),
    }  # fmt: skip
    if given.learn and not given.final:
        made["cross-validated"] = cross_validated(gold)
    show(made)
    file = RESULTS / ("structured_final.json" if given.final else "structured.json")
    file.write_text(json.dumps(made, indent=1, default=float) + "\n", encoding="utf-8")
    return 0


def show(made: dict[str, Any]) -> None:
    print(*(f"{key}: {made[key]}" for key in list(made)[:6]), sep="\n")
    for table in ("ablation", "views"):
        print(f"\n{table:28} {'nDCG@10':>8} {'Korean':>8} {'English':>8} {'AUC':>8}")
        for row, told in made[table].items():
            print(f"{row:28}", *(f"{value:8.3f}" for value in told.values()))
    print_reliability("shown", made["reliability"])
    if "cross-validated" in made:
        learnt = made["cross-validated"]
        print("\nlearned", learnt["learned"])
        print("by cross-validation", learnt["figures"], "\non all", learnt["learned on all"])
        print("middle, slope", learnt["shown"])
        print_reliability("shown, cross-validated", learnt["reliability"])


def print_reliability(title: str, told: dict[str, Any]) -> None:
    print(f"\n{title:28} {'pairs':>8} {'said':>8} {'good':>8}")
    for row in told["rows"]:
        print(f"from {row['from']:<23} {row['pairs']:8} {row['said']:8.3f} {row['good']:8.3f}")
    print(f"base rate {told['base']:.4f}, calibration error {told['ece']:.4f}, "
          f"among those from .05 on {told['ece_from_5']:.4f}")  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
