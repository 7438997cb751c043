from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings

from corridor.common import vectors
from corridor.common.models import VectorSpace
from corridor.candidates import texts as candidate_texts
from corridor.candidates.models import Candidate
from corridor.matching import queries
from corridor.programs import texts as program_texts
from corridor.programs.models import Program
from tests.matching.people import DAY, PlainEncoder, candidate, program

pytestmark = pytest.mark.django_db


def embed_all() -> None:
    encoder = PlainEncoder()
    VectorSpace.objects.update_or_create(
        pk=1, defaults={"model": "plain", "revision": "plain-1", "dimensions": 24}
    )
    for model, texts, text_of in (
        (Candidate, candidate_texts, candidate_texts.profile_text),
        (Program, program_texts, program_texts.program_text),
    ):
        ids = list(model.objects.values_list("pk", flat=True))
        vectors.embed(model, ids, text_of=text_of, prefetch=texts.PREFETCH, encoder=encoder)


def test_smoke():
    me = candidate(
        headline="배터리 공정 설비 유지보수, PLC 프로그래밍",
        skills_text="PLC, 용접, AutoCAD",
        educations=[{"degree": "bachelor", "major": "기계공학", "status": "enrolled", "ended_on": date(2027, 8, 31)}],
        toeic=820, kinds=["internship"], sectors=["batteries"], available_from=date(2027, 2, 1),
    )
    program(skills={"plc": True}, min_toeic=700, details={"field_of_study": "Mechanical engineering"})
    program("Quality internship", skills={"welding": False}, min_toeic=900)
    for provisional in (True, False):
        found = queries.programs_for(me, day=DAY)
        assert len(found) == 2
        for view in found:
            print(view.percent, view.headline, view.pathway_sentence)
            print([(p.label, p.points) for p in view.parts], sum(p.points for p in view.parts))
            print([(r.text, r.percent) for r in view.reasons])
            print([(r.text, r.percent) for r in view.gaps])
            assert view.is_provisional == provisional
        embed_all()
        me = Candidate.objects.get(pk=me.pk)
    print(queries.hubs_for(me, day=DAY)[0].reasons)
    me.visibility = "findable"; me.save()
    cards = queries.candidates_for(Program.objects.first(), day=DAY)
    print(cards, cards[0].skills, cards[0].degree, cards[0].headline)
    print(queries.match(me, Program.objects.first(), day=DAY).as_dict())
