"""Trains the adapter: the two texts of a pair nearer to each other than to the batch's others.

    python -m corridor.embeddings.training.adapt DATA OUT.safetensors [--steps N] [--seed S]

DATA is shared/data. Symmetric InfoNCE over batches of one group of pairs; half of the batches are
neighbours of one another by the model itself (hard negatives), found anew a few times on the way.
Only the low-rank matrices learn; the word table and all else stay as they are. Uses the GPU where
there is one; on two cores the shipped run took the time that docs/model-card.md says.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from corridor.embeddings import adapter, e5, models
from corridor.embeddings.training import pairs

Floats = npt.NDArray[np.float32]
TABLES = Path(__file__).resolve().parents[2] / "taxonomy" / "data"
# Share of batches by group; a group without pairs leaves its share to the others.
SHARES = {"terms": 0.40, "jobs": 0.22, "titles": 0.16, "aliases": 0.10, "concepts": 0.12}
CHUNK = 32  # texts encoded together
MINED = 1_500  # pairs of each group among which neighbours are sought
SCALE = 40.0


class Adapted(nn.Module):
    """A frozen linear layer with a low-rank change beside it."""

    def __init__(self, base: nn.Linear, rank: int) -> None:
        super().__init__()
        self.base = base
        self.a = nn.Parameter(torch.randn(rank, base.in_features) / math.sqrt(base.in_features))
        self.b = nn.Parameter(torch.zeros(base.out_features, rank))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        low = functional.linear(x, self.a.to(x.dtype))
        raised = functional.linear(low, self.b.to(x.dtype))
        return torch.add(self.base(x), raised)


class Student:
    """e5 with adapters, its tokenizer, and the mean of the last layer as a unit vector."""

    def __init__(self, folder: Path, rank: int, *, tokens: int, brain_floats: bool) -> None:
        from sentence_transformers import SentenceTransformer

        self.tokens = tokens
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        whole: Any = SentenceTransformer(
            str(folder), device=self.device, local_files_only=True,
            model_kwargs={"dtype": torch.bfloat16 if brain_floats else torch.float32},
        )  # fmt: skip
        self.tokenizer = whole.tokenizer
        self.bert = whole[0].auto_model
        self.bert.requires_grad_(False)
        self.bert.eval()  # no dropout: the changes are few and pass through every batch
        self.layers: dict[str, Adapted] = {}
        for name, module in list(self.bert.named_modules()):
            if isinstance(module, nn.Linear) and name.startswith("encoder.layer."):
                parent = self.bert.get_submodule(name.rpartition(".")[0])
                one = Adapted(module, rank).to(self.device)
                setattr(parent, name.rpartition(".")[2], one)
                self.layers[name] = one

    def resume(self, changes: Mapping[str, tuple[Floats, Floats]]) -> None:
        """Go on from an earlier adapter of the same rank."""
        with torch.no_grad():
            for name, (a, b) in changes.items():
                self.layers[name].a.copy_(torch.from_numpy(a))
                self.layers[name].b.copy_(torch.from_numpy(b))

    def changes(self) -> dict[str, tuple[Floats, Floats]]:
        return {
            name: (one.a.detach().float().cpu().numpy(), one.b.detach().float().cpu().numpy())
            for name, one in self.layers.items()
        }

    def parameters(self) -> list[nn.Parameter]:
        return [half for one in self.layers.values() for half in (one.a, one.b)]

    def vectors(self, given: Sequence[str]) -> torch.Tensor:
        """(n, 384) unit rows; texts of like length go together, so that little is padded."""
        order = sorted(range(len(given)), key=lambda place: len(given[place].encode()))
        parts = [order[start : start + CHUNK] for start in range(0, len(order), CHUNK)]
        found = torch.cat([self._vectors([given[place] for place in part]) for part in parts])
        return found[torch.tensor(order, device=found.device).argsort()]

    def _vectors(self, given: Sequence[str]) -> torch.Tensor:
        tokens = self.tokenizer(
            list(given), padding=True, truncation=True, max_length=self.tokens, return_tensors="pt"
        ).to(self.device)
        found = self.bert(input_ids=tokens["input_ids"], attention_mask=tokens["attention_mask"])
        weights = tokens["attention_mask"][..., None].float()
        mean = (found.last_hidden_state.float() * weights).sum(1) / weights.sum(1)
        return functional.normalize(mean, dim=1)

    @torch.no_grad()
    def encode(self, given: Sequence[str]) -> Floats:
        return self.vectors(given).cpu().numpy()


class Batches:
    """Batches of one group, every second one made of neighbours."""

    def __init__(self, given: Sequence[pairs.Pair], size: int, seed: int) -> None:
        self.groups: dict[str, list[pairs.Pair]] = {}
        for one in given:
            self.groups.setdefault(one.group, []).append(one)
        self.size = size
        self.random = random.Random(seed)  # noqa: S311
        self.neighbours: dict[str, list[list[pairs.Pair]]] = {}
        self.waiting: dict[str, list[pairs.Pair]] = {name: [] for name in self.groups}

    def mine(self, student: Student, most: int) -> None:
        """Sets of pairs whose passages lie near one another (a sample of `most` of each group)."""
        for name, group in sorted(self.groups.items()):
            some = self.random.sample(group, min(most, len(group)))
            held = student.encode([f"passage: {one.held}" for one in some])
            sets = []
            left = np.ones(len(some), bool)
            for seed in self.random.sample(range(len(some)), len(some)):
                if not left[seed]:
                    continue
                near = np.argsort(-(held @ held[seed]) - 4 * left, kind="stable")
                near = near[left[near]][: self.size // 4]
                left[near] = False
                sets.append([some[place] for place in near])
            self.neighbours[name] = sets

    def __iter__(self) -> Iterator[list[pairs.Pair]]:
        names = [name for name in SHARES if name in self.groups]
        weights = [SHARES[name] for name in names]
        while True:
            (name,) = self.random.choices(names, weights)
            sets = self.neighbours.get(name)
            if sets and self.random.random() < 0.5:
                chosen = self.random.sample(sets, min(4, len(sets)))
                yield [one for some in chosen for one in some][: self.size]
            else:
                yield self._next(name)

    def _next(self, name: str) -> list[pairs.Pair]:
        """Every pair once before any comes again."""
        waiting = self.waiting[name]
        if len(waiting) < self.size:
            waiting.extend(self.random.sample(self.groups[name], len(self.groups[name])))
        batch, self.waiting[name] = waiting[: self.size], waiting[self.size :]
        return batch


def loss_of(student: Student, batch: Sequence[pairs.Pair], turned: bool) -> torch.Tensor:
    """Symmetric InfoNCE; pairs of one key, and equal texts, are no wrong answers."""
    asked, held = [one.asked for one in batch], [one.held for one in batch]
    if turned:
        asked, held = held, asked
    both = student.vectors(
        [f"query: {text}" for text in asked] + [f"passage: {text}" for text in held]
    )
    left, right = both[: len(batch)], both[len(batch) :]
    same = torch.tensor([
        [a.key == b.key or a.held == b.held or a.asked == b.asked for b in batch] for a in batch
    ], device=both.device)  # fmt: skip
    same.fill_diagonal_(False)
    scores = SCALE * left @ right.T
    scores = scores.masked_fill(same, -1e4)
    target = torch.arange(len(batch), device=both.device)
    return (
        functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)
    ) / 2


def train(
    student: Student, given: Sequence[pairs.Pair], *, steps: int, size: int, rate: float,
    seed: int, mine_every: int, seconds: float, stop: int,
    reached: Callable[[int], None],
) -> int:  # fmt: skip
    """Steps taken. Stops early, with the rate wound down, when `seconds` run out."""
    batches = Batches(given, size, seed)
    turning = random.Random(seed + 1)  # noqa: S311
    optimizer = torch.optim.AdamW(student.parameters(), lr=rate, weight_decay=0.01)
    started, running = time.monotonic(), 0.0
    for step, batch in enumerate(batches):
        share = max(step / steps, (time.monotonic() - started) / seconds if seconds else 0.0)
        if share >= 1 or (stop and step == stop):
            return step
        if mine_every and step % mine_every == mine_every // 4:
            batches.mine(student, MINED)
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / 30) * max(0.02, 1 - share)
        symmetric = batch[0].group in ("terms", "concepts") and turning.random() < 0.5
        loss = loss_of(student, batch, symmetric)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimizer.step()
        reached(step + 1)
        told = loss.item()
        running = 0.95 * running + 0.05 * told if step else told
        if step % 20 == 0:
            taken = time.monotonic() - started
            print(f"{step} {taken:.0f}s loss {running:.3f}", flush=True)  # noqa: T201
    return steps


def main() -> None:
    asked = argparse.ArgumentParser(description="train the adapter of the default model")
    asked.add_argument("data", type=Path)
    asked.add_argument("out", type=Path)
    asked.add_argument("--steps", type=int, default=1_000)
    asked.add_argument("--size", type=int, default=64, help="pairs of a batch")
    asked.add_argument("--rank", type=int, default=16)
    asked.add_argument("--rate", type=float, default=1e-3)
    asked.add_argument("--seed", type=int, default=20261127)
    asked.add_argument("--mine-every", type=int, default=500)
    asked.add_argument("--seconds", type=float, default=0, help="wind down after this long")
    asked.add_argument("--threads", type=int, default=0)
    asked.add_argument("--begin", type=Path, help="go on from this adapter")
    asked.add_argument("--tokens", type=int, default=28, help="as far as a text is read")
    asked.add_argument("--stop", type=int, default=0, help="stop at this step of the --steps")
    asked.add_argument("--save-every", type=int, default=100)
    asked.add_argument("--brain-floats", action="store_true")
    given = asked.parse_args()
    if given.threads:
        torch.set_num_threads(given.threads)
    torch.manual_seed(given.seed)
    held = pairs.read(given.data, TABLES)
    student = Student(
        e5.convert(models.plain_path()), given.rank, tokens=given.tokens,
        brain_floats=given.brain_floats,
    )  # fmt: skip
    if given.begin:
        student.resume(adapter.read(given.begin))
    counted = {name: sum(one.group == name for one in held) for name in SHARES}
    print(json.dumps(counted), flush=True)  # noqa: T201
    told = {
        "seed": str(given.seed), "planned": str(given.steps), "pairs": json.dumps(counted),
        "batch": str(given.size), "rank": str(given.rank), "rate": str(given.rate),
        "scale": str(SCALE), "tokens": str(given.tokens),
        "begin": e5.digest(given.begin) if given.begin else "",
    }  # fmt: skip

    def save(steps: int) -> None:
        adapter.write(student.changes(), given.out, told | {"steps": str(steps)})

    steps = train(
        student, held, steps=given.steps, size=given.size, rate=given.rate, seed=given.seed,
        mine_every=given.mine_every, seconds=given.seconds, stop=given.stop,
        reached=lambda step: save(step) if step % given.save_every == 0 else None,
    )  # fmt: skip
    save(steps)


if __name__ == "__main__":
    main()
