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
_FAST = {"nnan", "ninf", "nsz", "contract", "reassoc", "arcp"}
compiled: Any = numba.njit(nogil=True, fastmath=_FAST, cache=True, error_model="numpy")


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


@compiled
def sweep(  # type: ignore[no-untyped-def]  # noqa: C901
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
    rest, full, lexical, asked, named, acc = (
        work[0], work[1], work[2], work[3], work[4], work[5],
    )  # fmt: skip
    shown = marks[0]
    chunks = width // LANES
    top, over = work[6, :chunks], work[7, :chunks]
    rough_score, rough_at = np.empty(k, np.float32), np.empty(k, np.int32)
    ones = np.float32(1.0)
    zero = np.float32(0.0)
    for i in range(dots.shape[0]):
        lexical[:] = 0.0
        asked[:] = 0.0
        named[:] = 0.0
        for n in range(c_term_starts[i], c_term_starts[i + 1]):
            term = c_term_at[n]
            heavy = heavy_of[term]
            if heavy >= 0:
                weight = heavy_weights[heavy]
                row8 = heavy_rows[heavy]
                for j in range(width):
                    lexical[j] += weight * np.float32(row8[j])
            else:
                for at in range(term_starts[term], term_starts[term + 1]):
                    lexical[term_at[at]] += term_values[at]
        _scattered(i, skill_starts, skill_at, skill_values, asked,
                   asked_starts, asked_at, asked_values)  # fmt: skip
        _scattered(i, skill_starts, skill_at, skill_values, named,
                   named_starts, named_at, named_values)  # fmt: skip
        # points that go by class
        first = rows[summed[i, 0]]
        for j in range(width):
            acc[j] = first[j]
        for s in range(1, summed.shape[1]):
            row = rows[summed[i, s]]
            for j in range(width):
                acc[j] += row[j]
        since, until = rows[dates[i, 0]], rows[dates[i, 1]]
        for j in range(width):
            acc[j] += min(since[j], until[j])
        row = rows[one_at[one_starts[i]]]
        if one_starts[i + 1] - one_starts[i] == 1:
            for j in range(width):
                acc[j] += row[j]
        else:
            for j in range(width):
                full[j] = row[j]
            for n in range(one_starts[i] + 1, one_starts[i + 1]):
                row = rows[one_at[n]]
                for j in range(width):
                    full[j] = max(full[j], row[j])
            for j in range(width):
                acc[j] += full[j]
        sign = signs[i]
        for j in range(width):
            full[j] = sign[sector_of[j]]
        for n in range(two_starts[i], two_starts[i + 1]):
            row = rows[two_at[n]]
            for j in range(width):
                full[j] = max(full[j], row[j])
        for j in range(width):
            acc[j] += full[j]
        # the best verdict
        if exempt[i]:
            shown[:] = _NOT_NEEDED
        else:
            shown[:] = _NO
            for s in range(shown_at.shape[1]):
                least = verdict_rows[shown_at[i, s]]
                for j in range(width):
                    shown[j] = min(shown[j], least[j])
            held = held_rows[held_at[i]]
            for j in range(width):
                code = shown[j]
                if code == _WORKS and held[j] == 1:
                    code = np.uint8(_WORKS_IF)
                if fixed[j] != _OPEN:
                    code = fixed[j]
                shown[j] = code
        v0, v1, v2 = verdict_points[0], verdict_points[1], verdict_points[2]
        v3, v4, v5 = verdict_points[3], verdict_points[4], verdict_points[5]
        scale, stated, other = c_scale[i], c_stated[i], c_else[i]
        mine = c_terms[i] * lexical_weight
        line = dots[i]
        for c in range(chunks):
            best = np.float32(-8.0)
            beyond = np.float32(-NEVER)
            for j in range(c * LANES, (c + 1) * LANES):
                code = shown[j]
                points = v0
                points = v1 if code == 1 else points
                points = v2 if code == 2 else points
                points = v3 if code == 3 else points
                points = v4 if code == 4 else points
                points = v5 if code == 5 else points
                held_skills = asked[j] + min(named[j], named_cap[j]) + skills_lack[j]
                points += skills_base + skills_gain * min(held_skills * skills_turn[j], ones)
                points += min(lexical[j] * mine * p_terms[j], lexical_weight)
                points += acc[j]
                rest[j] = points
                text = np.float32(line[j]) * scale * p_scale[j] + p_offset[j] * stated + other
                points += text_weight * min(max(text, zero), ones)
                full[j] = points
                best = max(best, points)
                beyond = max(beyond, points - floors[j])
            top[c] = best
            over[c] = beyond
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
                score = rest[j] + text_weight * min(max(text, zero), ones)
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
                if stated > 0.0 and p_scale[j] > 0.0:
                    text = (_dot(c_vectors[i], p_vectors[j]) - low) * inverse_span
                    score = rest[j] + text_weight * min(max(text, zero), ones)
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
