"""Which question to ask next: the one that settles the most of what a side can settle at all.

`Assessment.missing` ranks by what an answer settles of everything that is open. Somebody who is
asked five questions needs another order: what only the other side or an authority can tell counts
neither for nor against a question, what nearly everybody answers alike comes last, and so does
what an earlier question has as good as asked already.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from corridor.rules.checks import undecided_by
from corridor.rules.facts import FactSpec
from corridor.rules.model import Requirement
from corridor.rules.settling import Readers
from corridor.rules.verdicts import Assessment, Verdict

CANDIDATE, HOST = "candidate", "host"

# Of the program, but what a person who looks for one knows of their own plan.
PLANS = (
    "program.activity",
    "program.duration_months",
    "program.host_type",
    "program.paid_from_us_source",
)
# Nearly everybody gives the same answer, so it parts few people from others.
FORMALITIES = (
    "candidate.already_expert",
    "candidate.completed_professor_or_rs_program_within_24_months",
    "candidate.english_verified",
    "candidate.institution_ministerially_recognized",
    "candidate.j_status_in_prior_12_months",
    "candidate.residence_abroad",
    "candidate.substantial_nonpersonal_funding",
    "candidate.tenure_track_candidate",
    "candidate.vwp_disqualified_travel_or_dual_nationality",
    "candidate.years_since_last_trainee_program",
    "program.career_outside_us_benefit",
    "program.enrols_in_course_of_study",
    "program.insurance_meets_62_14",
    "program.license_if_required",
)
# Few people can say yes.
RARITIES = ("candidate.sustained_acclaim",)
# Words of the law that a person can answer, but not at once.
JUDGMENTS = (
    "candidate.advanced_degree_or_exceptional_ability",
    "candidate.specialized_knowledge",
)
# Only for those who are in the United States as students already.
LATE_IN_F1 = (
    "candidate.ead_in_hand",
    "candidate.full_academic_year_completed",
    "candidate.us_degree_on_stem_list",
    "derived.i765_filed_window",
    "derived.unemployment_days",
)
# Follow from facts that are easier to answer.
FOLLOWING = (
    "derived.korean_age_year_minus_birth",
    "derived.months_between_graduation_and_start",
    "derived.permit_covers_stay",
    "derived.target_start",
)
_LAST = frozenset((*FORMALITIES, *RARITIES, *JUDGMENTS, *LATE_IN_F1))
# Where one is answered, the others add little.
ALIKE = (
    frozenset({"candidate.intern_track", "candidate.enrolled_degree_outside_us",
               "candidate.graduation_date", "candidate.korean_university_semesters"}),
    frozenset({"candidate.trainee_track", "candidate.related_experience_outside_us_months"}),
    frozenset({"candidate.role", "candidate.role_abroad_and_us"}),
    frozenset({"candidate.degree", "candidate.has_degree_bachelor_or_higher",
               "candidate.advanced_degree_or_exceptional_ability",
               "program.holds_degree_h1b_equivalent"}),
    frozenset({"candidate.specialized_knowledge", "candidate.specialized_knowledge_for_contract"}),
    frozenset({"candidate.west_selected", "candidate.toeic",
               "candidate.korean_university_semesters"}),
    frozenset({"candidate.employed_and_paid_by_foreign_firm",
               "derived.months_employed_abroad_qualifying_org_in_last_36"}),
    frozenset({"candidate.admitted_us_institution", "candidate.admitted_m1_school"}),
)  # fmt: skip
PLAIN_TYPES = ("yes_no", "number", "choice", "country", "date")
_BY_SELECTION, _UP_TO_AN_AUTHORITY, _A_NUMBER = 0.35, 0.5, 0.7  # weigh less


class Asker(NamedTuple):
    """Who reads a fact: the best open verdict that hangs on it, and by which requirement."""

    verdict: Verdict
    requirement: Requirement


def can_answer(spec: FactSpec, side: str) -> bool:
    """Whether `side` (CANDIDATE or HOST) can tell the fact without a lawyer or an authority."""
    if spec.type not in PLAIN_TYPES or spec.name in FOLLOWING:
        return False
    if side == HOST:
        return spec.who == HOST
    of_a_person = spec.who == "school" and spec.name.startswith("candidate.")
    return spec.who == CANDIDATE or of_a_person or spec.name in PLANS


def ranked(
    assessment: Assessment,
    side: str,
    *,
    asked: Collection[str] = (),
    skip: Collection[str] = (),
) -> list[str]:
    """The open facts that `side` can tell, those whose answer settles most first.

    `asked`: answered already, or answered with "not known": not asked again. `skip`: never asked.
    """
    if not assessment.verdicts:
        return []
    registry = assessment.verdicts[0].registry
    plain = {
        fact for fact, spec in registry.items()
        if can_answer(spec, side) and fact not in asked and fact not in skip
    }  # fmt: skip
    readers = Readers([verdict.requirements for verdict in assessment.verdicts], registry)
    weights: dict[str, float] = {}
    for verdict in _open(assessment):
        mine = [
            (requirement, outcome)
            for requirement, outcome in zip(verdict.requirements, verdict.outcomes, strict=True)
            if outcome is None
            and not plain.isdisjoint(undecided_by(requirement.check, verdict.facts))
        ]
        if not mine:
            continue
        weight = _weight(verdict, registry)
        settled = readers.settled([r for r, _ in mine], [o for _, o in mine], verdict.facts)
        for fact, share in settled.items():
            if fact in plain:
                by = _A_NUMBER if registry[fact].type == "number" else 1.0
                weights[fact] = weights.get(fact, 0.0) + share * weight * by
    told = {*asked, *assessment.facts}
    return sorted(weights, key=lambda fact: (_late(fact, told), -round(weights[fact], 9), fact))


def askers(assessment: Assessment) -> dict[str, Asker]:
    """For each open fact the best open verdict, and the requirement of it, that hang on it."""
    found: dict[str, Asker] = {}
    for verdict in _open(assessment):
        for requirement, outcome in zip(verdict.requirements, verdict.outcomes, strict=True):
            if outcome is None:
                for fact in undecided_by(requirement.check, verdict.facts):
                    found.setdefault(fact, Asker(verdict, requirement))
    return found


def hanging_on(assessment: Assessment, fact: str) -> int:
    """How many open verdicts hang on `fact`."""
    return sum(fact in verdict.missing for verdict in _open(assessment))


def _open(assessment: Assessment) -> list[Verdict]:
    return [
        verdict for verdict in assessment.verdicts
        if verdict.verdict == "conditional" and verdict.record.role != "process"
    ]  # fmt: skip


def _weight(verdict: Verdict, registry: Mapping[str, FactSpec]) -> float:
    """A route weighs more the nearer it is, and less where answers alone cannot open it."""
    met = verdict.outcomes.count(True) / len(verdict.outcomes)
    weight = 0.5 + met
    if verdict.record.role == "by_selection":
        weight *= _BY_SELECTION
    barred_by = {
        fact
        for requirement, outcome in zip(verdict.requirements, verdict.outcomes, strict=True)
        if outcome is None and requirement.bars
        for fact in undecided_by(requirement.check, verdict.facts)
    }
    if any(registry[fact].who == "authority" for fact in barred_by):
        weight *= _UP_TO_AN_AUTHORITY
    return weight


def _late(fact: str, told: Collection[str]) -> int:
    """0: at its turn; 1: what is as good as asked; 2: what parts few people from others."""
    if fact in _LAST:
        return 2
    return int(any(fact in group and not group.isdisjoint(set(told) - {fact}) for group in ALIKE))
