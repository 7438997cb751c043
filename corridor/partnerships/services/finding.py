"""Writes of research groups and of introductions between two of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts import permissions as accounts
from corridor.accounts.models import Organization, User
from corridor.common import audit, outbox, vectors, versions
from corridor.embeddings import texts as texts_read
from corridor.partnerships import notices, texts
from corridor.partnerships.models import (
    Agreement,
    Introduction,
    Notice,
    PartnerQuery,
    ResearchGroup,
)
from corridor.partnerships.services.agreements import save_agreement

EDITABLE = {"name_ko", "name_en", "leader", "email", "interests", "seeks", "sectors", "is_open"}
MOST_GROUPS = 200
MOST_WORDS = 400  # characters of words to look for; PartnerQuery.text holds no more
MOST_WAITING = 10  # introductions of one institution that nobody has answered yet
State = Introduction.State


@transaction.atomic
def save_group(
    group: ResearchGroup | None,
    *,
    by: User,
    organization: Organization | None = None,
    version: int | None = None,
    **fields: Any,
) -> ResearchGroup:
    """Write a group of one's institution, or change one; its text is embedded after the commit.

    Only a group of a verified institution can be found. What a sample institution writes is a
    sample. Raises `versions.Outdated` as `versions.advance` does.
    """
    unknown = set(fields) - EDITABLE
    if unknown:
        raise ValidationError(_("These fields cannot be changed here: %s") % ", ".join(unknown))
    if group is None:
        if organization is None or not accounts.can_edit_for(by, organization):
            raise PermissionDenied
        Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        if organization.research_groups.count() >= MOST_GROUPS:
            raise ValidationError(_("There is no room for more. Please remove one first."))
        group = ResearchGroup(
            organization=organization, created_by=by, is_sample=organization.is_sample
        )
    else:
        group = _locked_group(group, by)
        versions.advance(group, version)
    for name, value in fields.items():
        setattr(group, name, value)
    if group.is_open and not group.organization.is_verified:
        raise ValidationError(
            _("Your institution is not verified yet. Until then its groups cannot be found.")
        )
    before = group.text_hash
    texts.read(group)
    group.full_clean(exclude=["created_by"])
    group.save()
    audit.record("group.saved", group, by=by, fields=sorted(fields), open=group.is_open)
    if group.text_hash != before:
        outbox.put("partnerships.embed", key=f"group:{group.pk}", ids=[group.pk])
    return group


@transaction.atomic
def look_for(words: str) -> PartnerQuery:
    """The words as a row whose vector a worker makes; equal words ask for it once. Not who asked.

    Raises ValidationError where nothing is left of the words once they are cleaned.
    """
    text = " ".join(texts_read.clean(words).split())[:MOST_WORDS].strip()
    if not text:
        raise ValidationError(_("Write a few words to look for."))
    found, made = PartnerQuery.objects.get_or_create(
        text_hash=texts_read.text_hash(text), defaults={"text": text}
    )
    in_use = vectors.space()
    if made or (in_use and not (
        found.vector_is_fresh and found.vector_revision == in_use.revision
    )):  # fmt: skip
        outbox.put("partnerships.embed_query", key=f"partner-query:{found.pk}", ids=[found.pk])
    elif found.updated_at < timezone.now() - timedelta(days=1):
        found.save(update_fields=["updated_at"])  # still asked for: not forgotten yet
    return found


@transaction.atomic
def remove_group(group: ResearchGroup, *, by: User) -> None:
    """Take it away with its introductions; agreements that came of them stay."""
    group = _locked_group(group, by)
    audit.record("group.removed", group, by=by, organization=group.organization_id)
    group.delete()


@transaction.atomic
def ask(asking: ResearchGroup, asked: ResearchGroup, *, by: User, message: str) -> Introduction:
    """Ask the other group for a talk. Its contact is not told before it accepts."""
    if not accounts.can_edit_for(by, asking.organization):
        raise PermissionDenied
    Organization.objects.select_for_update(no_key=True).get(pk=asking.organization_id)
    asked = ResearchGroup.objects.select_related("organization").get(pk=asked.pk)
    if {asking.organization.country, asked.organization.country} != {"KR", "US"}:
        raise ValidationError(_("Partners are found between Korea and the United States."))
    if not (asked.is_open and asked.organization.is_verified):
        raise ValidationError(_("This group cannot be found any more."))
    if not asking.organization.is_verified:
        raise ValidationError(_("Your institution is not verified yet."))
    living = Introduction.objects.filter(state__in=[State.ASKED, State.ACCEPTED])
    pair = Q(asking=asking, asked=asked) | Q(asking=asked, asked=asking)
    if living.filter(pair).exists():
        raise ValidationError(_("These two groups are in touch already."))
    waiting = living.filter(asking__organization=asking.organization, state=State.ASKED)
    if waiting.count() >= MOST_WAITING:
        raise ValidationError(
            _("Your institution waits for many answers. Wait for them, or take one back.")
        )
    made = Introduction(asking=asking, asked=asked, message=message.strip(), created_by=by)
    made.full_clean(exclude=["created_by"])
    made.save()
    audit.record("introduction.asked", made, by=by, asked=asked.pk)
    _tell(Notice.What.INTRODUCTION_ASKED, made, asked.organization)
    return made


@transaction.atomic
def answer(row: Introduction, *, by: User, accepts: bool, word: str = "") -> Introduction:
    """The asked side's answer. With a yes both sides see each other's contact."""
    row = _locked(row)
    if not accounts.can_edit_for(by, row.asked.organization):
        raise PermissionDenied
    if row.state != State.ASKED:
        raise ValidationError(_("This request is not open any more."))
    row.state = State.ACCEPTED if accepts else State.DECLINED
    row.answer, row.answered_at = word.strip(), timezone.now()
    row.full_clean(exclude=["created_by", "agreement"])
    row.save()
    audit.record("introduction.answered", row, by=by, state=row.state)
    _tell(Notice.What.INTRODUCTION_ANSWERED, row, row.asking.organization)
    return row


@transaction.atomic
def take_back(row: Introduction, *, by: User) -> Introduction:
    row = _locked(row)
    if not accounts.can_edit_for(by, row.asking.organization):
        raise PermissionDenied
    if row.state == State.ASKED:
        row.state = State.WITHDRAWN
        row.save(update_fields=["state", "updated_at"])
        audit.record("introduction.withdrawn", row, by=by)
    return row


@transaction.atomic
def open_draft(row: Introduction, *, by: User) -> Agreement:
    """A research agreement between the two institutions, as a draft; pressed twice, the same."""
    row = _locked(row)
    parties = [row.asking.organization, row.asked.organization]
    own = next((party for party in parties if accounts.can_edit_for(by, party)), None)
    if own is None:
        raise PermissionDenied
    if row.state != State.ACCEPTED:
        raise ValidationError(_("An agreement is drafted once the request is accepted."))
    if row.agreement is not None:
        return row.agreement
    partner = next(party for party in parties if party != own)
    names = [(each.name_ko or each.name_en, each.name_en or each.name_ko)
             for each in (row.asking, row.asked)]  # fmt: skip
    row.agreement = save_agreement(
        None, by=by, organization=own, partner=partner, kind=Agreement.Kind.RESEARCH,
        title_ko=f"공동연구 협약: {names[0][0]} · {names[1][0]}"[:200],
        title_en=f"Research agreement: {names[0][1]} · {names[1][1]}"[:200],
        sectors=sorted({*row.asking.sectors} & {*row.asked.sectors}),
    )  # fmt: skip
    if own.is_sample or partner.is_sample:
        row.agreement.is_sample = True
        row.agreement.save(update_fields=["is_sample"])
    row.save(update_fields=["agreement", "updated_at"])
    audit.record("introduction.draft", row, by=by, agreement=row.agreement.pk)
    return row.agreement


def _locked_group(group: ResearchGroup, by: User) -> ResearchGroup:
    found = (
        ResearchGroup.objects.select_for_update(of=("self",))
        .select_related("organization").get(pk=group.pk)
    )  # fmt: skip
    if not accounts.can_edit_for(by, found.organization):
        raise PermissionDenied
    return found


def _locked(row: Introduction) -> Introduction:
    return (
        Introduction.objects.select_for_update(of=("self",))
        .select_related("asking__organization", "asked__organization", "agreement")
        .get(pk=row.pk)
    )


def _tell(what: str, row: Introduction, to: Organization) -> None:
    notices.put(what, None, to=[to], values={"introduction": row.pk, "state": str(row.state)})
