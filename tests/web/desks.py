"""Members of organizations and applicants, for tests of the workplaces. All invented."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from corridor.accounts.models import Membership, Organization, User
from corridor.applications import services as applications
from corridor.applications.models import Application
from corridor.programs.models import Duty, Program
from tests.matching import people

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
START = timezone.localdate() + timedelta(days=200)


def at(name: str, *args: Any) -> str:
    """The address of a page, in English."""
    return f"/en{reverse(name, args=args)[3:]}"


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend=BACKEND)
    return client


def member(organization: Organization, role: str = "owner") -> User:
    user = User.objects.create_user(
        f"{role}-{organization.slug}@example.org", "a long password 1", name=f"{role} 견본"
    )
    Membership.objects.create(user=user, organization=organization, role=role)
    return user


def open_program(
    organization: Organization, title: str = "Line internship", **fields: Any
) -> Program:
    """A published internship that is complete and takes applications."""
    made = people.program(
        title,
        organization=organization,
        **{
            "summary_en": "Learn on the line.", "starts_on": START,
            "ends_on": START + timedelta(days=300), "pay_period": "unpaid",
            "details": {"supervisor_title": "Manager", "training_plan": "Phase 1",
                        "field_of_study": "Mechanical engineering"},
            "published_at": timezone.now(), **fields,
        },
    )  # fmt: skip
    Duty.objects.create(program=made, text="Watch the line", activity="learn")
    return made


def applicant(program: Program, email: str = "kim@example.org", **fields: Any) -> Application:
    """An application that was sent with consent, by a student whose name is 김견본."""
    made = people.candidate(
        email,
        educations=[{"degree": "bachelor", "major": "기계공학", "status": "enrolled",
                     "started_on": date(2023, 3, 2), "ended_on": date(2028, 2, 20)}],
        **fields,
    )  # fmt: skip
    draft = applications.start_draft(candidate=made, program=program, by=made.user)
    return applications.submit(draft, by=made.user, consents=True)
