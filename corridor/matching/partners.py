"""Research groups on the other side of the ocean that fit one's own, best first, with reasons.

Live, nothing cached. The database gives the nearest groups; the text ranking (`ranking_signals`,
`ranking_fusion`) compares them in memory on the vectors that their rows carry, so no model runs in
a web process; reasons are what the taxonomy, the sectors and both texts name alike. No score is
shown: how well two groups will work together was never measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import QuerySet

from corridor import taxonomy
from corridor.accounts.models import Organization
from corridor.common import terms as lexical
from corridor.common.models import VectorSpace
from corridor.embeddings import texts
from corridor.matching import ranking_fusion, wording
from corridor.matching.queries import _nearest, _space_of
from corridor.matching.ranking_signals import Array, Signals, Texts
from corridor.partnerships import queries
from corridor.partnerships import texts as group_texts
from corridor.partnerships.models import PartnerQuery, ResearchGroup
from corridor.partnerships.texts import group_text

POOL = 60  # nearest groups that are compared by the whole ranking
# Added to a fit for each skill that one seeks and the other has, up to three. A judgment: how well
# groups that were brought together work together has never been measured, so nothing was fitted.
_MEETS = 0.04
_MOST_TERMS = 8


@dataclass(frozen=True)
class PartnerFit:
    """One group for another. Names of skills are in the reader's language.

    `gives`: what the reader's group seeks and this one has; `takes`: the other way round;
    `shared`: what both work on; `terms`: Latin words and acronyms that both write; `sectors`:
    slugs both name. `is_provisional`: one of the texts has no vector yet.
    """

    group: ResearchGroup
    fit: float  # orders; 0 to 1 and a little more, never shown
    gives: tuple[str, ...]
    takes: tuple[str, ...]
    shared: tuple[str, ...]
    terms: tuple[str, ...]
    sectors: tuple[str, ...]
    is_provisional: bool

    @property
    def says_why(self) -> bool:
        return bool(self.gives or self.takes or self.shared or self.terms or self.sectors)


def partners_for(
    group: ResearchGroup, *, limit: int = 20, sector: str = ""
) -> list[PartnerFit]:
    """The findable groups of the other country that fit best. At most four SQL queries."""
    found = queries.findable_groups(group.organization)
    if sector:
        found = found.filter(sectors__contains=[sector])
    others = _pool(found, group)
    if not others:
        return []
    space = _space_of(group)
    fits = _fits(group, others, space)
    order = np.lexsort(([each.pk for each in others], -fits))[:limit]
    return [_fit(group, others[at], float(fits[at]), space) for at in order]


def partners_by_words(
    query: PartnerQuery, organization: Organization, *, limit: int = 20, sector: str = ""
) -> list[PartnerFit]:
    """The findable groups of the other country that answer these words best: the same ranking,
    with the words as all that is looked for. Without a vector yet, terms and skills alone order."""
    asking = ResearchGroup(
        organization=organization, seeks=query.text, vector=query.vector,
        vector_hash=query.vector_hash, vector_revision=query.vector_revision,
    )  # fmt: skip
    group_texts.read(asking)
    asking.text_hash = query.text_hash
    return partners_for(asking, limit=limit, sector=sector)


def _pool(found: QuerySet[ResearchGroup], group: ResearchGroup) -> list[Any]:
    others: list[Any] = []
    for nearest in _nearest(found, group):
        others += nearest[: POOL - len(others)]
        if len(others) >= POOL:
            break
    return others


def _fits(group: ResearchGroup, others: Sequence[Any], space: VectorSpace | None) -> Array:
    """How near the texts are, and how far each has what the other seeks."""
    width = space.dimensions if space else 0
    revision = space.revision if space else ""
    asked = _texts([group], width, revision)
    documents = _texts(others, width, revision)
    fits = ranking_fusion.fused(asked, documents, Signals(documents).compare(asked))[0]
    meets = [min(3, len(_gives(group, each)) + len(_takes(group, each))) for each in others]
    return np.asarray(fits + _MEETS * np.array(meets, np.float32), np.float32)


def _texts(groups: Sequence[Any], width: int, revision: str) -> Texts:
    """As `Texts.read`, on the rows' own vectors; a row without one in the space has zeros."""
    cleaned = tuple(texts.clean(group_text(each)) for each in groups)
    kept = np.zeros((len(groups), max(1, width)), np.float32)
    for row, each in enumerate(groups):
        if revision and each.vector is not None and each.vector_revision == revision:
            kept[row] = each.vector
    return Texts(
        cleaned, kept,
        np.array([texts.is_korean(text) for text in cleaned], np.bool_),
        np.array([texts.says_something(text) for text in cleaned], np.bool_),
    )  # fmt: skip


def _gives(group: ResearchGroup, other: ResearchGroup) -> list[str]:
    return sorted({*group.asked_ids} & {*other.skill_ids})


def _takes(group: ResearchGroup, other: ResearchGroup) -> list[str]:
    return sorted({*other.asked_ids} & {*group.skill_ids})


def _fit(
    group: ResearchGroup, other: Any, fit: float, space: VectorSpace | None
) -> PartnerFit:
    gives, takes = _gives(group, other), _takes(group, other)
    shared = {*group.skill_ids} & {*other.skill_ids}
    named = _named_words(shared | {*gives} | {*takes})
    both = set(lexical.terms(group_text(other)))
    words = [term for term in lexical.terms(group_text(group)) if term in both]
    return PartnerFit(
        group=other,
        fit=fit,
        gives=tuple(wording.skill_name(each) for each in gives),
        takes=tuple(wording.skill_name(each) for each in takes),
        shared=tuple(wording.skill_name(each) for each in sorted(shared)),
        terms=tuple(_telling(words, group, named)[:_MOST_TERMS]),
        sectors=tuple(sorted({*group.sectors} & {*other.sectors})),
        is_provisional=space is None or other.vector_revision != space.revision,
    )


def _telling(words: Sequence[str], group: ResearchGroup, named: set[str]) -> list[str]:
    """Latin words of both texts that name something: as the group writes them, not those that a
    skill told already, nor everyday ones (they are written small and are no acronyms)."""
    written = group_text(group)
    told = []
    for word in words:
        if not word.isascii() or word in named:
            continue
        at = written.casefold().find(word)
        spelt = written[at : at + len(word)]
        if any(sign.isupper() or sign.isdigit() for sign in spelt[1:]) and len(spelt) > 1:
            told.append(spelt)
    return told


def _named_words(skills: set[str]) -> set[str]:
    known = taxonomy.load().skills
    return {
        word
        for skill in skills if skill in known
        for lang in ("ko", "en")
        for word in lexical.terms(known[skill].name(lang))
    }  # fmt: skip
