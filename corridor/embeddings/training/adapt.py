"""Trains the adapter: the two texts of a pair nearer to each other than to the batch's others.

    python -m corridor.embeddings.training.adapt DATA OUT.safetensors [--steps N] [--seed S]

DATA is shared/data. Symmetric InfoNCE over batches of one group of pairs; half of the batches are
neighbours of one another by the model itself (hard negatives), found anew a few times on the way.
`--keep` adds what the encoder knew before: texts of one language lie to one another as they did.
Only the low-rank matrices learn; the word table and all else stay as they are. With `--dev` the
best of the judged checkpoints is kept, else the last. The same script runs on two cores (batches
of 64, hours) and on a GPU (`--device cuda --brain-floats --size 768`, minutes, also without the
packaged weights: `--packed`, see `trim`); docs/model-card.md has the shipped run's command.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from corridor.embeddings import adapter, e5, models, texts
from corridor.embeddings.training import judge, pairs

Floats = npt.NDArray[np.float32]
ROOT = Path(__file__).resolve().parents[3]
TABLES = ROOT / "corridor" / "taxonomy" / "data"
SAID = ROOT / "locale"
# Share of batches by group; a group without pairs leaves its share to the others.
SHARES = {
    "terms": 0.30, "jobs": 0.17, "titles": 0.14, "aliases": 0.10, "concepts": 0.10,
    "profiles": 0.11, "skills": 0.05, "sentences": 0.03,
}  # fmt: skip
CHUNK = {"cpu": 32, "cuda": 1_024}  # texts encoded together
SCALE = 40.0
TURNED = ("terms", "concepts", "profiles", "sentences")  # now and then asked the other way round
OWN_SCALE = 100.0  # the scale that e5 itself was trained with


class Adapted(nn.Module):
    """A frozen linear layer with a low-rank change beside it."""

    def __init__(self, base: nn.Linear, rank: int) -> None:
        super().__init__()
        self.base = base
        self.a = nn.Parameter(torch.randn(rank, base.in_features) / math.sqrt(base.in_features))
        self.b = nn.Parameter(torch.zeros(base.out_features, rank))
        self.on = True

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.on:
            return self.base(x)  # type: ignore[no-any-return]
        low = functional.linear(x, self.a.to(x.dtype))
        raised = functional.linear(low, self.b.to(x.dtype))
        return torch.add(self.base(x), raised)


class Student:
    """e5 with adapters, its tokenizer, and the mean of the last layer as a unit vector."""

    def __init__(
        self, folder: Path, rank: int, *, tokens: int, brain_floats: bool, device: str = "cpu"
    ) -> None:
        from sentence_transformers import SentenceTransformer

        self.tokens, self.device = tokens, device
        whole: Any = SentenceTransformer(
            str(folder), device=device, local_files_only=True,
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
        self._pieces: dict[str, list[int]] = {}  # of texts met before

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
        self._split(given)
        order = sorted(range(len(given)), key=lambda place: len(self._pieces[given[place]]))
        chunk = CHUNK[self.device]
        parts = [order[start : start + chunk] for start in range(0, len(order), chunk)]
        found = torch.cat([self._vectors([given[place] for place in part]) for part in parts])
        return found[torch.tensor(order, device=found.device).argsort()]

    def _split(self, given: Sequence[str]) -> None:
        if new := [text for text in dict.fromkeys(given) if text not in self._pieces]:
            rows = self.tokenizer(new, truncation=True, max_length=self.tokens)["input_ids"]
            self._pieces.update(zip(new, rows, strict=True))

    def _vectors(self, given: Sequence[str]) -> torch.Tensor:
        rows = [self._pieces[text] for text in given]
        pieces = np.full((len(rows), max(map(len, rows))), self.tokenizer.pad_token_id, np.int64)
        mask = np.zeros_like(pieces)
        for place, row in enumerate(rows):
            pieces[place, : len(row)], mask[place, : len(row)] = row, 1
        shown = torch.from_numpy(mask).to(self.device)
        found = self.bert(
            input_ids=torch.from_numpy(pieces).to(self.device), attention_mask=shown
        )
        weights = shown[..., None].float()
        mean = (found.last_hidden_state.float() * weights).sum(1) / weights.sum(1)
        return functional.normalize(mean, dim=1)

    @torch.no_grad()
    def encode(self, given: Sequence[str]) -> Floats:
        return self.vectors(given).cpu().numpy()

    @torch.no_grad()
    def before(self, given: Sequence[str]) -> torch.Tensor:
        """As `vectors`, of the encoder without its adapter."""
        for one in self.layers.values():
            one.on = False
        try:
            return self.vectors(given)
        finally:
            for one in self.layers.values():
                one.on = True


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
    same = torch.from_numpy(_same(batch)).to(both.device)
    same.fill_diagonal_(False)
    scores = SCALE * left @ right.T
    scores = scores.masked_fill(same, -1e4)
    target = torch.arange(len(batch), device=both.device)
    return (
        functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)
    ) / 2


def _same(batch: Sequence[pairs.Pair]) -> npt.NDArray[np.bool_]:
    """(n, n): where two pairs share their key or one of their texts."""
    found = np.zeros((len(batch), len(batch)), bool)
    for some in ([one.key for one in batch], [one.held for one in batch],
                 [one.asked for one in batch]):  # fmt: skip
        numbers: dict[str, int] = {}
        mine = np.array([numbers.setdefault(text, len(numbers)) for text in some])
        found |= mine[:, None] == mine
    return found


def general(given: Sequence[pairs.Pair], data: Path) -> tuple[list[str], list[str]]:
    """Korean and other texts whose places are to be kept: dictionary entries, sentences, and names
    of programs and machines."""
    korean = [one.held for one in given if one.group == "aliases"]
    other = []
    for row in pairs.table(data / "onet" / "occupations.tsv"):
        other += [f"{one.rstrip('.')}." for one in row["Description"].split(". ")]
    tools = {row["Example"] for row in pairs.table(data / "onet" / "technology_skills.tsv")}
    for one in given:
        if one.group == "sentences":
            korean.append(one.asked)
            other.append(one.held)
    return tuple(  # type: ignore[return-value]
        sorted({text for text in map(texts.clean, some) if texts.says_something(text)})
        for some in (korean, [*other, *tools])
    )


def kept_of(student: Student, some: Sequence[str]) -> torch.Tensor:
    """How far the texts lie to one another otherwise than before: the divergence of the two
    spreads of nearness, each at the scale it was trained with."""
    asked = [f"passage: {text}" for text in some]
    then, now = student.before(asked), student.vectors(asked)
    self_ = torch.eye(len(some), dtype=torch.bool, device=now.device)
    wanted = (OWN_SCALE * then @ then.T).masked_fill(self_, -1e4).log_softmax(1)
    found = (SCALE * now @ now.T).masked_fill(self_, -1e4).log_softmax(1)
    return functional.kl_div(found, wanted, log_target=True, reduction="batchmean")


@dataclass(frozen=True)
class Plan:
    """`size`: pairs of a batch. `seconds`: wind down after this long. `stop`: at this step of the
    `steps`. `keep`: weight of what the encoder knew before, over texts of `kept`."""

    steps: int
    size: int
    rate: float
    seed: int
    mine_every: int = 0
    mined: int = 1_500
    seconds: float = 0
    stop: int = 0
    keep: float = 0
    kept: tuple[Sequence[str], ...] = ()


def train(
    student: Student, given: Sequence[pairs.Pair], plan: Plan, reached: Callable[[int], None]
) -> int:
    """Steps taken. Stops early, with the rate wound down, when `seconds` run out."""
    batches = Batches(given, plan.size, plan.seed)
    turning = random.Random(plan.seed + 1)  # noqa: S311
    optimizer = torch.optim.AdamW(student.parameters(), lr=plan.rate, weight_decay=0.01)
    started, running = time.monotonic(), 0.0
    for step, batch in enumerate(batches):
        taken = time.monotonic() - started
        share = max(step / plan.steps, taken / plan.seconds if plan.seconds else 0.0)
        if share >= 1 or (plan.stop and step == plan.stop):
            return step
        if plan.mine_every and step % plan.mine_every == plan.mine_every // 4:
            batches.mine(student, plan.mined)
        wound = max(0.01, (1 + math.cos(math.pi * share)) / 2)
        for group in optimizer.param_groups:
            group["lr"] = plan.rate * min(1.0, (step + 1) / 30) * wound
        symmetric = batch[0].group in TURNED and turning.random() < 0.5
        loss = loss_of(student, batch, symmetric)
        if plan.keep:
            some = turning.choice(plan.kept)
            loss = loss + plan.keep * kept_of(
                student, turning.sample(some, min(plan.size // 2, len(some)))
            )
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimizer.step()
        reached(step + 1)
        if step % 20 == 0:
            told = loss.item()
            running = 0.7 * running + 0.3 * told if step else told
            print(f"{step} {taken:.0f}s loss {running:.3f}", flush=True)  # noqa: T201
    return plan.steps


def arguments() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description="train the adapter of the default model")
    asked.add_argument("data", type=Path)
    asked.add_argument("out", type=Path)
    asked.add_argument("--steps", type=int, default=1_000)
    asked.add_argument("--size", type=int, default=64, help="pairs of a batch")
    asked.add_argument("--rank", type=int, default=16)
    asked.add_argument("--rate", type=float, default=1e-3)
    asked.add_argument("--seed", type=int, default=20261127)
    asked.add_argument("--mine-every", type=int, default=500)
    asked.add_argument("--mined", type=int, default=1_500,
                       help="pairs of each group among which neighbours are sought")  # fmt: skip
    asked.add_argument("--seconds", type=float, default=0, help="wind down after this long")
    asked.add_argument("--threads", type=int, default=0)
    asked.add_argument("--begin", type=Path, help="go on from this adapter")
    asked.add_argument("--tokens", type=int, default=48, help="as far as a text is read")
    asked.add_argument("--stop", type=int, default=0, help="stop at this step of the --steps")
    asked.add_argument("--save-every", type=int, default=100)
    asked.add_argument("--keep", type=float, default=0, help="weight of what was known before")
    asked.add_argument("--dev", type=Path, help="tasks to judge checkpoints by; keep the best")
    asked.add_argument("--brain-floats", action="store_true")
    asked.add_argument("--device", choices=list(CHUNK), default="cpu")
    asked.add_argument("--packed", type=Path, help="weights written by `trim`")
    return asked.parse_args()


def main() -> None:
    given = arguments()
    if given.threads:
        torch.set_num_threads(given.threads)
    torch.manual_seed(given.seed)
    held = pairs.read(given.data, TABLES, SAID)
    folder = (
        e5.convert(given.out.with_suffix(".model"), packed=given.packed)
        if given.packed else e5.convert(models.plain_path())
    )  # fmt: skip
    student = Student(
        folder, given.rank, tokens=given.tokens, brain_floats=given.brain_floats,
        device=given.device,
    )  # fmt: skip
    if given.begin:
        student.resume(adapter.read(given.begin))
    counted = {name: sum(one.group == name for one in held) for name in SHARES}
    print(json.dumps(counted), flush=True)  # noqa: T201
    told = {
        "seed": str(given.seed), "planned": str(given.steps), "pairs": json.dumps(counted),
        "batch": str(given.size), "rank": str(given.rank), "rate": str(given.rate),
        "scale": str(SCALE), "tokens": str(given.tokens), "keep": str(given.keep),
        "device": given.device, "begin": e5.digest(given.begin) if given.begin else "",
    }  # fmt: skip
    measure = judge.Judge(judge.read(given.dev), given.data) if given.dev else None
    best = -1.0

    def save(steps: int) -> None:
        nonlocal best
        if measure:
            found = measure(student.encode)
            mean = float(np.mean(list(found.values())))
            print(steps, f"mean {mean:.4f}", {name: round(value, 3)  # noqa: T201
                  for name, value in found.items()}, flush=True)  # fmt: skip
            if mean <= best:
                return
            best = mean
        adapter.write(student.changes(), given.out, told | {"steps": str(steps)})

    plan = Plan(
        given.steps, given.size, given.rate, given.seed, given.mine_every, given.mined,
        given.seconds, given.stop, given.keep,
        general(held, given.data) if given.keep else (),
    )  # fmt: skip
    if measure and given.begin:
        save(0)
    save(train(
        student, held, plan,
        lambda step: save(step) if step % given.save_every == 0 and step != given.steps else None,
    ))  # fmt: skip


if __name__ == "__main__":
    main()
