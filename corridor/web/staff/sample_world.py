"""A few made-up rows for which every mail of the product can be written, and then taken back.

Nothing of it stays: it is made inside a transaction that is rolled back (mailbox.written).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from corridor.accounts.models import Consent, Membership, Organization, User
from corridor.applications.models import Application, Interview, State
from corridor.candidates.models import Candidate
from corridor.partnerships.models import Agreement
from corridor.places.models import Hub
from corridor.programs.kinds import Kind
from corridor.programs.models import Program


@dataclass
class World:
    """`people`: the role of each reader by address."""

    day: date
    language: str
    candidate: Candidate
    host: Organization
    university: Organization
    program: Program
    application: Application
    interview: Interview
    agreement: Agreement
    people: dict[str, str]

    def user(self, role: str) -> User:
        return User.objects.get(email=next(k for k, v in self.people.items() if v == role))


def made(language: str) -> World:
    """Call inside a transaction. All readers read `language`."""
    mark, day, now = secrets.token_hex(6), timezone.localdate(), timezone.now()
    people: dict[str, str] = {}

    def person(role: str, name: str, **fields: bool) -> User:
        user = User.objects.create(
            email=f"{role}-{mark}@sample.example", name=name, language=language, **fields
        )
        people[user.email] = role
        return user

    candidate = Candidate.objects.create(
        user=person("candidate", "김견본" if language == "ko" else "Sample Kim"), is_sample=True
    )
    host = _organization("firm", "US", "가온배터리(견본)", "Gaon Battery (sample)", mark)
    university = _organization("university", "KR", "견본대학교", "Sample University", mark)
    for role, organization in (("host", host), ("university", university)):
        Membership.objects.create(
            user=person(role, "-"), organization=organization, role=Membership.Role.OWNER
        )
    person("staff", "-", is_staff=True)
    agreement = Agreement.objects.create(
        kind=Agreement.Kind.values[0], status=Agreement.Status.ACTIVE, is_sample=True,
        title_ko="배터리 인턴십 협약(견본)", title_en="Battery internship agreement (sample)",
        korean_party=university, us_party=host, starts_on=day, ends_on=day + timedelta(days=90),
    )  # fmt: skip
    program = Program.objects.create(
        organization=host, kind=Kind.INTERNSHIP, status=Program.Status.PUBLISHED, is_sample=True,
        title_ko="전극 공정 인턴(견본)", title_en="Electrode line intern (sample)",
        hub=Hub.objects.select_related("state").first(), published_at=now, seats=2,
        starts_on=day + timedelta(days=120), apply_by=day + timedelta(days=60),
    )  # fmt: skip
    consent = Consent.objects.create(
        user=candidate.user, purpose=Consent.Purpose.SHARE_IDENTITY, recipient=host,
        text_version="-", language=language,
    )  # fmt: skip
    application = Application.objects.create(
        candidate=candidate, program=program, state=State.OFFERED, consent=consent,
        submitted_at=now, answer_by=day + timedelta(days=7), due_on=day + timedelta(days=3),
    )  # fmt: skip
    interview = Interview.objects.create(
        application=application, state=Interview.State.SET, starts_at=now + timedelta(days=2),
        where="https://meet.example/sample",
    )  # fmt: skip
    return World(day, language, candidate, host, university, program, application, interview,
                 agreement, people)  # fmt: skip


def _organization(kind: str, country: str, ko: str, en: str, mark: str) -> Organization:
    return Organization.objects.create(
        kind=kind, country=country, name_ko=ko, name_en=en, slug=f"sample-{kind}-{mark}",
        status=Organization.Status.VERIFIED, is_sample=True,
    )  # fmt: skip
