"""Cohort rounds: many candidates, few seats, one day on which all is decided. Knows no Django.

A `Round` goes in; `assign` gives each candidate at most one program; `certify` writes down what
makes the outcome checkable and `verify` checks it by another way; `Explainer` says why, and
`planner` what the largest total score would cost. Everything follows from the stored input.
"""

from corridor.matching.rounds import certificate, files, planner
from corridor.matching.rounds.certificate import Certificate, Violation, certify, verify
from corridor.matching.rounds.deferred import Assignment, assign
from corridor.matching.rounds.explain import Explainer, ForCandidate, ForProgram, Reason
from corridor.matching.rounds.files import digest
from corridor.matching.rounds.model import BARS, BadRound, Limits, Lottery, Pairs, Round
from corridor.matching.rounds.ordering import Orders, strict

__all__ = [
    "BARS", "Assignment", "BadRound", "Certificate", "Explainer", "ForCandidate", "ForProgram",
    "Limits", "Lottery", "Orders", "Pairs", "Reason", "Round", "Violation", "assign",
    "certificate", "certify", "digest", "files", "planner", "strict", "verify",
]  # fmt: skip
