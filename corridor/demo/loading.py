"""Loads the demo corridor: organizations, agreements, programs, people, applications.

The rows go in in bulk and in one transaction. Loading twice changes nothing, so what people
changed in the demo stays; `reset` takes every sample row away first.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import Model, Q

from corridor.accounts.models import Consent, Membership, Organization, User
from corridor.applications.models import Application
from corridor.candidates import texts as candidate_texts
from corridor.candidates.models import Candidate, Education, HeldCredential, LanguageScore, Work
from corridor.demo import (
    applying,
    content,
    moderating,
    papers,
    people,
    placements,
    postings,
    research,
    universities,
    visa_steps,
)
from corridor.matching.models import CohortRound
from corridor.partnerships.models import Affiliation, Agreement
from corridor.places.models import Hub, Sector
from corridor.programs import texts as program_texts
from corridor.programs.asked import ref_for
from corridor.programs.models import Duty, Program, Requirement
from corridor.rules.derived import add_months

PASSWORD = "corridor-demo-2026"  # noqa: S105  (public: load() refuses in production)
# (role, e-mail, password): who can sign in to the demo
SIGN_INS: list[tuple[str, str, str]] = [
    (role, f"{role}@demo.example", PASSWORD)
    for role in (
        "student", "technician", "researcher", "firm", "university", "usuniversity", "staff",
    )
]  # fmt: skip
SEOUL = ZoneInfo("Asia/Seoul")

Progress = Callable[[str], None]


def is_loaded() -> bool:
    return bool(Program.objects.filter(source="demo").exists())


def load(day: date, *, reset: bool = False, progress: Progress = lambda step: None) -> bool:
    """Load the demo with dates counted from `day`; False if it was there already.

    Raises ImproperlyConfigured in production, or where the ground (sectors, hubs) is not loaded.
    """
    if settings.PRODUCTION:
        raise ImproperlyConfigured("The demo is never loaded in production: its password is known.")
    if not Hub.objects.exists() or not Sector.objects.exists():
        raise ImproperlyConfigured("Load the ground first: manage.py load_ground")
    with transaction.atomic():
        if reset:
            progress("taking the old demo away")
            remove()
        elif is_loaded():
            return False
        progress("organizations and agreements")
        sign_in = _sign_in_users()
        organizations = _organizations(day, sign_in)
        agreements = _agreements(day, organizations)
        progress("programs")
        _programs(day, organizations, agreements)
        progress("people")
        _people(day)
        progress("applications")
        applying.apply(day)
        universities.work(day, agreements)
        moderating.work(day)
        papers.work(day)
        research.work(day, agreements)
        placements.work(day)
        visa_steps.work(day)
    return True


def remove() -> None:
    """Take every sample row away, with what others attached to it (applications, programs)."""
    sample_people = User.objects.filter(
        Q(candidate__is_sample=True) | Q(email__endswith=".example")
    )
    programs = Program.objects.filter(Q(is_sample=True) | Q(organization__is_sample=True))
    people_ids = list(sample_people.values_list("pk", flat=True))
    Application.objects.filter(Q(program__in=programs) | Q(candidate__user__in=people_ids)).delete()
    Affiliation.objects.filter(
        Q(student__in=people_ids) | Q(university__is_sample=True)
    ).delete()
    Consent.objects.filter(Q(user__in=people_ids) | Q(recipient__is_sample=True)).delete()
    CohortRound.objects.filter(
        Q(organization__is_sample=True) | Q(programs__program__in=programs)
    ).delete()
    programs.delete()
    Agreement.objects.filter(
        Q(is_sample=True) | Q(korean_party__is_sample=True) | Q(us_party__is_sample=True)
    ).delete()
    Organization.objects.filter(is_sample=True).delete()
    User.objects.filter(pk__in=people_ids).delete()


def _sign_in_users() -> dict[str, User]:
    """The users of SIGN_INS by role; one hash serves them all, because the password is public."""
    names = {
        "firm": ("정하윤(견본)", "Hayoon Jung (Sample)", "ko"),
        "university": ("류서진(견본)", "Seojin Ryu (Sample)", "ko"),
        "usuniversity": ("에밀리 캐로(견본)", "Emily Carrow (Sample)", "en"),
        "staff": ("운영자(견본)", "Corridor staff (Sample)", "ko"),
    }
    hashed = make_password(PASSWORD)
    made: dict[str, User] = {}
    for role, email, _password in SIGN_INS:
        name, roman, language = names.get(role, ("", "", "ko"))
        user, _created = User.objects.update_or_create(
            email=email,
            defaults={
                "name": name, "name_roman": roman, "language": language, "password": hashed,
                "is_staff": role == "staff", "is_superuser": role == "staff",
            },
        )  # fmt: skip
        EmailAddress.objects.update_or_create(
            user=user, email=email, defaults={"verified": True, "primary": True}
        )
        made[role] = user
    return made


def _organizations(day: date, sign_in: dict[str, User]) -> dict[str, Organization]:
    staff = sign_in["staff"]
    rows = []
    for said in content.read("organizations"):
        verified = said.get("status", "verified") == "verified"
        rows.append(Organization(
            slug=said["slug"], kind=said["kind"], country=said["country"],
            name_ko=said["name"]["ko"], name_en=said["name"]["en"],
            about_ko=said["about"]["ko"], about_en=said["about"]["en"],
            website=f"https://{said['slug'].removeprefix('sample-')}.example",
            state=said.get("state", ""), city=said["city"],
            status="verified" if verified else "unverified",
            verified_at=at(day - timedelta(days=90)) if verified else None,
            verified_by=staff if verified else None,
            verification_note="Sample organization of the demo." if verified else "",
            is_sample=True, rule_facts=said.get("facts", {}),
        ))  # fmt: skip
    made = {row.slug: row for row in Organization.objects.bulk_create(rows)}
    members = []
    for said in content.read("organizations"):
        organization = made[said["slug"]]
        user = sign_in.get(said.get("sign_in", ""))
        if user is None:
            name, roman = said["owner"]
            user = User(
                email=f"owner@{said['slug'].removeprefix('sample-')}.example",
                name=f"{name}(견본)", name_roman=f"{roman} (Sample)",
                language="ko" if said["country"] == "KR" else "en",
            )  # fmt: skip
            user.set_unusable_password()
            user.save()
        members.append(Membership(user=user, organization=organization, role="owner"))
    Membership.objects.bulk_create(members)
    return made


def _agreements(day: date, organizations: dict[str, Organization]) -> dict[str, Agreement]:
    made: dict[str, Agreement] = {}
    for said in content.read("agreements"):
        first, last = said["years"]
        starts = add_months(day, 12 * first)
        status = said["status"]
        agreed = status in {"active", "ended"}
        made[said["id"]] = Agreement(
            kind=said["kind"], status=status,
            title_ko=said["title"]["ko"], title_en=said["title"]["en"],
            summary_ko=said["summary"]["ko"], summary_en=said["summary"]["en"],
            obligations=said.get("obligations", ""), sectors=said["sectors"],
            seats=said.get("seats"), korean_party=organizations[said["kr"]],
            us_party=organizations[said["us"]], starts_on=starts,
            ends_on=day + timedelta(days=said["ends_in_days"]) if "ends_in_days" in said
            else add_months(day, 12 * last),
            **universities.signatures(said, day, starts),
            signed_on=starts - timedelta(days=30) if agreed else None,
            korean_confirmed_at=at(starts - timedelta(days=35)) if agreed
            else at(day - timedelta(days=9)) if status == "proposed" else None,
            us_confirmed_at=at(starts - timedelta(days=32)) if agreed else None,
            is_sample=True,
        )  # fmt: skip
    Agreement.objects.bulk_create(made.values())
    return made


def _programs(
    day: date, organizations: dict[str, Organization], agreements: dict[str, Agreement]
) -> None:
    hubs = {hub.slug: hub for hub in Hub.objects.select_related("state")}
    sectors = {sector.slug: sector for sector in Sector.objects.all()}
    rows, duties, wants = [], [], []
    for post in postings.posts(day):
        organization, hub = organizations[post.organization], hubs[post.hub]
        program = Program(
            organization=organization, hub=hub, state=hub.state.code,
            sector=sectors[post.sector],
            agreement=agreements[post.agreement] if post.agreement else None, **post.fields,
        )  # fmt: skip
        rows.append(program)
        duties += [Duty(program=program, order=n, **row) for n, row in enumerate(post.duties)]
        wants += [
            Requirement(
                program=program, order=n,
                **{**row, "ref": row["ref"] or ref_for(row["kind"], row["text"])},
            )
            for n, row in enumerate(post.wants)
        ]
    Program.objects.bulk_create(rows)
    Duty.objects.bulk_create(duties)
    Requirement.objects.bulk_create(wants)
    _read(Program, program_texts, *program_texts.NAMED)


def _people(day: date) -> None:
    everybody = list(people.people(day))
    signing_in = {role: email for role, email, _password in SIGN_INS}
    users = []
    for person in everybody:
        if person.sign_in:
            user = User.objects.get(email=signing_in[person.sign_in])
            for name, value in person.user.items():
                setattr(user, name, value)
            user.save()
        else:
            user = User(**person.user)
            user.set_unusable_password()
        users.append(user)
    User.objects.bulk_create([user for user in users if user.pk is None])
    rows = [
        Candidate(user=user, **person.candidate)
        for user, person in zip(users, everybody, strict=True)
    ]
    Candidate.objects.bulk_create(rows)
    parts: dict[type[Model], str] = {
        Education: "educations", Work: "works", HeldCredential: "credentials",
        LanguageScore: "languages",
    }  # fmt: skip
    for model, name in parts.items():
        model._default_manager.bulk_create(
            [
                model(candidate=row, **part)
                for row, person in zip(rows, everybody, strict=True)
                for part in getattr(person, name)
            ]
        )
    _read(Candidate, candidate_texts)


def _read(model: Any, texts: Any, *named: str) -> None:
    """What follows from the texts (hash, skills, occupations, terms), for all rows of the demo."""
    rows = list(model.objects.filter(source="demo").prefetch_related(*texts.PREFETCH, *named))
    names: list[str] = []
    for row in rows:
        names = texts.read(row)
    # An upsert of whole rows: many times quicker than bulk_update's CASE per row and column.
    model.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=names, batch_size=300
    )


def at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), SEOUL)
