"""Which route is mine? The kind of program, then the questions that settle most, one at a time.

The walk is read from the address alone, so every step can be gone back to and the result shared.
What is personal (see visitor.PRIVATE) never stands there and is not asked here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext as _

from corridor import rules
from corridor.matching import posting
from corridor.matching.facts import OF_STUDIES, PERSONAL
from corridor.programs import queries as programs
from corridor.programs.kinds import Kind
from corridor.rules import asking
from corridor.rules.dispatch import RANK
from corridor.web import present, visitor
from corridor.web.answers import KOREA, PASSPORTS, AnswersForm

NATIONALITY = "candidate.nationality"
QUESTIONS = 5  # the kind of program is the first
# What the kind alone says, as matching.facts says it of a posting of that kind.
_OF_KIND: dict[str, visitor.Answers] = {
    Kind.INTERNSHIP: {"program.activity": "internship"},
    Kind.JOINT_CURRICULUM: {"program.enrols_in_course_of_study": True},
}
# The activities that a person who looks for this kind would name.
ACTIVITIES: dict[str, tuple[str, ...]] = {
    Kind.APPRENTICESHIP: ("production_work", "install_service_repair_foreign_equipment",
                          "building_or_construction_hands_on", "other"),
    Kind.DISPATCH: ("install_service_repair_foreign_equipment",
                    "train_us_workers_on_foreign_equipment", "supervise_construction",
                    "train_construction_workers", "building_or_construction_hands_on",
                    "production_work", "consultation", "other"),
    Kind.JOINT_RESEARCH: ("independent_research", "conference", "consultation", "other"),
    Kind.TRAINING: ("production_work", "site_visit", "consultation", "other"),
    Kind.STARTUP: ("investor_scouting", "negotiation", "consultation", "conference",
                   "orders_for_foreign_goods", "board_meeting", "other"),
}  # fmt: skip


def kind_words() -> dict[str, str]:
    """What each kind means to somebody who wants to go."""
    return {
        Kind.INTERNSHIP: _("Learn at a firm or lab, as a student or soon after graduating"),
        Kind.APPRENTICESHIP: _("Learn a trade on the job, for pay"),
        Kind.DISPATCH: _("Go for my employer: install, start up or service equipment"),
        Kind.JOINT_RESEARCH: _("Do research at a U.S. university or lab"),
        Kind.JOINT_CURRICULUM: _("Study in a course shared with a U.S. school"),
        Kind.TRAINING: _("Be trained for a plant or a process"),
        Kind.STARTUP: _("Start or grow a business in the U.S."),
    }


class BeginForm(forms.Form):
    kind = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = kind_words()
        self.fields["kind"].label = _("What do you want to do in the U.S.?")
        self.fields["kind"].error_messages["required"] = _("Please choose one.")
        self.fields["kind"].choices = [
            (value, format_html("<strong>{}</strong> {}", label, words[value]))
            for value, label in Kind.choices
        ]
        self.fields[NATIONALITY] = forms.ChoiceField(
            label=_("Which passport do you hold?"), choices=PASSPORTS, initial=KOREA
        )


@dataclass(frozen=True)
class Walk:
    """Where a visitor stands. `more`: how often five further questions were asked for."""

    kind: str
    answers: visitor.Answers
    more: int
    private: visitor.Answers  # of this visit, for the rule on leaving Korea alone
    day: date

    @classmethod
    def of(cls, query: QueryDict, private: visitor.Answers, day: date) -> Walk:
        kind, more = query.get("kind", ""), query.get("more", "")
        return cls(
            kind=kind if kind in Kind.values else "",
            answers=visitor.from_address(query, (asking.CANDIDATE, asking.HOST)),
            more=min(int(more), 9) if more.isdecimal() and len(more) < 3 else 0,
            private=private,
            day=day,
        )

    @property
    def begun(self) -> bool:
        return bool(self.kind) and NATIONALITY in self.answers

    @property
    def asked(self) -> list[str]:
        return [fact for fact in self.answers if fact != NATIONALITY]

    @property
    def number(self) -> int:
        """The question now asked, the kind of program being the first."""
        return len(self.asked) + 2 if self.begun else 1

    @property
    def most(self) -> int:
        return QUESTIONS * (1 + self.more)

    @cached_property
    def assessment(self) -> rules.Assessment:
        facts = {**visitor.known(self.answers), **self.private, **_OF_KIND.get(self.kind, {})}
        return rules.assess(facts, day=self.day, kind=self.kind)

    @cached_property
    def open_questions(self) -> list[str]:
        """What a person can tell; what a host has to, only when nothing else is left."""
        for side in (asking.CANDIDATE, asking.HOST):
            ranked = asking.ranked(
                self.assessment, side, asked=self.answers, skip=visitor.PRIVATE
            )
            if ranked:
                return ranked
        return []

    @property
    def next(self) -> str | None:
        """The question to ask; None when all are asked or nothing is left to settle."""
        if self.number > self.most or not self.open_questions:
            return None
        return self.open_questions[0]

    def address(self, answers: visitor.Answers | None = None, *, more: int | None = None) -> str:
        kept: dict[str, str] = {"kind": self.kind}
        if more if more is not None else self.more:
            kept["more"] = str(more if more is not None else self.more)
        return "?" + visitor.in_address(self.answers if answers is None else answers, **kept)

    @property
    def back(self) -> str:
        """The step before, with its own answer taken back."""
        if not self.asked:
            return f"?kind={self.kind}"
        kept = dict(self.answers)
        kept.pop(self.asked[-1])
        rounds = -(-max(len(kept), 1) // QUESTIONS) - 1  # those that the kept answers fill
        return self.address(kept, more=min(self.more, max(0, rounds)))

    def form(self, fact: str, posted: QueryDict | None) -> AnswersForm:
        form = AnswersForm(
            posted, facts=[fact], known={}, lang=present.language(),
            beside=visitor.known(self.answers),
        )  # fmt: skip
        field = form.fields[fact]
        if isinstance(field, forms.ChoiceField):
            named = ACTIVITIES.get(self.kind) if fact == "program.activity" else None
            field.choices = [
                (value, label if value else _("I do not know"))
                for value, label in field.choices
                if named is None or value in named or not value
            ]
            field.initial = None
            field.widget = _Undecided(choices=field.choices)
        return form

    def programs(self, limit: int = 4) -> list[tuple[int, rules.Verdict]]:
        """Open programs of the kind with their best verdict for these answers, the best first."""
        told = {
            fact: value for fact, value in visitor.known(self.answers).items()
            if not fact.startswith("program.") or fact in OF_STUDIES
        }  # fmt: skip
        found = []
        for post in posting.read(programs.published(self.day).filter(kind=self.kind)[:200]):
            if post.side.in_korea:
                continue
            said = {f: value for f, value in post.side.known.items() if f not in OF_STUDIES}
            facts = {**told, **self.private, **said}
            best = rules.assess(facts, day=self.day, kind=self.kind).best
            if best is not None and best.display != "no":
                found.append((post.row.id, best))
        found.sort(key=lambda each: (RANK[each[1].display], len(each[1].missing), each[0]))
        return found[:limit]


class _Undecided(forms.RadioSelect):
    """Radio buttons of which none is chosen yet: “not known” is an answer, too, and one's own."""

    def format_value(self, value: Any) -> Any:
        return [] if value is None else super().format_value(value)


def private_of(told: visitor.Answers) -> visitor.Answers:
    return {fact: value for fact, value in visitor.known(told).items() if fact in PERSONAL}
