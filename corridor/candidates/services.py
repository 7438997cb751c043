"""Writes of a candidate's own profile. Each is one transaction with its audit and outbox rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from corridor import rules
from corridor.accounts import services as accounts
from corridor.accounts.models import Consent, User
from corridor.candidates import permissions, texts
from corridor.candidates.models import (
    Candidate,
    Education,
    HeldCredential,
    LanguageScore,
    Work,
)
from corridor.common import audit, outbox

EDITABLE = {
    "walk", "headline", "about", "research_interests", "skills_text", "city", "nationality",
    "us_status", "birth_date", "sex", "passport_number", "military_status", "kinds", "sectors",
    "hubs", "available_from", "available_until", "min_months", "max_months",
}  # fmt: skip
UNMATCHED = {"city", "birth_date", "sex", "passport_number", "military_status"}  # move no score
# Facts of the rules that have an encrypted field of their own, and are kept nowhere else.
ENCRYPTED_FACTS = {
    "candidate.sex": "sex", "candidate.military_status": "military_status",
}  # fmt: skip
CARD_ITEMS = ["walk", "skills", "degree", "experience", "languages", "preferences"]
_LISTS: dict[str, type[models.Model]] = {
    "educations": Education,
    "works": Work,
    "credentials": HeldCredential,
    "languages": LanguageScore,
}


@transaction.atomic
def create_profile(*, user: User, walk: str) -> Candidate:
    candidate, created = Candidate.objects.get_or_create(user=user, defaults={"walk": walk})
    if created:
        audit.record("candidate.created", candidate, by=user, walk=walk)
    return candidate


@transaction.atomic
def save_profile(candidate: Candidate, *, by: User, **fields: Any) -> Candidate:
    """Change fields of one's own profile; asks for a new vector only if the text changed."""
    _mine(candidate, by)
    unknown = set(fields) - EDITABLE
    if unknown:
        raise ValidationError(_("These fields cannot be changed here: %s") % ", ".join(unknown))
    candidate = Candidate.objects.select_for_update().get(pk=candidate.pk)
    for name, value in fields.items():
        setattr(candidate, name, value)
    if "birth_date" in fields and not _is_birth_date(candidate.birth_date):
        raise ValidationError({"birth_date": _("This cannot be a birth date. Please check it.")})
    candidate.full_clean(exclude=["user"])
    candidate.save()
    audit.record("candidate.saved", candidate, by=by, fields=sorted(fields))
    _reread(candidate)
    if fields.keys() - UNMATCHED:
        _changed(candidate)
    return candidate


@transaction.atomic
def replace_list(
    candidate: Candidate, *, by: User, name: str, rows: Iterable[Mapping[str, Any]]
) -> Candidate:
    """Replace one of educations, works, credentials, languages by `rows` (all or nothing)."""
    _mine(candidate, by)
    model = _LISTS[name]
    candidate = Candidate.objects.select_for_update().get(pk=candidate.pk)
    children = [model(candidate=candidate, **row) for row in rows]
    for child in children:
        if isinstance(child, HeldCredential) and not child.credential_id:
            child.credential_id = credential_id_for(child.name)
        child.full_clean()
    model._default_manager.filter(candidate=candidate).delete()
    model._default_manager.bulk_create(children)
    audit.record("candidate.saved", candidate, by=by, fields=[name], rows=len(children))
    _reread(candidate)
    _changed(candidate)
    return candidate


@transaction.atomic
def answer_rule_facts(candidate: Candidate, *, by: User, answers: Mapping[str, Any]) -> Candidate:
    """Keep answers to the rules' questions; None forgets one. Refuses facts that are not theirs.

    Answers about sex and military service go into the profile's encrypted fields.
    """
    _mine(candidate, by)
    candidate = Candidate.objects.select_for_update().get(pk=candidate.pk)
    for fact, value in answers.items():
        if not fact.startswith("candidate."):
            raise ValidationError(_("%s is not a fact about a candidate.") % fact)
        if fact == "candidate.birth_year":
            raise ValidationError(_("Please give your birth date in your profile instead."))
        if value is not None:
            try:
                rules.parse_case({"candidate": {fact.removeprefix("candidate."): value}})
            except (rules.UnknownFact, rules.WrongType) as error:
                raise ValidationError(str(error)) from error
            choices = rules.facts()[fact].choices
            if choices and value not in choices:
                raise ValidationError(_("Choose one of the listed values."))
        if fact in ENCRYPTED_FACTS:
            setattr(candidate, ENCRYPTED_FACTS[fact], value)
        elif value is None:
            candidate.rule_facts.pop(fact, None)
        else:
            candidate.rule_facts[fact] = value
    _consistent(candidate)
    candidate.save(update_fields=["rule_facts", *ENCRYPTED_FACTS.values(), "updated_at"])
    audit.record("candidate.answered", candidate, by=by, facts=sorted(answers))
    _changed(candidate)
    return candidate


def _consistent(candidate: Candidate) -> None:
    """Answers that cannot all be true are refused, in the reader's language."""
    registry = rules.facts()
    known = {fact: registry[fact].accept(value) for fact, value in candidate.rule_facts.items()}
    if candidate.birth_date:
        known["candidate.birth_year"] = candidate.birth_date.year
    if (clash := rules.contradiction(known)) is not None:
        lang = get_language() or "ko"
        raise ValidationError(f"{registry[clash.fact].label(lang)}: {clash.text(lang)}")


@transaction.atomic
def set_visibility(candidate: Candidate, *, by: User, visibility: str) -> Candidate:
    """Being found by hosts is an explicit, recorded and withdrawable choice."""
    _mine(candidate, by)
    candidate.visibility = Candidate.Visibility(visibility)
    candidate.save(update_fields=["visibility", "updated_at"])
    if candidate.visibility == Candidate.Visibility.FINDABLE:
        accounts.give_consent(
            user=by, purpose=Consent.Purpose.BE_FOUND, recipient=None, items=CARD_ITEMS
        )
    else:
        for consent in Consent.objects.filter(
            user=by, purpose=Consent.Purpose.BE_FOUND, withdrawn_at=None
        ):
            accounts.withdraw_consent(consent, by=by)
    audit.record("candidate.visibility", candidate, by=by, visibility=str(visibility))
    return candidate


def _is_birth_date(day: Any) -> bool:
    return not isinstance(day, date) or date(1900, 1, 1) <= day <= timezone.localdate()


def credential_id_for(name: str) -> str:
    """The rules' credential that a free name means, or an empty text."""
    for found in rules.recognition([name], state=None, day=timezone.localdate()):
        if found.held and found.credential:
            return found.credential
    return ""


def _mine(candidate: Candidate, by: User) -> None:
    if not permissions.owns(by, candidate):
        raise PermissionDenied


def _reread(candidate: Candidate) -> None:
    """Read the text again; if it changed, ask for a vector in the same transaction."""
    before = candidate.text_hash
    candidate = Candidate.objects.prefetch_related(*texts.PREFETCH).get(pk=candidate.pk)
    candidate.save(update_fields=texts.read(candidate))
    if candidate.text_hash != before:
        outbox.put("candidates.embed", key=f"candidate:{candidate.pk}", ids=[candidate.pk])


def _changed(candidate: Candidate) -> None:
    """The lists of the last run are brought up to date (matching.refreshing)."""
    outbox.put(
        "matching.candidate_changed", key=f"candidate:{candidate.pk}", candidate_id=candidate.pk
    )
