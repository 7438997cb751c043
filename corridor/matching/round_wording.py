"""The outcome of a round in the reader's language (Django's active one): to a candidate, of a
program, and what a check of a certificate found. Korean puts a fixed noun before each particle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext_lazy

from corridor.matching.rounds import ForCandidate, ForProgram, Reason, Violation
from corridor.matching.wording import language

RESULTS: dict[str, Any] = {
    "matched": lazy("Matched with %(program)s, your %(nth)s choice of %(choices)s."),
    "unmatched": lazy("Not matched in this round. Choices: %(choices)s."),
    "no_choices": lazy("Not matched: the list of choices is empty."),
}

# Why a choice that the candidate put higher did not come true.
CHOICES: dict[str, Any] = {
    "gate": lazy("%(nth)s choice, %(program)s: you do not meet what the host requires."),
    "pathway_no": lazy("%(nth)s choice, %(program)s: no visa route works for you here."),
    "pathway_unknown": lazy(
        "%(nth)s choice, %(program)s: no visa route could be confirmed for you here."
    ),
    "not_ranked": lazy("%(nth)s choice, %(program)s: the program did not put you on its list."),
    "no_seats": lazy("%(nth)s choice, %(program)s: it has no seats in this round."),
    "full": lazy(
        "%(nth)s choice, %(program)s: all seats (%(most)s) went to people ranked before you. "
        "You are ranked number %(rank)s; the last one admitted is number %(last)s."
    ),
    "full_by_lot": lazy(
        "%(nth)s choice, %(program)s: all seats (%(most)s) are taken. You and the last one "
        "admitted are tied, and the lottery drawn beforehand put you after (number %(rank)s "
        "against %(last)s)."
    ),
    "group_closed": lazy("%(nth)s choice, %(program)s: it takes nobody from “%(group)s”."),
    "group_full": lazy(
        "%(nth)s choice, %(program)s: its limit for “%(group)s” (%(most)s) was reached by people "
        "of the same group ranked before you. You are ranked number %(rank)s; the last one "
        "admitted from the group is number %(last)s."
    ),
    "group_full_by_lot": lazy(
        "%(nth)s choice, %(program)s: its limit for “%(group)s” (%(most)s) is reached. You and "
        "the last one admitted from the group are tied, and the lottery drawn beforehand put you "
        "after (number %(rank)s against %(last)s)."
    ),
}

# Who chose a program and can never be taken there, whatever either side wishes: one or many.
RULED_OUT: dict[str, Any] = {
    "gate": ngettext_lazy(
        "%(n)s student does not meet a must of the program.",
        "%(n)s students do not meet a must of the program.", "n",
    ),
    "pathway_no": ngettext_lazy(
        "For %(n)s student no visa route works here.",
        "For %(n)s students no visa route works here.", "n",
    ),
    "pathway_unknown": ngettext_lazy(
        "For %(n)s student no visa route could be confirmed here. Unknown is never yes.",
        "For %(n)s students no visa route could be confirmed here. Unknown is never yes.", "n",
    ),
}  # fmt: skip

PROGRAMS: dict[str, Any] = {
    "filled": lazy(
        "All seats filled (%(most)s). The last one admitted is number %(last)s of %(able)s who "
        "chose this program and could be taken."
    ),
    "seats_left": lazy(
        "Seats left: %(free)s of %(most)s. Nobody who could be taken here would rather have "
        "this program than what they got."
    ),
    "seats_left_at_limit": lazy(
        "Seats left: %(free)s of %(most)s. Everyone else who chose this program and could be "
        "taken has one they put higher, or belongs to a group whose limit is reached."
    ),
    "nobody_able": lazy(
        "Seats left: %(free)s of %(most)s. Nobody who chose this program could be taken."
    ),
    "offers_no_seat": lazy("No seats in this round."),
    "group_filled": lazy("The limit for “%(group)s” is reached (%(most)s)."),
    "group_not_taken": lazy("Nobody from “%(group)s” is taken."),
    "elsewhere": lazy(
        "Ranked before the last one admitted, but matched with a program they put higher: "
        "%(count)s."
    ),
}

VIOLATIONS: dict[str, Any] = {
    "inputs_differ": lazy("The certificate was made for other inputs (the hash differs)."),
    "wrong_lot": lazy("%(who)s: the lottery number does not follow from the seed."),
    "left_out": lazy("%(candidate)s does not appear in the assignment."),
    "unknown_candidate": lazy("%(candidate)s is not a candidate of this round."),
    "unknown_program": lazy("%(program)s is not a program of this round."),
    "not_chosen": lazy("%(candidate)s was given %(program)s without having chosen it."),
    "not_ranked": lazy("%(program)s was given %(candidate)s without having ranked them."),
    "barred": lazy("%(candidate)s and %(program)s were matched although the pair is ruled out."),
    "over_seats": lazy("%(program)s was given more people than it has seats."),
    "over_limit": lazy("%(program)s was given more people from “%(group)s” than its limit."),
    "closing_differs": lazy(
        "%(program)s: the seats filled or the last one admitted are not as stated."
    ),
    "free_seat": lazy(
        "%(candidate)s puts %(program)s higher than their own result, and it has a free seat."
    ),
    "passed_over": lazy(
        "%(candidate)s puts %(program)s higher than their own result, and it admitted %(other)s, "
        "who is ranked after them."
    ),
    "passed_over_in_group": lazy(
        "%(candidate)s puts %(program)s higher than their own result, and from the same group "
        "(“%(group)s”) it admitted %(other)s, who is ranked after them."
    ),
}

FIGURES: dict[str, Any] = {
    "total": lazy("total score"),
    "matched": lazy("candidates matched"),
    "first_choices": lazy("with their first choice"),
    "mean_place": lazy("mean place on their list"),
    "blocking_pairs": lazy("pairs that would rather have each other"),
    "envious": lazy("candidates in such a pair"),
}


def nth(number: int) -> str:
    """"2nd" in English; the bare number in Korean, where the sentence says 지망 or 위."""
    if language() == "ko":
        return str(number)
    teens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teens else _ENDINGS.get(number % 10, 'th')}"


_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def to_candidate(told: ForCandidate) -> list[str]:
    """The result, then a sentence for each choice before it."""
    if told.place is not None:
        code, values = "matched", {"program": told.program, "nth": nth(told.place)}
    else:
        code, values = "unmatched" if told.choices else "no_choices", {}
    first = str(RESULTS[code]) % {**values, "choices": told.choices}
    return [first, *(_choice(reason) for reason in told.reasons)]


def of_program(told: ForProgram) -> list[str]:
    return [str(PROGRAMS[reason.code]) % reason.values for reason in told.reasons]


def ruled_out(counts: Mapping[str, int]) -> list[str]:
    """Feasibility as a hard limit, to a host: how many, and why; never who."""
    return [str(RULED_OUT[bar] % {"n": counts[bar]}) for bar in RULED_OUT if counts.get(bar)]


def barred(bar: str, *, place: int, program: str) -> str:
    """The same to the student whose wish it is."""
    return _choice(Reason(bar, {"place": place, "program": program}))


def violation(found: Violation) -> str:
    return str(VIOLATIONS[found.code]) % {
        "candidate": found.candidate, "program": found.program, "other": found.other,
        "group": found.group, "who": found.candidate or found.program,
    }  # fmt: skip


def _choice(reason: Reason) -> str:
    return str(CHOICES[reason.code]) % {**reason.values, "nth": nth(int(reason.values["place"]))}
