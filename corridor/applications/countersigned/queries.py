"""Who may read a paper, and what of it: its sides, standing signatures, versions, differences."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from corridor.accounts.models import Membership, Organization
from corridor.applications.countersigned import drafting, shapes
from corridor.applications.countersigned.shapes import Content, Field
from corridor.applications.models import (
    CANDIDATE,
    HOST,
    THIRD,
    Application,
    Paper,
    PaperSignature,
    PaperVersion,
    State,
)
from corridor.candidates.models import Candidate
from corridor.partnerships.models import Affiliation


def mine(user: Any) -> QuerySet[Paper]:
    """A candidate's own papers. A host's plan is theirs to read once the host has signed it."""
    return _with_all(
        Paper.objects.filter(application__candidate__user=user).filter(
            ~Q(kind=Paper.Kind.TRAINING_PLAN) | Q(_was_signed())
        )
    )


def of_organization(user: Any, organization: Organization) -> QuerySet[Paper]:
    """What an organization's member reads of its papers, as host and as the third side."""
    if not Membership.objects.filter(user=user, organization=organization).exists():
        return Paper.objects.none()
    found = Paper.objects.filter(_as_host(organization) | _as_third(organization))
    # By ids and not by a join: few papers, and people by the million.
    return _with_all(found.exclude(application__candidate__in=_people([user.pk])))


def _with_all(papers: QuerySet[Paper]) -> QuerySet[Paper]:
    return papers.select_related(
        "application__candidate__user", "application__program__organization",
        "application__program__hub__state", "application__consent", "third", "consent",
    ).prefetch_related("versions__signatures")  # fmt: skip


def _as_host(organization: Organization) -> Q:
    """While the application's consent stands; a student's agreement once the student signed."""
    return (
        Q(application__program__organization=organization,
          application__consent__isnull=False, application__consent__withdrawn_at=None)
        & ~Q(application__state=State.DRAFT)
        & (Q(kind=Paper.Kind.TRAINING_PLAN) | Q(_was_signed()))
    )  # fmt: skip


def _was_signed() -> Exists:
    return Exists(PaperVersion.objects.filter(paper=OuterRef("pk")))


def _as_third(organization: Organization) -> Q:
    """While the candidate's consent to it stands; what it drafted itself, while the student is
    its own."""
    own = Affiliation.objects.filter(
        university=organization, state=Affiliation.State.CONFIRMED, consent__withdrawn_at=None
    ).values("student_id")
    return Q(third=organization) & (
        Q(consent__isnull=False, consent__withdrawn_at=None)
        | Q(by_third=True, consent=None, application__candidate__in=_people(own))
    )


def _people(users: Any) -> QuerySet[Candidate, dict[str, Any]]:
    return Candidate.objects.filter(user__in=users).values("pk")


def side_in(paper: Paper, organization: Organization) -> str:
    """Which side the organization is; a host that sponsors its own program reads as the host
    until it is the third side's turn."""
    is_host = paper.application.program.organization_id == organization.pk
    if is_host and not (paper.third_id == organization.pk and paper.turn == THIRD):
        return HOST
    return THIRD


def of_application(application: Application) -> list[Paper]:
    """Both kinds, for pages that show the application to one of its sides."""
    return list(application.papers.prefetch_related("versions__signatures").order_by("kind"))


def shown_to(papers: list[Paper], side: str) -> list[Paper]:
    """Those of an application's papers that the candidate or the host may read."""
    kind = Paper.Kind.TRAINING_PLAN if side == CANDIDATE else Paper.Kind.LEARNING
    return [
        each for each in papers
        if each.kind != kind or each.versions.all()
    ]  # fmt: skip


# --- what stands ------------------------------------------------------------------------------
def digest(paper: Paper) -> str:
    """The hash that is signed: of the kind, the paper, its version and every word of it."""
    text = json.dumps(
        {"kind": paper.kind, "paper": paper.pk, "version": paper.version,
         "third": [paper.third_id, paper.third_name],
         "content": paper.content},
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip
    return hashlib.sha256(text.encode()).hexdigest()


def signatures(paper: Paper) -> dict[str, PaperSignature]:
    """side -> the signature that stands for the words as they are now."""
    return {
        each.side: each
        for version in paper.versions.all() if version.number == paper.version
        for each in version.signatures.all() if each.voided_at is None
    }  # fmt: skip


def unconfirmed(paper: Paper) -> dict[str, PaperSignature]:
    """side -> its standing signature, recorded by another side and not yet confirmed by it."""
    return {side: each for side, each in signatures(paper).items() if each.is_unconfirmed}


def third_name(paper: Paper) -> str:
    return paper.third.name if paper.third else paper.third_name


# --- words ------------------------------------------------------------------------------------
def said(field: Field, value: Any) -> str:
    """A value as one reads it; empty where it is unknown."""
    if not shapes.given(value):
        return ""
    if field.type == "bool":
        return _("Yes") if value else _("No")
    if field.type == "choice":
        return str(dict(field.choices).get(value, value))
    if field.type == "date":
        return formats.date_format(date.fromisoformat(value), "DATE_FORMAT")
    return str(value)


def sections(paper: Paper, content: Content | None = None) -> list[dict[str, Any]]:
    """[{title, items: [{label, value, long}], parts: [{title, items}]}] in the reader's language.

    What is not told yet is shown as such: a blank is never a yes.
    """
    content = paper.content if content is None else content
    shape = shapes.of(paper, content)
    found: list[dict[str, Any]] = [
        {"title": str(section.title), "items": _items(section.fields, content), "parts": []}
        for section in shape.sections
    ]
    if paper.kind == Paper.Kind.TRAINING_PLAN:
        found[0]["items"].append(
            {"label": _("Program sponsor"), "value": third_name(paper) or _("Not given"),
             "long": False}
        )  # fmt: skip
    if shape.parts:
        found.append({"title": str(shape.parts_title), "items": [], "parts": [
            {"title": f"{number}. {part.get('name') or _('Phase without a name')}",
             "items": _items(shape.parts[1:], part)}
            for number, part in enumerate(shapes.phases(content), 1)
        ]})  # fmt: skip
    return found


def _items(fields: tuple[Field, ...], content: Content) -> list[dict[str, Any]]:
    return [
        {"label": str(field.label), "value": said(field, content.get(field.name)) or _("Not given"),
         "long": field.type == "longtext"}
        for field in fields
        if field.needed or shapes.given(content.get(field.name))
    ]  # fmt: skip


def differences(paper: Paper, before: Content, after: Content) -> list[dict[str, str]]:
    """[{label, before, after}]: what reads differently in two versions."""
    shape = shapes.of(paper, before, after)
    rows = [_pair("", field, before, after) for field in shape.fields]
    old, new = shapes.phases(before), shapes.phases(after)
    for number in range(max(len(old), len(new))):
        one = old[number] if number < len(old) else {}
        two = new[number] if number < len(new) else {}
        rows += [_pair(f"{shapes.phase(number + 1)}: ", field, one, two) for field in shape.parts]
    return [row for row in rows if row["before"] != row["after"]]


def _pair(head: str, field: Field, before: Content, after: Content) -> dict[str, str]:
    return {
        "label": f"{head}{field.label}",
        "before": said(field, before.get(field.name)),
        "after": said(field, after.get(field.name)),
    }


def has_begun(paper: Paper) -> bool:
    """The first day that the paper names has come, or it names none."""
    start = shapes.day_of(paper.content, "starts_on")
    return start is None or start <= timezone.localdate()


def awaiting(user: Any, organization: Organization) -> QuerySet[Paper]:
    """The papers that wait for this organization: to be signed, confirmed, or settled. The hours of
    a signed agreement wait from its last day on."""
    today = timezone.localdate().isoformat()
    running = Q(state=Paper.State.SIGNED, content__ends_on__gt=today)
    host = Q(turn=HOST, application__program__organization=organization) & ~running
    ascribed = PaperSignature.objects.filter(
        version__paper=OuterRef("pk"), version__number=OuterRef("version"), side=THIRD,
        on_paper=True, confirmed_at=None, voided_at=None,
    )  # fmt: skip
    return of_organization(user, organization).filter(
        host | (Q(third=organization) & (Q(turn=THIRD) | Exists(ascribed)))
    ).order_by(F("due_on").asc(nulls_last=True))


def sponsors(paper: Paper) -> QuerySet[Organization]:
    """The verified organizations that may be named as the sponsor of a plan: sponsors, and of a
    student intern's plan U.S. universities (22 CFR 62.23(h)(3)(i), (i)(1)(iii))."""
    found = Organization.objects.filter(status=Organization.Status.VERIFIED)
    if shapes.for_student(paper.content):
        found = found.filter(kind=Organization.Kind.UNIVERSITY, country="US")
    else:
        found = found.filter(kind=Organization.Kind.SPONSOR)
    return found.order_by("name_en")


def own_universities(student: Any) -> QuerySet[Organization]:
    """Those that have confirmed the student, while the consent stands."""
    return Organization.objects.filter(
        affiliations__student=student, affiliations__state=Affiliation.State.CONFIRMED,
        affiliations__consent__withdrawn_at=None,
    )  # fmt: skip


def for_credit(university: Organization) -> QuerySet[Application]:
    """Applications of the university's confirmed students that may get a learning agreement."""
    return (
        Application.objects.filter(
            state__in=drafting.CREDIT_STATES,
            candidate__user__affiliations__university=university,
            candidate__user__affiliations__state=Affiliation.State.CONFIRMED,
            candidate__user__affiliations__consent__withdrawn_at=None,
        )
        .exclude(papers__kind=Paper.Kind.LEARNING)
        .select_related("candidate__user", "program__organization")
        .order_by("candidate__user__name", "pk")
    )
