"""The inner loops, compiled by numba. Each works on one block and lets go of the GIL.

For a candidate, every program's score is put together from rows of points and sparse sums, with
the cosine from 8-bit products: wrong by at most `slack`. Only pairs that the slack leaves in
question get their cosine anew from the float32 vectors. Arrays over programs are W wide (padded
to LANES); a score at or below FLOOR is a pair that may not meet.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

LANES = 64
FLOOR = np.float32(-1.0)
NEVER = np.float32(1e9)
_WORKS, _WORKS_IF, _NO, _NOT_NEEDED = 0, 1, 3, 5
_OPEN = 255
_EXACT = 9  # in the place of a code: the score is exact already
_FAST = {"nnan", "ninf", "nsz", "contract", "reassoc", "arcp"}


def compiled(function: Any) -> Any:
    """What was compiled is kept beside this file or in the user's cache, where one can be written
    (NUMBA_CACHE_DIR names another)."""
    how: Any = {"nogil": True, "fastmath": _FAST, "error_model": "numpy"}
    try:
        return numba.njit(cache=True, **how)(function)
    except RuntimeError:
        return numba.njit(**how)(function)


@compiled
def quantised(vectors, into, scales, lost, norms):  # type: ignore[no-untyped-def]
    """Rows as whole numbers from -127 to 127 times a scale; `lost`: length of what is lost.
    A row of zeros has scale 0."""
    size = vectors.shape[1]
    for i in range(vectors.shape[0]):
        most = np.float32(0.0)
        row = vectors[i]
        for d in range(size):
            most = max(most, abs(row[d]))
        if most == 0.0:
            into[i] = 0
            scales[i] = lost[i] = norms[i] = 0.0
            continue
        scale = most / np.float32(127.0)
        turned = np.float32(1.0) / scale
        off = np.float32(0.0)
        full = np.float32(0.0)
        for d in range(size):
            whole = np.rint(row[d] * turned)
            into[i, d] = np.int8(whole)
            rest = row[d] - whole * scale
            off += rest * rest
            full += row[d] * row[d]
        scales[i] = scale
        lost[i] = np.sqrt(off)
        norms[i] = np.sqrt(full)


@compiled
def _scattered(row, starts, codes, values, sums, post_starts, post_at, post_values):  # type: ignore[no-untyped-def]
    for n in range(starts[row], starts[row + 1]):
        value = values[n]
        for at in range(post_starts[codes[n]], post_starts[codes[n] + 1]):
            sums[post_at[at]] += value * post_values[at]


@compiled
def _dot(one, other):  # type: ignore[no-untyped-def]
    total = np.float32(0.0)
    for d in range(one.shape[0]):
        total += one[d] * other[d]
    return total


@compiled
def _inserted(count, k, scores, places, score, place):  # type: ignore[no-untyped-def]
    """Into a list that is kept best first; of equal scores the one that came first stays ahead."""
    at = min(count, k - 1)
    while at > 0 and scores[at - 1] < score:
        scores[at] = scores[at - 1]
        places[at] = places[at - 1]
        at -= 1
    scores[at] = score
    places[at] = place
    return min(count + 1, k)


# Loops over programs write one array and read few, or LLVM gives up making vectors of them.


@compiled
def _copied(into, row):  # type: ignore[no-untyped-def]
    for j in range(into.shape[0]):
        into[j] = row[j]


@compiled
def _added(into, row):  # type: ignore[no-untyped-def]
    for j in range(into.shape[0]):
        into[j] += row[j]


@compiled
def _added_bytes(into, row, weight):  # type: ignore[no-untyped-def]
    for j in range(into.shape[0]):
        into[j] += weight * np.float32(row[j])


@compiled
def _raised(into, row):  # type: ignore[no-untyped-def]
    for j in range(into.shape[0]):
        into[j] = max(into[j], row[j])


@compiled
def _added_least(into, one, other):  # type: ignore[no-untyped-def]
    for j in range(into.shape[0]):
        into[j] += min(one[j], other[j])


@compiled
def _by_class(into, full, width, rows, summed, dates, one, two, sign, sector_of):  # type: ignore[no-untyped-def]
    """Points that go by class, put into `into`. `one`, `two`: of whose rows the best counts."""
    _copied(into, rows[summed[0]])
    for s in range(1, summed.shape[0]):
        _added(into, rows[summed[s]])
    _added_least(into, rows[dates[0]], rows[dates[1]])
    if one.shape[0] == 1:
        _added(into, rows[one[0]])
    else:
        _copied(full, rows[one[0]])
        for n in range(1, one.shape[0]):
            _raised(full, rows[one[n]])
        _added(into, full)
    for j in range(width):
        full[j] = sign[sector_of[j]]
    for n in range(two.shape[0]):
        _raised(full, rows[two[n]])
    _added(into, full)


@compiled
def _displayed(shown, verdict_rows, at, held, fixed):  # type: ignore[no-untyped-def]
    """The code of the best verdict with each program."""
    for j in range(shown.shape[0]):
        shown[j] = _NO
    for s in range(at.shape[0]):
        least = verdict_rows[at[s]]
        for j in range(shown.shape[0]):
            shown[j] = min(shown[j], least[j])
    for j in range(shown.shape[0]):  # works becomes works_if where it is held back
        shown[j] |= held[j] & np.uint8(shown[j] == _WORKS)
    for j in range(shown.shape[0]):
        shown[j] = fixed[j] if fixed[j] != _OPEN else shown[j]


@compiled
def _added_verdicts(into, shown, points):  # type: ignore[no-untyped-def]
    v0, v1, v2, v3, v4, v5 = points[0], points[1], points[2], points[3], points[4], points[5]
    for j in range(into.shape[0]):
        code = shown[j]
        more = v1 if code == 1 else v0
        more = v2 if code == 2 else more
        more = v3 if code == 3 else more
        more = v4 if code == 4 else more
        more = v5 if code == 5 else more
        into[j] += more


@compiled
def _added_skills(into, asked, named, cap, lack, turn, base, gain):  # type: ignore[no-untyped-def]
    for j in range(into.shape[0]):
        held = asked[j] + min(named[j], cap[j]) + lack[j]
        into[j] += base + gain * min(held * turn[j], np.float32(1.0))


@compiled
def _added_lexical(into, shared, norms, mine, weight):  # type: ignore[no-untyped-def]
    for j in range(into.shape[0]):
        into[j] += min(shared[j] * mine * norms[j], weight)


@compiled
def _with_text(full, rest, line, scales, offsets, scale, stated, other, weight):  # type: ignore[no-untyped-def]
    for j in range(full.shape[0]):
        fit = np.float32(line[j]) * scale * scales[j] + offsets[j] * stated + other
        full[j] = rest[j] + weight * min(max(fit, np.float32(0.0)), np.float32(1.0))


@compiled
def _tops(full, floors, top, over):  # type: ignore[no-untyped-def]
    """The most in every LANES programs: the score, and what it has over the floor."""
    for c in range(top.shape[0]):
        best = np.float32(-NEVER)
        beyond = np.float32(-NEVER)
        for j in range(c * LANES, (c + 1) * LANES):
            best = max(best, full[j])
            beyond = max(beyond, full[j] - floors[j])
        top[c] = best
        over[c] = beyond


@compiled
def sweep(  # type: ignore[no-untyped-def]
    # of the programs: text, lexical, skills, field, pathway
    p_scale, p_offset, p_vectors, text_weight, inverse_span, low,
    term_starts, term_at, term_values, heavy_of, heavy_rows, heavy_weights, p_terms, lexical_weight,
    asked_starts, asked_at, asked_values, named_starts, named_at, named_values,
    named_cap, skills_lack, skills_turn, skills_base, skills_gain, sector_of, verdict_points,
    # points and displays by class
    rows, verdict_rows, held_rows, fixed,
    # of the candidates
    dots, c_scale, c_stated, c_else, slack, c_vectors,
    summed, dates, one_starts, one_at, two_starts, two_at, signs,
    skill_starts, skill_at, skill_values, c_term_starts, c_term_at, c_terms,
    shown_at, held_at, exempt,
    # what is kept
    floors, work, marks, best_score, best_at, hit_count, hit_score, hit_at,
):  # fmt: skip
    width = rows.shape[1]
    k = best_score.shape[1]
    rest, full, lexical, asked, named = work[0], work[1], work[2], work[3], work[4]
    shown = marks[0]
    chunks = width // LANES
    top, over = work[5, :chunks], work[6, :chunks]
    rough_score, rough_at = np.empty(k, np.float32), np.empty(k, np.int32)
    one, zero = np.float32(1.0), np.float32(0.0)
    for i in range(dots.shape[0]):
        stated = c_stated[i]
        lexical[:] = 0.0
        asked[:] = 0.0
        named[:] = 0.0
        for n in range(c_term_starts[i], c_term_starts[i + 1]):
            term = c_term_at[n]
            heavy = heavy_of[term]
            if heavy >= 0:
                _added_bytes(lexical, heavy_rows[heavy], heavy_weights[heavy])
            else:
                for at in range(term_starts[term], term_starts[term + 1]):
                    lexical[term_at[at]] += term_values[at]
        _scattered(i, skill_starts, skill_at, skill_values, asked,
                   asked_starts, asked_at, asked_values)  # fmt: skip
        _scattered(i, skill_starts, skill_at, skill_values, named,
                   named_starts, named_at, named_values)  # fmt: skip
        _by_class(
            rest, full, width, rows, summed[i], dates[i], one_at[one_starts[i] : one_starts[i + 1]],
            two_at[two_starts[i] : two_starts[i + 1]], signs[i], sector_of,
        )  # fmt: skip
        if exempt[i]:
            shown[:] = _NOT_NEEDED
        else:
            _displayed(shown, verdict_rows, shown_at[i], held_rows[held_at[i]], fixed)
        _added_verdicts(rest, shown, verdict_points)
        _added_skills(rest, asked, named, named_cap, skills_lack, skills_turn, skills_base,
                      skills_gain)  # fmt: skip
        _added_lexical(rest, lexical, p_terms, c_terms[i] * lexical_weight, lexical_weight)
        _with_text(full, rest, dots[i], p_scale, p_offset, c_scale[i], stated, c_else[i],
                   text_weight)  # fmt: skip
        _tops(full, floors, top, over)
        # the best by rough scores, then exactly
        count = 0
        least = FLOOR
        for c in range(chunks):
            if top[c] > least:
                for j in range(c * LANES, (c + 1) * LANES):
                    if full[j] > least:
                        count = _inserted(count, k, rough_score, rough_at, full[j], np.int32(j))
                        if count == k:
                            least = rough_score[k - 1]
        bar = NEVER
        for n in range(count):
            j = rough_at[n]
            score = full[j]
            if stated > 0.0 and p_scale[j] > 0.0:
                text = (_dot(c_vectors[i], p_vectors[j]) - low) * inverse_span
                score = rest[j] + text_weight * min(max(text, zero), one)
            full[j] = score
            shown[j] = _EXACT
            top[j // LANES] = NEVER
            bar = min(bar, score)
        if count < k:
            bar = FLOOR
        doubt = slack[i]
        kept, hits = 0, 0
        for c in range(chunks):
            if top[c] <= FLOOR or (top[c] < bar - doubt and over[c] < -doubt):
                continue
            for j in range(c * LANES, (c + 1) * LANES):
                rough = full[j]
                if rough <= FLOOR or (rough < bar - doubt and rough < floors[j] - doubt):
                    continue
                score = rough
                if shown[j] != _EXACT and stated > 0.0 and p_scale[j] > 0.0:
                    text = (_dot(c_vectors[i], p_vectors[j]) - low) * inverse_span
                    score = rest[j] + text_weight * min(max(text, zero), one)
                if kept < k or score > best_score[i, kept - 1]:
                    kept = _inserted(kept, k, best_score[i], best_at[i], score, np.int32(j))
                    if kept == k:
                        bar = max(bar, best_score[i, k - 1])
                if score >= floors[j]:
                    hit_score[i, hits] = score
                    hit_at[i, hits] = j
                    hits += 1
        for n in range(kept, k):
            best_score[i, n] = FLOOR
            best_at[i, n] = -1
        hit_count[i] = hits


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
