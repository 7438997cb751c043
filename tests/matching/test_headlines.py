"""The first sentence of a match says no more than the number beside it."""

from __future__ import annotations

import pytest
from django.utils import translation

from corridor.matching.headlines import FITS, HARDLY, NEAREST, headline
from corridor.web.templatetags.corridor_cards import MOST_POINTS, score_parts

YEARS = ("experience", {"months": 72, "need_months": 36})
SKILLS = ("skills_held", {"skills": ["plc-programming"]})
MUST = ("add_must_skill", {"skills": ["tab-welding"]})
OUTRIGHT = {"en": "fit the core work", "ko": "핵심 업무와 맞습니다"}


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("percent", [0, 5, HARDLY - 1, HARDLY, FITS - 1])
def test_a_low_number_is_never_called_a_fit_to_the_core_work(lang, percent):
    with translation.override(lang):
        said = headline("dispatch", [YEARS, SKILLS], percent=percent)
    assert OUTRIGHT[lang] not in said
    assert ("Little in the profile" in said) == (lang == "en" and percent < HARDLY)
    assert "6" in said and "PLC" in said  # yet what is nearest is told


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_high_number_is_called_a_fit_unless_a_must_is_missing(lang):
    with translation.override(lang):
        assert OUTRIGHT[lang] in headline("dispatch", [YEARS, SKILLS], percent=FITS)
        said = headline("dispatch", [YEARS, SKILLS], percent=98, lacking=[MUST])
    assert OUTRIGHT[lang] not in said
    assert ("welding" if lang == "en" else "웰딩") in said.lower()


def test_what_is_only_wished_for_by_the_host_is_no_must():
    with translation.override("en"):
        wished = headline("dispatch", [SKILLS], percent=80, lacking=[("add_skill", MUST[1])])
        degree = ("unmet_degree", {"degree": 2})
        unmet = headline("dispatch", [SKILLS], percent=80, lacking=[degree])
    assert "must" not in wished.lower()
    assert "A must here, but not in the profile: " in unmet


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_whatever_speaks_for_a_pair_has_its_words_at_every_number(lang):
    told = {
        "experience": YEARS, "skills": SKILLS,
        "field": ("field", {"majors": ["mechanical-engineering"]}),
        "occupation": ("occupation", {"occupations": ["15-1211.00"]}),
        "certificates": ("certificates", {"skills": ["osha-10-30"]}),
        "sector": ("skills_sector", {"skills": ["plc-programming"], "sector": "batteries"}),
        "credentials": ("credentials", {"credentials": ["전기기능사"]}),
        "text": ("text", {}), "wishes": ("wish_hub", {"hub": "savannah"}),
    }  # fmt: skip
    assert set(NEAREST) - set(told) == {"experience_skills", "field_skills"}
    for reason in (*told.values(), ("english", {})):
        for percent in (0, 20, 90):
            with translation.override(lang):
                said = headline("internship", [reason], percent=percent, lacking=[MUST])
            assert said.endswith(".") and "%" not in said, (reason, percent)


def test_a_bar_is_as_long_as_what_its_part_adds():
    parts = [{"label": "Degree", "value": 0}, {"label": "Skills", "value": MOST_POINTS}]
    drawn = score_parts(parts)
    assert 'class="bar__fill" width="0"' in drawn and 'class="bar__fill" width="100"' in drawn
    halved = score_parts([{"label": "Skills", "value": MOST_POINTS / 2}])
    assert 'class="bar__fill" width="50"' in halved
