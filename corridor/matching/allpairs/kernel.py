"""The inner loops, compiled by numba. Each works on one block and lets go of the GIL.

For a candidate, every program's rough score is put together in whole numbers from rows of points
and sparse sums, with the cosine from 8-bit products: wrong by at most `slack`. Pairs that this
leaves in question get their cosine anew from the float32 vectors, and what is then still in
question its exact score. Arrays over programs are W wide (padded
to LANES); a score at or below FLOOR is a pair that may not meet.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from corridor.matching.allpairs.book import LANES, SHUT_BYTE
from corridor.matching.allpairs.factors import UNIT

FLOOR = np.float32(-1.0)
NEVER = np.float32(1e9)
_WORKS, _WORKS_IF, _NO, _NOT_NEEDED = 0, 1, 3, 5
_OPEN = 255
_HIGHEST = np.float32(32_767)
_TOLD = 128  # beside a code: the cosine is exact already
SHUT_UNITS = np.int16(-600)  # below are the pairs that may not meet, and no others
ROUNDED = 4  # units that a rough score may be off beside its classes: 4 roundings, and more
_SHUT = np.int16(-10_000)
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
def _text(one, other, known, low, inverse_span, weight, unstated):  # type: ignore[no-untyped-def]
    if not known:
        return unstated
    fit = (_dot(one, other) - low) * inverse_span
    return weight * min(max(fit, np.float32(0.0)), np.float32(1.0))


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


# Loops over programs work on whole numbers of 1 / UNIT (int16), which vector units take many of at
# a time. They write one array and read few, or LLVM gives up making vectors of them.


@compiled
def _laid(into, row, base, step):  # type: ignore[no-untyped-def]
    for j in range(into.shape[0]):
        into[j] = base + step * np.int16(row[j])


@compiled
def _raised(into, row, base, step):  # type: ignore[no-untyped-def]
    for j in range(into.shape[0]):
        into[j] = max(into[j], np.int16(base + step * np.int16(row[j])))


@compiled
def _added(into, one, a, two, b, three, c):  # type: ignore[no-untyped-def]
    for j in range(into.shape[0]):
        into[j] += a * np.int16(one[j]) + b * np.int16(two[j]) + c * np.int16(three[j])


@compiled
def _added_or_shut(into, more, one, a, two, b, three, c):  # type: ignore[no-untyped-def]
    """As `_added`, and `more`; SHUT where one of the first two is (book.GATED)."""
    for j in range(into.shape[0]):
        made = np.int16(
            into[j] + more + a * np.int16(one[j]) + b * np.int16(two[j]) + c * np.int16(three[j])
        )
        into[j] = _SHUT if max(one[j], two[j]) == SHUT_BYTE else made


@compiled
def _added_with_least(into, best, one, a_base, a, two, b_base, b):  # type: ignore[no-untyped-def]
    for j in range(into.shape[0]):
        first = np.int16(a_base + a * np.int16(one[j]))
        last = np.int16(b_base + b * np.int16(two[j]))
        into[j] += best[j] + min(first, last)


@compiled
def _added_bytes(into, row, weight):  # type: ignore[no-untyped-def]
    for j in range(into.shape[0]):
        into[j] += weight * np.float32(row[j])


@compiled
def _signed(into, sector_of, first, signs):  # type: ignore[no-untyped-def]
    """The sign of each program's sector, of the eight from `first`. Comparing is done for many
    programs at a time; looking up, which would be said shorter, takes three times as long."""
    s0, s1, s2, s3, s4, s5, s6, s7 = (
        signs[0], signs[1], signs[2], signs[3], signs[4], signs[5], signs[6], signs[7]
    )  # fmt: skip
    for j in range(into.shape[0]):
        at = np.int16(sector_of[j] - first)
        sign = s0 if at == 0 else into[j]
        sign = s1 if at == 1 else sign
        sign = s2 if at == 2 else sign
        sign = s3 if at == 3 else sign
        sign = s4 if at == 4 else sign
        sign = s5 if at == 5 else sign
        sign = s6 if at == 6 else sign
        into[j] = s7 if at == 7 else sign


@compiled
def _by_class(  # type: ignore[no-untyped-def]
    into, spare, coarse, bases, steps, summed, dates, one, two, sign, sector_of
):
    """Points that go by class, put into `into`. `one`, `two`: of whose rows the best counts. Gives
    how far they may be off by rounding."""
    for s in range(0, sign.shape[0], 8):
        _signed(into, sector_of, np.int16(s), sign[s : s + 8])
    off = np.int16(0)
    for at in two:
        _raised(into, coarse[at], bases[at], steps[at])
        off = max(off, steps[at])
    at = one[0]
    _laid(spare, coarse[at], bases[at], steps[at])
    of_one = steps[at]
    for at in one[1:]:
        _raised(spare, coarse[at], bases[at], steps[at])
        of_one = max(of_one, steps[at])
    a, b = dates[0], dates[1]
    _added_with_least(into, spare, coarse[a], bases[a], steps[a], coarse[b], bases[b], steps[b])
    off += of_one + max(steps[a], steps[b])
    more = np.int16(0)
    for at in summed:
        more += bases[at]
        off += steps[at]
    for s in range(0, summed.shape[0], 3):  # factors.SUMMED are a multiple of three
        a, b, c = summed[s], summed[s + 1], summed[s + 2]
        if s == 0:
            _added_or_shut(into, np.int16(more), coarse[a], steps[a], coarse[b], steps[b],
                           coarse[c], steps[c])  # fmt: skip
        else:
            _added(into, coarse[a], steps[a], coarse[b], steps[b], coarse[c], steps[c])
    return np.int16((off + 1) // 2)


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
def _sparse(asked, named, cap, lack, base, gain, shared, likeness, most):  # type: ignore[no-untyped-def]
    """Points of skills and of terms."""
    held = min(asked + min(named, cap) + lack, np.float32(1.0))
    return base + gain * held + min(shared * likeness, most)


@compiled
def _added_sparse(into, asked, named, cap, lack, base, gain, shared, norms, mine, most):  # type: ignore[no-untyped-def]
    for j in range(into.shape[0]):
        points = _sparse(asked[j], named[j], cap[j], lack[j], base, gain, shared[j],
                         mine * norms[j], most)  # fmt: skip
        into[j] += np.int16(points * UNIT + np.float32(0.5))


@compiled
def _with_text(full, rest, line, scale, scales, offsets, most):  # type: ignore[no-untyped-def]
    for j in range(full.shape[0]):
        text = np.float32(line[j]) * (scale * scales[j]) + offsets[j]
        text = min(max(text, np.float32(0.0)), most)
        full[j] = rest[j] + np.int16(text + np.float32(0.5))


@compiled
def _tops(full, floors, doubt, top, over):  # type: ignore[no-untyped-def]
    """The most in every LANES programs, and whether one may be above its floor."""
    for c in range(top.shape[0]):
        best = np.int16(-32768)
        beyond = np.int16(0)
        for j in range(c * LANES, (c + 1) * LANES):
            best = max(best, full[j])
            beyond = max(beyond, np.int16(np.int16(full[j] + doubt) >= floors[j]))
        top[c] = best
        over[c] = beyond


@compiled
def _within(flags, full, doubt, bar, floors):  # type: ignore[no-untyped-def]
    """Which may reach the bar or their floor."""
    for j in range(flags.shape[0]):
        most = np.int16(full[j] + doubt)
        flags[j] = (full[j] > SHUT_UNITS) & (most >= min(floors[j], bar))


@compiled
def _by_class_exactly(points, starts, codes, summed, dates, one, two, sign):  # type: ignore[no-untyped-def]
    """`codes`: the program's, by factor."""
    total = np.float32(0.0)
    most = summed.shape[0]
    for s in range(most):
        total += points[starts[summed[s]] + codes[s]]
    total += min(points[starts[dates[0]] + codes[most]], points[starts[dates[1]] + codes[most + 1]])
    best = points[starts[one[0]] + codes[most + 2]]
    for n in range(1, one.shape[0]):
        best = max(best, points[starts[one[n]] + codes[most + 2]])
    total += best
    for n in range(two.shape[0]):
        sign = max(sign, points[starts[two[n]] + codes[most + 3]])
    return total + sign


@compiled
def sweep(  # type: ignore[no-untyped-def]
    # of the programs: text, lexical, skills, field, pathway
    count, p_scale, p_offset, p_vectors, text_weight, inverse_span, low, text_unstated,
    term_starts, term_at, term_weights, heavy_of, heavy_rows, p_terms, lexical_weight,
    asked_starts, asked_at, asked_values, named_starts, named_at, named_values,
    named_cap, skills_lack, skills_base, skills_gain, sector_of, verdict_points, verdict_units,
    # points and displays by class
    points, starts, codes, coarse, bases, steps, verdict_rows, held_rows, fixed,
    # of the candidates
    dots, c_scale, known, slack, c_vectors,
    summed, dates, one_starts, one_at, two_starts, two_at, signs, sign_units,
    skill_starts, skill_at, skill_values, c_term_starts, c_term_at, c_terms,
    shown_at, held_at, exempt,
    # what is kept
    floors, floor_units, sums, units, marks, best_score, best_at, hit_count, hit_score, hit_at,
):  # fmt: skip
    """`count`: how many programs there are, without the padding; `slack` (C,), `floor_units` (W,):
    in units; `sign_units` (C, sectors): padded to a multiple of 8."""
    k = best_score.shape[1]
    lexical, asked, named, texts = sums[0], sums[1], sums[2], sums[3]
    rest, full, spare, shown = units[0], units[1], units[2], marks[0]
    chunks = rest.shape[0] // LANES
    top, over = units[3, :chunks], units[4, :chunks]
    rough_score, rough_at = np.empty(k, np.int16), np.empty(k, np.int32)
    near_at = np.empty(rest.shape[0], np.int32)
    flags = np.empty(LANES, np.uint8)
    eights = flags.view(np.uint64)
    for i in range(dots.shape[0]):
        one = one_at[one_starts[i] : one_starts[i + 1]]
        two = two_at[two_starts[i] : two_starts[i + 1]]
        mine = c_terms[i] * lexical_weight
        lexical[:] = 0.0
        asked[:] = 0.0
        named[:] = 0.0
        for n in range(c_term_starts[i], c_term_starts[i + 1]):
            term = c_term_at[n]
            weight = term_weights[term]
            heavy = heavy_of[term]
            if heavy >= 0:
                _added_bytes(lexical, heavy_rows[heavy], weight)
            else:
                for at in range(term_starts[term], term_starts[term + 1]):
                    lexical[term_at[at]] += weight
        _scattered(i, skill_starts, skill_at, skill_values, asked,
                   asked_starts, asked_at, asked_values)  # fmt: skip
        _scattered(i, skill_starts, skill_at, skill_values, named,
                   named_starts, named_at, named_values)  # fmt: skip
        off = ROUNDED + _by_class(rest, spare, coarse, bases, steps, summed[i], dates[i], one, two,
                                  sign_units[i], sector_of)  # fmt: skip
        doubt = np.int16(slack[i] + off)
        if exempt[i]:
            shown[:] = _NOT_NEEDED
        else:
            _displayed(shown, verdict_rows, shown_at[i], held_rows[held_at[i]], fixed)
        _added_verdicts(rest, shown, verdict_units)
        _added_sparse(rest, asked, named, named_cap, skills_lack, skills_base, skills_gain,
                      lexical, p_terms, mine, lexical_weight)  # fmt: skip
        if known[i]:
            _with_text(full, rest, dots[i], c_scale[i], p_scale, p_offset, text_weight * UNIT)
        else:
            more = np.int16(text_unstated * UNIT)
            for j in range(full.shape[0]):
                full[j] = rest[j] + more
        _tops(full, floor_units, doubt, top, over)

        # The k best by rough scores. So many chunks have a best of their own as good as `least`.
        found = 0
        for c in range(chunks):
            if found < k or top[c] > rough_score[k - 1]:
                found = _inserted(found, k, rough_score, rough_at, top[c], np.int32(c))
        least = SHUT_UNITS
        if found == k:
            least = max(least, np.int16(rough_score[k - 1] - 1))
        found = 0
        for c in range(chunks):
            if top[c] > least:
                for j in range(c * LANES, min((c + 1) * LANES, count)):
                    if full[j] > least:
                        found = _inserted(found, k, rough_score, rough_at, full[j], np.int32(j))
                        if found == k:
                            least = max(least, rough_score[k - 1])
        # With their cosines made exact, the worst of them is what others must reach.
        bar = np.float32(FLOOR * UNIT)
        if found == k:
            bar = np.float32(NEVER)
        for n in range(found):
            j = rough_at[n]
            texts[j] = _text(c_vectors[i], p_vectors[j], known[i] and p_scale[j] > 0.0, low,
                             inverse_span, text_weight, text_unstated)  # fmt: skip
            full[j] = np.int16(rest[j] + texts[j] * UNIT + off)
            shown[j] |= _TOLD
            top[j // LANES] = max(top[j // LANES], full[j])
            bar = min(bar, np.float32(full[j] - 2 * off))
        # Where that or a floor may be reached; eight that are all out are passed by at once.
        near = 0
        for c in range(chunks):
            if top[c] <= SHUT_UNITS or (over[c] == 0 and top[c] + doubt < bar):
                continue
            some = slice(c * LANES, (c + 1) * LANES)
            _within(flags, full[some], doubt, np.int16(min(bar, _HIGHEST)), floor_units[some])
            for e in range(LANES // 8):
                if eights[e]:
                    for j in range(c * LANES + 8 * e, min(c * LANES + 8 * e + 8, count)):
                        if flags[j - c * LANES]:
                            near_at[near] = j
                            near += 1
        kept, hits = 0, 0
        for n in range(near):
            j = near_at[n]
            most = full[j] + doubt
            if most < bar and most < floor_units[j]:
                continue
            if shown[j] < _TOLD:
                texts[j] = _text(c_vectors[i], p_vectors[j], known[i] and p_scale[j] > 0.0,
                                 low, inverse_span, text_weight, text_unstated)  # fmt: skip
            most = rest[j] + texts[j] * UNIT + off
            if most < bar and most < floor_units[j]:
                continue
            score = (
                _by_class_exactly(points, starts, codes[j], summed[i], dates[i], one, two,
                                  signs[i, sector_of[j]])
                + verdict_points[shown[j] & ~_TOLD]
                + _sparse(asked[j], named[j], named_cap[j], skills_lack[j], skills_base,
                          skills_gain, lexical[j], mine * p_terms[j], lexical_weight)
                + texts[j]
            )  # fmt: skip
            if kept < k or score > best_score[i, kept - 1]:
                kept = _inserted(kept, k, best_score[i], best_at[i], score, np.int32(j))
                if kept == k:
                    bar = max(bar, np.float32(np.floor(best_score[i, k - 1] * UNIT)))
            if score >= floors[j]:
                hit_score[i, hits] = score
                hit_at[i, hits] = j
                hits += 1
        for n in range(kept, k):
            best_score[i, n] = FLOOR
            best_at[i, n] = -1
        hit_count[i] = hits
