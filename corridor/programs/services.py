"""Writes of programs. Each is one transaction with its audit and outbox rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from corridor import rules
from corridor.accounts import permissions as account_permissions
from corridor.accounts.models import Organization, User
from corridor.common import audit, outbox
from corridor.programs import examples, permissions, texts, waiting
from corridor.programs.asked import ref_for
from corridor.programs.kinds import Kind, clean_details
from corridor.programs.models import Duty, Program, Requirement

EDITABLE = {
    "kind", "agreement", "title_ko", "title_en", "summary_ko", "summary_en", "description_ko",
    "description_en", "sector", "hub", "seats", "starts_on", "ends_on", "apply_by", "pay_amount",
    "pay_currency", "pay_period", "hours_per_week", "language", "min_toeic", "min_degree",
    "degree_is_required", "min_experience_months", "experience_is_required", "walks", "sponsor",
    "sponsor_name", "candidate_cost_note",
}  # fmt: skip


@transaction.atomic
def save_program(
    program: Program | None,
    *,
    by: User,
    organization: Organization | None = None,
    details: Mapping[str, Any] | None = None,
    duties: Sequence[Mapping[str, Any]] | None = None,
    requirements: Sequence[Mapping[str, Any]] | None = None,
    rule_facts: Mapping[str, Any] | None = None,
    **fields: Any,
) -> Program:
    """Make a draft (program None, organization given) or change a program.

    A draft may be incomplete; a published program must stay complete. `duties` and
    `requirements`, when given, replace the old ones; a requirement without `ref` gets the skill
    or credential that its words name.
    """
    if program is None:
        if organization is None or not account_permissions.can_edit_for(by, organization):
            raise PermissionDenied
        program = Program(organization=organization, created_by=by)
    else:
        program = Program.objects.select_for_update().get(pk=program.pk)
        if not permissions.can_edit(by, program):
            raise PermissionDenied
    unknown = set(fields) - EDITABLE
    if unknown:
        raise ValidationError(_("These fields cannot be changed here: %s") % ", ".join(unknown))
    for name, value in fields.items():
        setattr(program, name, value)
    if program.hub is not None:
        program.state = program.hub.state.code
    if program.agreement is not None and program.organization_id not in (
        program.agreement.korean_party_id, program.agreement.us_party_id
    ):  # fmt: skip
        raise ValidationError({"agreement": _("Choose an agreement of your own organization.")})
    published = program.status == Program.Status.PUBLISHED
    if details is not None or "kind" in fields:
        program.details = clean_details(
            program.kind, program.details if details is None else details, complete=published
        )
    if rule_facts is not None:
        program.rule_facts = _checked_facts(rule_facts)
    program.full_clean(exclude=["created_by"])
    program.save()
    if duties is not None:
        _replace(program, Duty, duties)
    if requirements is not None:
        _replace(program, Requirement, [_with_ref(row) for row in requirements])
    if published:
        _complete_or_refuse(program)
    given = {"details": details, "duties": duties, "requirements": requirements,
             "rule_facts": rule_facts}  # fmt: skip
    said = {*fields, *(name for name, value in given.items() if value is not None)}
    audit.record("program.saved", program, by=by, fields=sorted(said))
    reread(program)
    if published:
        changed(program)
        waiting.look_again(program, by=by)
    return program


def _with_ref(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "ref": row.get("ref") or ref_for(row["kind"], row["text"])}


def _replace(program: Program, model: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    children = [model(program=program, order=number, **row) for number, row in enumerate(rows)]
    for child in children:
        child.full_clean()
    model.objects.filter(program=program).delete()
    model.objects.bulk_create(children)


def _checked_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    known = {name: value for name, value in facts.items() if value is not None}
    for name, value in known.items():
        if not name.startswith("program."):
            raise ValidationError(_("%s is not a fact about a program.") % name)
        try:
            rules.parse_case({"program": {name.removeprefix("program."): value}})
        except (rules.UnknownFact, rules.WrongType) as error:
            raise ValidationError(str(error)) from error
        choices = rules.facts()[name].choices
        if choices and value not in choices:
            raise ValidationError(_("Choose one of the listed values."))
    typed = {name: rules.facts()[name].accept(value) for name, value in known.items()}
    if (clash := rules.contradiction(typed)) is not None:
        lang = get_language() or "ko"
        raise ValidationError(f"{rules.facts()[clash.fact].label(lang)}: {clash.text(lang)}")
    return known


def missing_to_publish(program: Program) -> dict[str, list[str]]:
    """What a program still lacks before it can be published: messages by field."""
    lacks: dict[str, list[str]] = {}

    def lack(name: str, message: str) -> None:
        lacks.setdefault(name, []).append(message)

    if program.hub_id is None:
        lack("hub", _("Choose the hub where the program takes place."))
    if program.sector_id is None:
        lack("sector", _("Choose the sector."))
    if program.starts_on is None:
        lack("starts_on", _("Give the first day."))
    if program.ends_on is None:
        lack("ends_on", _("Give the last day."))
    if not (program.summary_ko or program.summary_en):
        lack("summary_ko", _("Write a short summary in Korean or English."))
    if not program.pay_period or (
        program.pay_period != Program.PayPeriod.UNPAID and program.pay_amount is None
    ):
        lack("pay_amount", _("Say what is paid, or that the program is unpaid."))
    try:
        clean_details(program.kind, program.details, complete=True)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            for message in messages:
                lack(f"details.{name}", message)
    duties = list(program.duties.all())
    if not duties:
        lack("duties", _("List at least one duty."))
    elif program.kind == Kind.DISPATCH:
        shares = [duty.share_pct for duty in duties]
        if None in shares or sum(share or 0 for share in shares) != 100:
            lack("duties", _("The duties of a dispatch must add up to 100% of the time."))
    for name in examples.untouched(program):
        sentence = _("Still the example text. Replace it with your own words.")
        if name in EDITABLE:  # a kind's own field is named by whoever shows it
            label = capfirst(str(Program._meta.get_field(name).verbose_name))
            sentence = f"{label}: {sentence}"
        lack(name, sentence)
    return lacks


def _complete_or_refuse(program: Program) -> None:
    lacks = missing_to_publish(program)
    if lacks:
        raise ValidationError([message for messages in lacks.values() for message in messages])


_WITH_TIME = ("months_since_purchase",)  # what a kind's fields say of a day that has gone by


@transaction.atomic
def duplicate(program: Program, *, by: User) -> Program:
    """A new draft with what a program says, for the same host.

    Days are cleared. Applications, where it was taken from, and the answers for visa routes are
    not copied: a paper that was signed for one program is not signed for the next.
    """
    left = {"starts_on", "ends_on", "apply_by"}
    if program.agreement is not None and program.agreement.status in program.agreement.OVER:
        left.add("agreement")
    made = save_program(
        None,
        by=by,
        organization=program.organization,
        details={
            name: value for name, value in program.details.items() if name not in _WITH_TIME
        },
        duties=[_copied(duty, _DUTY) for duty in program.duties.all()],
        requirements=[_copied(need, _NEED) for need in program.requirements.all()],
        **{name: getattr(program, name) for name in EDITABLE - left},
    )
    audit.record("program.duplicated", made, by=by, of=program.pk)
    return made


_DUTY = ("text", "activity", "share_pct", "where", "paid_by", "place", "payer")
_NEED = ("kind", "text", "ref", "is_required")


def _copied(row: Any, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


@transaction.atomic
def publish(program: Program, *, by: User, day: date | None = None) -> Program:
    """Open a complete draft (or a closed program) to applications.

    That of a new host (see waiting.is_new) takes a place in staff's queue instead, and stays as it
    is until they have approved it (moderation.approve).
    """
    program = Program.objects.select_for_update().get(pk=program.pk)
    if not permissions.can_edit(by, program):
        raise PermissionDenied
    if program.organization.status == Organization.Status.REJECTED:
        raise ValidationError(
            _("Our staff could not verify your organization. Write to them; your draft is kept.")
        )
    if waiting.must_wait(program):
        _ready_or_refuse(program, day)
        waiting.ask(program, by=by)
        return program
    return open_to_applications(program, by=by, day=day)


def open_to_applications(program: Program, *, by: User, day: date | None = None) -> Program:
    """What publishing does once nothing stands against it. Call inside a transaction with the row
    locked, after `by`'s right was asked."""
    _ready_or_refuse(program, day)
    program.status = Program.Status.PUBLISHED
    program.published_at = timezone.now()
    program.closed_at = None
    program.save()
    audit.record("program.published", program, by=by)
    reread(program)
    changed(program)
    return program


def _ready_or_refuse(program: Program, day: date | None) -> None:
    _complete_or_refuse(program)
    day = day or timezone.localdate()
    if program.starts_on is not None and program.starts_on <= day:
        raise ValidationError(_("The first day is in the past. Choose a later one."))
    if program.apply_by is not None and program.apply_by < day:
        raise ValidationError(_("The last day to apply is in the past. Choose a later one."))


@transaction.atomic
def close(program: Program, *, by: User | None) -> Program:
    """Take no more applications. Those that are under way go on.

    A draft cannot be closed: what is closed is public, and a draft never was.
    """
    program = Program.objects.select_for_update().get(pk=program.pk)
    if by is not None and not permissions.can_edit(by, program):
        raise PermissionDenied
    if program.status == Program.Status.DRAFT:
        raise ValidationError(_("A draft was never open, so it cannot be closed."))
    program.status = Program.Status.CLOSED
    program.closed_at = timezone.now()
    program.save(update_fields=["status", "closed_at", "updated_at"])
    audit.record("program.closed", program, by=by)
    changed(program)
    return program


def changed(program: Program) -> None:
    """The lists of the last run are brought up to date (matching.refreshing). Call in the write's
    transaction."""
    outbox.put("matching.program_changed", key=f"program:{program.pk}", program_id=program.pk)


def reread(program: Program) -> None:
    """Read the text again; if it changed, ask for a vector in the same transaction."""
    before = program.text_hash
    program = Program.objects.prefetch_related(*texts.PREFETCH, *texts.NAMED).get(pk=program.pk)
    program.save(update_fields=texts.read(program))
    if program.text_hash != before:
        outbox.put("programs.embed", key=f"program:{program.pk}", ids=[program.pk])
