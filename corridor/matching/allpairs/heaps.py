"""The programs' best candidates, kept as heaps; compiled like `kernel`."""

from __future__ import annotations

from corridor.matching.allpairs.kernel import compiled


@compiled
def _lower(one_score, one_who, other_score, other_who):  # type: ignore[no-untyped-def]
    """Which of two goes first when one must go: the worse score, of equals the later candidate."""
    return one_score < other_score or (one_score == other_score and one_who > other_who)


@compiled
def entered(first, hit_count, hit_score, hit_at, scores, who, counts, floors):  # type: ignore[no-untyped-def]
    """Put a block's hits into the programs' heaps (the one that goes next on top); `first`: the
    number of the block's first candidate. Raises the floors of full heaps."""
    most = scores.shape[1]
    for i in range(hit_count.shape[0]):
        me = first + i
        for n in range(hit_count[i]):
            j, score = hit_at[i, n], hit_score[i, n]
            heap, names = scores[j], who[j]
            if counts[j] < most:
                at = counts[j]
                counts[j] += 1
                while at > 0:
                    up = (at - 1) // 2
                    if not _lower(score, me, heap[up], names[up]):
                        break
                    heap[at] = heap[up]
                    names[at] = names[up]
                    at = up
            elif _lower(heap[0], names[0], score, me):
                at = 0
                while True:
                    down = 2 * at + 1
                    if down >= most:
                        break
                    if down + 1 < most and _lower(
                        heap[down + 1], names[down + 1], heap[down], names[down]
                    ):
                        down += 1
                    if not _lower(heap[down], names[down], score, me):
                        break
                    heap[at] = heap[down]
                    names[at] = names[down]
                    at = down
            else:
                continue
            heap[at] = score
            names[at] = me
            if counts[j] == most:
                floors[j] = max(floors[j], heap[0])
