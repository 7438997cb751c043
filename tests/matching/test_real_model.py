"""With the model that ships: Korean profiles find the English postings about their work."""

from __future__ import annotations

import pytest

from corridor import embeddings
from corridor.candidates.models import Candidate
from corridor.matching import queries
from tests.matching.people import DAY, candidate, embed_everything, program, sector

pytestmark = pytest.mark.django_db


def test_a_korean_profile_finds_the_english_posting_that_is_about_the_same_work():
    own = {
        "welder": ("배관 용접 8년, 알곤(TIG) 용접과 취부", "Pipe welder for shipyard blocks"),
        "bio": ("임상시험 자료 관리와 세포 배양 실험", "Cell culture and clinical data"),
        "grid": ("변압기 시험과 배전반 유지보수", "Power transformer testing and switchgear"),
    }  # fmt: skip
    for title in own.values():
        program(title[1], sector=sector(), kind="training")
    people = {name: candidate(f"{name}@example.org", headline=texts[0], walk="technician")
              for name, texts in own.items()}  # fmt: skip
    embed_everything(embeddings.load())
    for name, person in people.items():
        best = queries.programs_for(Candidate.objects.get(pk=person.pk), day=DAY)[0]
        assert best.program.title_en == own[name][1]
        assert not best.is_provisional
