"""People that were read become accounts and profiles, with nothing agreed to in their name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, models
from django.utils.translation import gettext as _

from corridor.accounts.models import User
from corridor.candidates import texts
from corridor.candidates.importing.reading import Person
from corridor.candidates.models import (
    Candidate,
    Education,
    HeldCredential,
    LanguageScore,
    Work,
)
from corridor.common.imports import Saved
from corridor.common.models import AuditEntry
from corridor.common.tables import Refusal

_LISTS: dict[str, type[models.Model]] = {
    "educations": Education, "works": Work, "credentials": HeldCredential,
    "languages": LanguageScore,
}  # fmt: skip
_READ = ["text_hash", "skill_ids", "occupation_ids", "term_ids"]
Note = Callable[[int, str, str], None]


def save(batch: Sequence[Person], *, source: str, note: Note) -> Saved:
    """Insert who is new, bring up to date who has not signed in yet. Call inside a transaction."""
    saved = Saved()
    known = {
        candidate.source_id: candidate
        for candidate in Candidate.objects.select_for_update(of=("self",))
        .filter(source=source, source_id__in=[person.source_id for person in batch])
        .select_related("user")
        .prefetch_related(*texts.PREFETCH)
    }
    taken = set(
        User.objects.filter(email__in=[person.email for person in batch]).values_list(
            "email", flat=True
        )
    )
    new: list[Person] = []
    for person in batch:
        candidate = known.get(person.source_id)
        if candidate is None:
            if person.email in taken:
                reason = _("An account has this e-mail already. Its owner keeps the profile.")
                saved.refused.append(Refusal(person.line, "email", reason))
            else:
                new.append(person)
        elif candidate.user.email != person.email:
            reason = _("This id was imported before with another e-mail. Check whose row it is.")
            saved.refused.append(Refusal(person.line, "email", reason))
        elif candidate.user.has_usable_password() or candidate.user.last_login:
            saved.unchanged += 1
            note(person.line, "", _("The person has signed in: their profile is left as it is."))
        elif _bring_up_to_date(candidate, person):
            saved.updated += 1
        else:
            saved.unchanged += 1
    _insert(new, source)
    saved.added = len(new)
    return saved


def _insert(new: Sequence[Person], source: str) -> None:
    if not new:
        return
    users = User.objects.bulk_create(
        User(email=person.email, password=make_password(None), **person.account) for person in new
    )
    candidates: list[Candidate] = []
    children: dict[str, list[Any]] = {name: [] for name in _LISTS}
    for person, user, pk in zip(new, users, _drawn(len(new)), strict=True):
        candidate = Candidate(
            pk=pk, user=user, source=source, source_id=person.source_id, **person.profile
        )
        _set_lists(candidate, person, children)
        texts.read(candidate)
        candidates.append(candidate)
    Candidate.objects.bulk_create(candidates)
    for name, model in _LISTS.items():
        model._default_manager.bulk_create(children[name])
    _audit("candidate.imported", candidates, source)


def _drawn(count: int) -> list[int]:
    """Ids drawn ahead, so what is read in a profile's text goes in with its row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [Candidate._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def _set_lists(candidate: Candidate, person: Person, children: dict[str, list[Any]]) -> None:
    made = {
        name: [model(candidate=candidate, **row) for row in person.lists[name]]
        for name, model in _LISTS.items()
    }
    candidate._prefetched_objects_cache = made  # type: ignore[attr-defined]
    for name, rows in made.items():
        children[name] += rows


def _bring_up_to_date(candidate: Candidate, person: Person) -> bool:
    """Set what the row says otherwise; False where nothing differs."""
    account = _different(candidate.user, person.account)
    profile = _different(candidate, person.profile)
    lists = [name for name in _LISTS if _said(candidate, name) != _sorted(person.lists[name])]
    if not (account or profile or lists):
        return False
    if account:
        candidate.user.save(update_fields=account)
    if lists:
        children: dict[str, list[Any]] = {name: [] for name in _LISTS}
        _set_lists(candidate, person, children)
        for name in _LISTS:
            _LISTS[name]._default_manager.filter(candidate=candidate).delete()
            _LISTS[name]._default_manager.bulk_create(children[name])
    texts.read(candidate)
    candidate.save(update_fields=[*profile, *_READ, "updated_at"])
    _audit("candidate.reimported", [candidate], candidate.source)
    return True


def _different(row: models.Model, fields: dict[str, Any]) -> list[str]:
    """Names of the fields that differ, which are set."""
    names = [name for name, value in fields.items() if getattr(row, name) != value]
    for name in names:
        setattr(row, name, fields[name])
    return names


def _said(candidate: Candidate, name: str) -> list[str]:
    """The rows of a list as the file would give them, without what it leaves to defaults."""
    return _sorted(
        [
            {field.name: getattr(child, field.name) for field in child._meta.concrete_fields
             if field.name not in ("id", "candidate")}
            for child in getattr(candidate, name).all()
        ]
    )  # fmt: skip


_USUAL = (("country", "KR"),)  # the models' own default


def _sorted(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Rows as comparable texts: defaults and empties do not count, numbers compare as numbers."""
    said = []
    for row in rows:
        kept = {
            name: float(value) if name == "score" else str(value)
            for name, value in row.items()
            if value not in (None, "") and (name, value) not in _USUAL
        }
        said.append(repr(sorted(kept.items())))
    return sorted(said)


def _audit(action: str, candidates: Sequence[Candidate], source: str) -> None:
    AuditEntry.objects.bulk_create(
        AuditEntry(
            action=action, subject_type=Candidate._meta.label, subject_id=str(candidate.pk),
            values={"source": source},
        )
        for candidate in candidates
    )
