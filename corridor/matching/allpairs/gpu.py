"""The same on a GPU: whole blocks of float32 scores, which it computes faster than it could sort
out which pairs need them. Takes and gives what `engine.Engine` does, by the same rows of points.

Scores become whole numbers that order as they do, with the place below them, so that of equal
scores the lower place comes first whatever the order of work.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from corridor.matching import scoring
from corridor.matching.allpairs import kernel
from corridor.matching.allpairs.crowd import Crowd
from corridor.matching.allpairs.engine import Vectors, spans, text_offsets, verdict_points
from corridor.matching.allpairs.factors import SHUT
from corridor.matching.allpairs.kept import Kept
from corridor.matching.allpairs.placed import Placed
from corridor.matching.allpairs.posts import Posts
from corridor.matching.allpairs.verdicts import OPEN, Shown
from corridor.matching.tables import Array

BLOCK = 2_048  # candidates at once: matrices of 80 MB with 10,000 programs
ROWS_AT_ONCE = 512  # of points, on their way to the card
_LOW = (1 << 31) - 1  # places lie below this


class Engine:
    def __init__(
        self, posts: Posts, *, programs: int, candidates: int, floors: Array | None = None,
        device: str = "cuda",
    ) -> None:  # fmt: skip
        torch.backends.cuda.matmul.allow_tf32 = False
        self.posts, self.k, self.m, self.on = posts, programs, candidates, torch.device(device)
        least = np.full(posts.width, kernel.NEVER, np.float32)
        least[posts.own] = kernel.FLOOR
        if floors is not None:
            known = np.clip(floors - 1e-5, kernel.FLOOR, kernel.NEVER)
            least[: len(posts)] = np.maximum(least[: len(posts)], known)
        self._floors = self._put(least)
        self._vectors = torch.zeros((posts.width, posts.vectors.shape[1]), device=self.on)
        self._vectors[: len(posts)] = self._put(posts.solid)
        self._known = self._put(posts.wide(posts.known, 0.0))
        self._offsets = self._put(text_offsets(posts))
        self._terms, self._asked, self._named = (
            self._full(matrix) for matrix in (posts.weighed.matrix, posts.asked, posts.named)
        )
        cap, lack, turn, self._base, self._gain = posts.skills
        self._cap, self._lack, self._turn = self._put(cap), self._put(lack), self._put(turn)
        self._term_norms = self._put(posts.term_norms)
        self._sector_of = self._put(posts.sectors[1]).long()
        self._points = self._put(verdict_points())
        self._rows = torch.full((posts.book.most, posts.width), float(SHUT), device=self.on)
        self._copied = (0, 0)
        self._heap = torch.full((posts.width, candidates), -1, dtype=torch.int64, device=self.on)

    def run(self, crowd: Crowd, vectors: Vectors, shown: Shown, *, told: Any = None) -> Kept:
        size = len(crowd)
        best_at = np.full((size, self.k), -1, np.int32)
        best_score = np.full((size, self.k), kernel.FLOOR, np.float32)
        if size and len(self.posts):
            rows, held, fixed = (
                self._put(each) for each in (shown.rows, shown.held_rows, shown.fixed)
            )
            for start, placed in spans(crowd, self.posts):
                self._span(start, placed, vectors, shown, (rows, held, fixed), best_score, best_at)
                if told is not None:
                    told(start + len(placed.signs))
        at, score = _read(self._heap[: len(self.posts)])
        return Kept(best_at, best_score, at, score)

    def _span(
        self, first: int, placed: Placed, vectors: Vectors, shown: Shown, tables: tuple[Any, ...],
        best_score: Array, best_at: NDArray[np.int32],
    ) -> None:  # fmt: skip
        size = len(placed.signs)
        self._copy_rows()
        for start in range(0, size, BLOCK):
            some = slice(start, min(start + BLOCK, size))
            every = slice(first + some.start, first + some.stop)
            scores = self._scores(
                placed[some], vectors(every.start, every.stop), shown[every], tables
            )
            best_at[every], best_score[every] = self._rows_best(scores)
            self._columns_best(scores, every.start)

    def _scores(
        self, placed: Placed, vectors: Array, shown: Shown, tables: tuple[Any, ...]
    ) -> Any:
        """(B, W), FLOOR or below where the pair may not meet."""
        rows = self._rows
        summed, dates = self._put(placed.summed).long(), self._put(placed.dates).long()
        total = rows[summed[:, 0]]
        for at in range(1, summed.shape[1]):
            total += rows[summed[:, at]]
        total += torch.minimum(rows[dates[:, 0]], rows[dates[:, 1]])
        one, two = placed.best_of
        total += self._best_of(one, None)
        total += self._best_of(two, self._put(placed.signs)[:, self._sector_of])
        codes = self._codes(shown, *tables)
        total += self._points[codes]
        skills = self._sparse(placed.skills)
        held = torch.minimum(skills @ self._named, self._cap)
        held += skills @ self._asked
        held += self._lack
        held *= self._turn
        total += float(self._base) + float(self._gain) * held.clamp_(max=1.0)
        terms = self._sparse(placed.terms, ones=True) @ self._terms
        terms *= self._put(placed.term_norms)[:, None]
        terms *= self._term_norms
        total += float(np.float32(scoring.WEIGHTS["lexical"])) * terms.clamp_(max=1.0)
        fit = self._text(vectors, len(placed.signs))
        total += float(np.float32(scoring.WEIGHTS["text"])) * fit
        return total

    def _text(self, vectors: Array, size: int) -> Any:
        unstated = float(np.float32(scoring.UNSTATED["text"]))
        if not vectors.shape[1] or vectors.shape[1] != self._vectors.shape[1]:
            return torch.full((size, self.posts.width), unstated, device=self.on)
        mine = self._put(vectors)
        known = ~torch.isnan(mine[:, 0])
        fit = torch.nan_to_num(mine) @ self._vectors.T
        fit *= self._known / self.posts.span
        fit += self._offsets
        fit.clamp_(0.0, 1.0)
        fit[~known] = unstated
        return fit

    def _codes(self, shown: Shown, rows: Any, held_rows: Any, fixed: Any) -> Any:
        places = self._put(shown.places).long()
        codes = torch.full(
            (len(places), self.posts.width), scoring.NO, dtype=torch.uint8, device=self.on
        )
        for at in range(places.shape[1]):
            codes = torch.minimum(codes, rows[places[:, at]])
        held = held_rows[self._put(shown.held_at).long()]
        codes = torch.where((codes == 0) & (held > 0), torch.ones_like(codes), codes)
        codes = torch.where(fixed == int(OPEN), codes, fixed)
        codes[self._put(shown.exempt)] = scoring.VERDICTS.index("not_needed")
        return codes.int()

    def _best_of(self, members: tuple[NDArray[np.int64], NDArray[np.int32]], best: Any) -> Any:
        starts, places = self._put(members[0]), self._put(members[1]).long()
        counts = starts[1:] - starts[:-1]
        for at in range(int(counts.max())):
            found = self._rows[places[starts[:-1] + counts.clamp(max=at + 1) - 1]]
            best = found if best is None else torch.maximum(best, found)
        return best

    def _rows_best(self, scores: Any) -> tuple[NDArray[np.int32], Array]:
        places = torch.arange(scores.shape[1], device=self.on)
        keys = _keys(scores, places)
        return _read(_padded(torch.topk(keys, min(self.k, keys.shape[1]), dim=1)[0], self.k))

    def _columns_best(self, scores: Any, first: int) -> None:
        turned = scores.T.contiguous()
        turned.masked_fill_(turned < self._floors[:, None], float(kernel.FLOOR))
        places = torch.arange(first, first + turned.shape[1], device=self.on)
        best = torch.topk(_keys(turned, places), min(self.m, turned.shape[1]), dim=1)[0]
        self._heap = torch.topk(torch.cat([self._heap, best], 1), self.m, dim=1)[0]

    def _copy_rows(self) -> None:
        """What the book has gained since, or all of it where it began anew."""
        book = self.posts.book
        began, count = self._copied
        first = count if began == book.began else 0
        for start in range(first, len(book), ROWS_AT_ONCE):
            some = slice(start, min(start + ROWS_AT_ONCE, len(book)))
            self._rows[some, : len(self.posts)] = self._put(book.whole(some))
        self._copied = (book.began, len(book))

    def _put(self, array: Any) -> Any:
        return torch.from_numpy(np.ascontiguousarray(array)).to(self.on)

    def _full(self, matrix: Any) -> Any:
        made = torch.zeros((max(1, matrix.shape[0]), self.posts.width), device=self.on)
        made[: matrix.shape[0], : matrix.shape[1]] = self._sparse(matrix).to_dense()
        return made

    def _sparse(self, matrix: Any, *, ones: bool = False) -> Any:
        values = np.ones(len(matrix.data), np.float32) if ones else matrix.data.astype(np.float32)
        return torch.sparse_csr_tensor(
            self._put(matrix.indptr.astype(np.int64)), self._put(matrix.indices.astype(np.int64)),
            self._put(values), size=(matrix.shape[0], max(1, matrix.shape[1])),
            check_invariants=False,
        )  # fmt: skip


def available() -> bool:
    return torch.cuda.is_available()


def _keys(scores: Any, places: Any) -> Any:
    """Higher is better; -1 where the pair may not meet. A float of 0 or more orders as its bits."""
    bits = scores.clamp(min=0.0).view(torch.int32).long()
    keys = (bits << 31) | (_LOW - places)
    return torch.where(scores > float(kernel.FLOOR), keys, torch.full_like(keys, -1))


def _padded(keys: Any, width: int) -> Any:
    return torch.nn.functional.pad(keys, (0, width - keys.shape[1]), value=-1)


def _read(keys: Any) -> tuple[NDArray[np.int32], Array]:
    known = keys >= 0
    at = torch.where(known, _LOW - (keys & _LOW), torch.full_like(keys, -1)).int()
    scores = (keys.clamp(min=0) >> 31).int().view(torch.float32)
    scores = torch.where(known, scores, torch.full_like(scores, float(kernel.FLOOR)))
    return at.cpu().numpy(), scores.cpu().numpy()
