"""Postings that were read become programs, or bring known ones up to date."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts.models import Organization
from corridor.common.imports import Saved
from corridor.common.tables import Refusal
from corridor.programs import texts
from corridor.programs.importing.reading import Posting
from corridor.programs.models import Program

SYSTEM_SLUG = "imported-postings"
_WRITTEN = [
    "kind", "status", "title_ko", "title_en", "summary_ko", "summary_en", "description_ko",
    "description_en", "sector", "hub", "state", "place_text", "seats", "starts_on", "ends_on",
    "apply_by", "pay_amount", "pay_currency", "pay_period", "hours_per_week", "min_degree",
    "min_toeic", "external_host", "source_url", "published_at", "closed_at", "updated_at",
    "text_hash", "skill_ids", "occupation_ids", "term_ids", "search_head",
]  # fmt: skip


def system_organization() -> Organization:
    """The unverified organization under which postings of non-members stand."""
    made, _new = Organization.objects.get_or_create(
        slug=SYSTEM_SLUG,
        defaults={
            "kind": Organization.Kind.PUBLIC_AGENCY, "country": "US",
            "name_en": "Imported postings", "name_ko": "가져온 공고",
            "about_en": "Postings taken from public sources. Their hosts are not members here.",
            "about_ko": "공개된 자료에서 가져온 공고입니다. 공고를 낸 기관은 회원이 아닙니다.",
        },
    )  # fmt: skip
    return made


def save(batch: Sequence[Posting], *, source: str, organization: Organization) -> Saved:
    """Insert what is new, update what differs. Call inside a transaction."""
    known = {
        program.source_id: program
        for program in Program.objects.select_for_update(of=("self",))
        .filter(source=source, source_id__in=[posting.source_id for posting in batch])
        .select_related("hub", "sector")
        .prefetch_related(*texts.PREFETCH)
    }
    saved = Saved()
    new: list[Program] = []
    changed: list[Program] = []
    for posting in batch:
        program = known.get(posting.source_id)
        if program is None:
            new.append(_made(posting, source, organization))
        elif program.organization_id != organization.pk:
            reason = _("This posting was imported before under another organization. Give another "
                       "--source.")  # fmt: skip
            saved.refused.append(Refusal(posting.line, "id", reason))
        elif _bring_up_to_date(program, posting):
            changed.append(program)
        else:
            saved.unchanged += 1
    if new:
        _insert(new)
    if changed:
        Program.objects.bulk_update(changed, _WRITTEN, batch_size=100)
    saved.added, saved.updated = len(new), len(changed)
    return saved


def _made(posting: Posting, source: str, organization: Organization) -> Program:
    program = Program(
        organization=organization, source=source, source_id=posting.source_id, **posting.fields
    )
    now = timezone.now()
    program.published_at = program.published_at or now
    program.closed_at = now if program.status == Program.Status.CLOSED else None
    return program


def _insert(new: list[Program]) -> None:
    """In one statement. Ids are drawn first, so what is read in a text goes in with its row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [Program._meta.db_table, len(new)],
        )
        drawn = [row[0] for row in cursor.fetchall()]
    for program, pk in zip(new, drawn, strict=True):
        program.pk = pk
        program._prefetched_objects_cache = {name: [] for name in texts.PREFETCH}  # type: ignore[attr-defined]
        texts.read(program)
    Program.objects.bulk_create(new)


def _bring_up_to_date(program: Program, posting: Posting) -> bool:
    """Set what the row says otherwise; False where nothing differs."""
    fields = {**posting.fields}
    if fields["published_at"] is None:  # the row does not say: the day of the first import stays
        del fields["published_at"]
    if program.status == Program.Status.DRAFT:  # staff took it down: no import opens it again
        fields = {k: v for k, v in fields.items() if k not in ("status", "published_at")}
    different = [name for name, value in fields.items() if getattr(program, name) != value]
    if not different:
        return False
    if "status" in different:
        closing = fields["status"] == Program.Status.CLOSED
        program.closed_at = timezone.now() if closing else None
    for name in different:
        setattr(program, name, fields[name])
    program.updated_at = timezone.now()
    texts.read(program)
    return True
