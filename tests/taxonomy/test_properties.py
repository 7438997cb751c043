"""Whatever a person pastes in, finding is defined, bounded and honest about its offsets."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from corridor import taxonomy
from corridor.taxonomy.folding import canonical, fold

WRITTEN = [
    written
    for one in (*taxonomy.skills(), *taxonomy.occupations(), *taxonomy.majors())
    for written in (one.ko, one.en, *one.aliases_ko[:2], *one.aliases_en[:2])
]
GLUE = st.sampled_from(
    [" ", ", ", "/", "를 ", "와 ", "\n", " and ", "·", "(", ") ", "\u200b", "🙂", "."]
)
ANYTHING = st.text(max_size=300)
REALISTIC = st.lists(st.tuples(st.sampled_from(WRITTEN), GLUE), max_size=12).map(
    lambda parts: "".join(word + glue for word, glue in parts)
)
FINDERS = (taxonomy.find_skills, taxonomy.find_occupations, taxonomy.find_majors)


@settings(max_examples=150, deadline=None)
@given(st.one_of(ANYTHING, REALISTIC))
def test_finds_are_ordered_apart_and_quote_the_text(text: str) -> None:
    for find in FINDERS:
        last = 0
        for found in find(text):
            assert last <= found.start < found.end <= len(text)
            assert text[found.start : found.end] == found.text
            last = found.end


@settings(max_examples=150, deadline=None)
@given(REALISTIC)
def test_decomposed_hangul_is_read_like_composed(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    for find in FINDERS:
        assert [one.id for one in find(decomposed)] == [one.id for one in find(text)]


@settings(max_examples=100, deadline=None)
@given(st.one_of(ANYTHING, REALISTIC))
def test_expansion_is_always_short_and_distinct(text: str) -> None:
    words = taxonomy.expand(text)
    assert len(words) <= 24
    assert len({canonical(word) for word in words}) == len(words)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=100))
def test_folding_keeps_one_length_and_the_way_back(text: str) -> None:
    folded = fold(text)
    assert len(folded.cased) == len(folded.lower)
    for place in range(len(folded.lower)):
        start, end = folded.span(place, place + 1)
        assert 0 <= start < end <= len(text)


def test_a_hostile_run_of_suffixes_is_read_in_bounded_steps() -> None:
    """Nouns that may follow a name are tiled at most three deep, so nothing grows with length."""
    text = "도금" + "공사" * 40_000 + "X"
    assert [found.id for found in taxonomy.find_skills(text)].count("electroplating") == 0
