"""The demo's universities at work: signatures, duties, contacts, students and nominations."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count

from corridor.accounts.models import Consent, Membership, Organization, User
from corridor.applications.models import Application
from corridor.candidates.models import Candidate
from corridor.common.models import AuditEntry
from corridor.demo import content
from corridor.matching.cohorts import groups
from corridor.matching.cohorts import queries as cohorts
from corridor.matching.cohorts import services as cohort_services
from corridor.matching.cohorts.models import CohortRound, Entrant, RoundProgram
from corridor.partnerships.models import (
    Affiliation,
    Agreement,
    Contact,
    Nomination,
    Notice,
    Obligation,
)
from corridor.partnerships.services.students import AFFILIATION_ITEMS
from corridor.programs.models import Program

SEOUL = ZoneInfo("Asia/Seoul")
UNIVERSITY = "sample-hannuri-university"
STUDENTS, RESEARCHERS = 16, 7
MAJORS = ("반도체", "전자", "신소재", "재료", "화학")
# The states of a list's nominees, by place; each list takes the next of these.
LISTS = (("sent", "sent", "sent"), ("agreed", "agreed", "asked"), ("asked", "agreed"))


def signatures(said: dict[str, Any], day: date, starts: date) -> dict[str, Any]:
    """Who signed an agreement in the state that the demo says."""
    signers = content.read("universities")["signers"]
    made: dict[str, Any] = {}
    both = said["status"] in {"active", "ended"}
    if both or said["status"] == "proposed":
        made["korean_signer"], made["korean_signer_title"] = signers["KR"]
        made["korean_signed_on"] = (
            starts - timedelta(days=35) if both else day - timedelta(days=9)
        )
    if both:
        made["us_signer"], made["us_signer_title"] = signers["US"]
        made["us_signed_on"] = starts - timedelta(days=30)
    return made


def work(day: date, agreements: dict[str, Agreement]) -> None:
    said = content.read("universities")
    for name, rows in said["duties"].items():
        for row in rows:
            done = day + timedelta(days=row["done"]) if "done" in row else None
            Obligation.objects.create(
                agreement=agreements[name], side=row["side"],
                text=f"{row['text']['ko']} / {row['text']['en']}",
                due_on=day + timedelta(days=row["in"]), done_on=done,
            )  # fmt: skip
    for name, rows in said["contacts"].items():
        for row in rows:
            Contact.objects.create(agreement=agreements[name], **row)
    _history(day, agreements)
    students = _students(day)
    _nominate(day, agreements, students)
    _round(day, said["round"], students)


def _history(day: date, agreements: dict[str, Agreement]) -> None:
    """What led to each state, as the audit rows would tell it."""
    owner = dict(
        Membership.objects.filter(role="owner").values_list("organization_id", "user_id")
    )
    for each in agreements.values():
        korean, us = owner.get(each.korean_party_id), owner.get(each.us_party_id)
        first = each.korean_signed_on or day - timedelta(days=12)
        steps: list[tuple[str, int | None, date]] = [
            ("agreement.saved", korean, first - timedelta(days=20))
        ]
        if each.status != Agreement.Status.DRAFT:
            steps.append(("agreement.sent", korean, first - timedelta(days=6)))
        if each.korean_signed_on:
            steps.append(("agreement.signed", korean, each.korean_signed_on))
        if each.us_signed_on:
            steps.append(("agreement.signed", us, each.us_signed_on))
        if each.status == Agreement.Status.ENDED and each.ends_on:
            steps.append(("agreement.ended", korean, min(each.ends_on, day)))
        for action, actor, on in steps:
            made = AuditEntry.objects.create(
                action=action, actor_id=actor, subject_type=Agreement._meta.label,
                subject_id=str(each.pk),
            )  # fmt: skip
            AuditEntry.objects.filter(pk=made.pk).update(at=_at(on))


def _students(day: date) -> list[User]:
    """Sample students of the university who told it so; the last two still wait."""
    university = Organization.objects.get(slug=UNIVERSITY)
    found = list(
        Candidate.objects.filter(is_sample=True, educations__institution=university.name_ko)
        .select_related("user").prefetch_related("educations").order_by("-user__email").distinct()
    )  # fmt: skip
    sent = dict(
        Application.objects.exclude(state="draft").values("candidate_id")
        .annotate(n=Count("pk")).values_list("candidate_id", "n")
    )  # fmt: skip
    found.sort(key=lambda each: (
        not each.user.email.startswith("student@"), -sent.get(each.pk, 0), each.pk,
    ))  # fmt: skip
    near = [each for each in found if any(
        word in study.major for study in each.educations.all() for word in MAJORS
    )]  # fmt: skip
    chosen = [each for each in near if each.walk == "student"][: STUDENTS - RESEARCHERS]
    chosen[1:1] = [each for each in found if each.walk in ("researcher", "graduate")][:RESEARCHERS]
    for each in chosen:  # they have answered the questions that every route asks
        each.rule_facts = {**content.read("universities")["answers"], **each.rule_facts}
        each.save(update_fields=["rule_facts"])
    for number, each in enumerate(chosen):
        waits = number >= len(chosen) - 2
        consent = Consent.objects.create(
            user=each.user, purpose=Consent.Purpose.SHARE_IDENTITY, recipient=university,
            recipient_name=university.name_en, recipient_country=university.country,
            items=AFFILIATION_ITEMS, text_version="2026-11", language="ko",
            given_at=_at(day - timedelta(days=40)),
        )  # fmt: skip
        Affiliation.objects.create(
            student=each.user, university=university, consent=consent,
            department=next((s.major for s in each.educations.all() if s.major), "-"),
            state=Affiliation.State.ASKED if waits else Affiliation.State.CONFIRMED,
            answered_at=None if waits else _at(day - timedelta(days=38 - number)),
        )  # fmt: skip
    return [each.user for each in chosen[:-2]]


def _nominate(day: date, agreements: dict[str, Agreement], students: list[User]) -> None:
    university = Organization.objects.get(slug=UNIVERSITY)
    programs = list(
        Program.objects.filter(
            agreement__in=[each for each in agreements.values()
                           if each.status == Agreement.Status.ACTIVE
                           and each.korean_party_id == university.pk],
            status=Program.Status.PUBLISHED,
        ).order_by("pk")
    )  # fmt: skip
    waiting = iter(students[1:] + students[:1])
    for program, states in zip(programs, LISTS, strict=False):
        for rank, (state, student) in enumerate(zip(states, waiting, strict=False), start=1):
            Nomination.objects.create(
                agreement_id=program.agreement_id, university=university, program=program,
                student=student, rank=rank, state=state,
                sent_at=_at(day - timedelta(days=5)) if state == "sent" else None,
            )  # fmt: skip
    if programs and students:
        Nomination.objects.create(
            agreement_id=programs[-1].agreement_id, university=university, program=programs[-1],
            student=students[0], state="asked",
            rank=Nomination.objects.filter(program=programs[-1]).count() + 1,
        )  # fmt: skip


def _round(day: date, said: dict[str, Any], students: list[User]) -> None:
    """A round that was decided some days ago, by the same assignment that the pages use, and one
    that is open. Hosts ranked by what they read; the verdicts are those of the day."""
    university = Organization.objects.get(slug=UNIVERSITY)
    owner = university.memberships.get(role="owner").user
    programs = list(cohorts.possible_programs(university))[-said["programs"] :]
    programs += [each for each in cohorts.possible_programs(university) if each not in programs
                 and "student" in each.walks]  # fmt: skip
    for number, title in enumerate(said["titles"]):
        then = day - timedelta(days=said["days_ago"]) if number == 0 else day
        made = CohortRound.objects.create(
            organization=university, title_ko=title["ko"], title_en=title["en"],
            state=CohortRound.State.CHOOSING, choose_until=then + timedelta(days=10 * number),
            rank_until=then + timedelta(days=14 * number), most_choices=4,
            seed_source=f"{said['seed_source']['ko']} / {said['seed_source']['en']}",
            created_by=owner, is_sample=True, limit_by=groups.REGION if number else "",
        )  # fmt: skip
        for at, program in enumerate(programs):
            RoundProgram.objects.create(
                round=made, program=program, seats=min(program.seats, 2),
                at_most={"seoul": 1} if number and not at else {},
            )  # fmt: skip
        if number:
            continue
        for at, student in enumerate(students):
            own = student.candidate.walk
            order = sorted(programs, key=lambda each: (own not in each.walks, each.pk % (at + 2)))
            Entrant.objects.create(
                round=made, candidate=student.candidate,
                choices=[p.pk for p in order[: 4 if at % 3 else 3]],
            )  # fmt: skip
        made = cohort_services.close_choosing(made, by=owner, day=then)
        for row in made.programs.select_related("program__organization"):
            able = cohorts.choosers(row)
            able.sort(key=lambda each: -len(each.candidate.skill_ids))
            row.places = {each.code: 1 + at for at, each in enumerate(able)}
            row.ranked_at = _at(then)
            row.save()
        made = cohort_services.decide(made, by=owner, seed=said["seed"])
        CohortRound.objects.filter(pk=made.pk).update(decided_at=_at(then + timedelta(days=1)))
    Notice.objects.filter(organization__is_sample=True).delete()
    Notice.objects.filter(person__in=students).delete()


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10), SEOUL)
