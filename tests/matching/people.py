"""A few plain candidates and programs for these tests. All invented."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import numpy as np

from corridor.accounts.models import Organization, User
from corridor.candidates import texts as candidate_texts
from corridor.candidates.models import Candidate, Education, HeldCredential, LanguageScore, Work
from corridor.places.models import Hub, Sector, State
from corridor.programs import texts as program_texts
from corridor.programs.models import Duty, Program, Requirement

DAY = date(2026, 11, 23)
DIMENSIONS = 24


class PlainEncoder:
    """Stands in for a model where a test is about plumbing: equal words, near vectors."""

    class info:
        name = "plain"
        revision = "plain-1"
        dimensions = DIMENSIONS

    def encode(self, texts: Any, *, kind: Any = "passage", progress: Any = None) -> np.ndarray:
        made = np.full((len(texts), DIMENSIONS), 1e-3, np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                digest = hashlib.blake2b(word.encode(), digest_size=2).digest()
                made[row, int.from_bytes(digest, "big") % DIMENSIONS] += 1
        return made / np.linalg.norm(made, axis=1, keepdims=True)


def sector(slug: str = "batteries") -> Sector:
    made, _new = Sector.objects.get_or_create(
        slug=slug,
        defaults={"name_ko": slug, "name_en": slug, "summary_ko": "-", "summary_en": "-",
                  "order": Sector.objects.count()},
    )  # fmt: skip
    return made


def hub(slug: str = "savannah", state: str = "GA") -> Hub:
    names = {"name_en": state, "name_ko": state}
    of, _new = State.objects.get_or_create(code=state, defaults=names)
    made, _new = Hub.objects.get_or_create(
        slug=slug,
        defaults={
            "name_ko": slug, "name_en": slug.title(), "city": slug, "state": of, "latitude": 32.1,
            "longitude": -81.1, "timezone": "America/New_York", "summary_ko": "-",
            "summary_en": "-", "source_title": "-", "evidence": "background", "as_of": DAY,
        },
    )  # fmt: skip
    return made


def host(slug: str = "sample-host", **fields: Any) -> Organization:
    made, _new = Organization.objects.get_or_create(
        slug=slug, defaults={"kind": "firm", "country": "US", "name_en": slug, "name_ko": slug,
                             "status": "verified", **fields},
    )  # fmt: skip
    return made


def candidate(
    email: str = "kim@example.org",
    *,
    educations: list[dict[str, Any]] | None = None,
    works: list[dict[str, Any]] | None = None,
    credentials: list[str] | None = None,
    toeic: int | None = None,
    **fields: Any,
) -> Candidate:
    user = User.objects.create(email=email, name="김견본")
    made = Candidate.objects.create(user=user, **{"walk": "student", "nationality": "KR", **fields})
    for study in educations or []:
        Education.objects.create(candidate=made, institution="견본대학교", **study)
    for work in works or []:
        Work.objects.create(candidate=made, **{"employer": "견본회사", "related": True, **work})
    for name in credentials or []:
        HeldCredential.objects.create(candidate=made, name=name)
    if toeic is not None:
        LanguageScore.objects.create(
            candidate=made, test="toeic", score=toeic, taken_on=date(2026, 5, 1)
        )
    made.save(update_fields=candidate_texts.read(made))
    return made


def program(
    title: str = "Equipment maintenance internship",
    *,
    skills: dict[str, bool] | None = None,
    credentials: dict[str, bool] | None = None,
    duties: list[dict[str, Any]] | None = None,
    **fields: Any,
) -> Program:
    made = Program.objects.create(
        organization=fields.pop("organization", None) or host(),
        **{
            "kind": "internship", "status": "published", "title_en": title, "sector": sector(),
            "hub": hub(), "state": "GA", "starts_on": date(2027, 3, 1),
            "ends_on": date(2028, 2, 28), **fields,
        },
    )  # fmt: skip
    for name, must in (skills or {}).items():
        Requirement.objects.create(
            program=made, kind="skill", text=name, ref=name, is_required=must
        )
    for name, must in (credentials or {}).items():
        Requirement.objects.create(program=made, kind="credential", text=name, is_required=must)
    for duty in duties or []:
        Duty.objects.create(program=made, **duty)
    made.save(update_fields=program_texts.read(made))
    return made


def embed_everything(encoder: Any | None = None) -> int:
    from corridor.matching import spaces

    return spaces.embed_stale(encoder=encoder or PlainEncoder())
