"""What the taxonomy holds and how its parts are joined."""

from __future__ import annotations

import pytest

from corridor import taxonomy

# Middle groups of KECO 2018 and major groups of NCS that occupations of the sectors belong to.
KECO = set("01 02 03 11 12 13 14 15 21 22 30 41 61 62 70 81 82 83 84 85 87 88 89".split())
NCS = {f"{number:02d}" for number in range(1, 25)}


def test_it_is_as_large_as_the_twelve_sectors_need() -> None:
    assert len(taxonomy.sectors()) == 12
    assert len(taxonomy.skills()) >= 900
    assert len(taxonomy.occupations()) >= 250
    assert len(taxonomy.majors()) >= 150


@pytest.mark.parametrize("sector", list(taxonomy.sectors()))
def test_every_sector_has_skills_certificates_occupations_and_majors(sector: str) -> None:
    own = [one for one in taxonomy.skills() if sector in one.sectors and len(one.sectors) <= 4]
    assert len(own) >= 40
    assert any(one.kind == "certificate" for one in own)
    assert sum(sector in one.sectors for one in taxonomy.occupations()) >= 20
    assert sum(sector in one.sectors for one in taxonomy.majors()) >= 5


def test_every_name_and_alias_is_found_as_the_concept_it_belongs_to() -> None:
    ambiguous = {"의장", "용선", "transformer", "GIS", "GCP", "DFT", "6G", "공정 설계"} | {
        "3G",
        "4G",
        "AWS",
        "패키징 공정",
        "분자동역학",
        "molecular dynamics",
        "leak detection",
    }
    missed = []
    for table, find in (
        (taxonomy.skills(), taxonomy.find_skills),
        (taxonomy.occupations(), taxonomy.find_occupations),
        (taxonomy.majors(), taxonomy.find_majors),
    ):
        for one in table:
            for written in (one.ko, one.en, *one.aliases_ko, *one.aliases_en):
                if one.id not in ids(find(written)) and written not in ambiguous:
                    missed.append((one.id, written))
    assert missed == []


def test_related_skills_are_related_both_ways_and_never_to_themselves() -> None:
    for one in taxonomy.skills():
        near = taxonomy.related(one.id)
        assert one.id not in near
        assert all(one.id in taxonomy.related(other) for other in near)
    assert "welding" in taxonomy.related("gtaw-welding")


def test_most_skills_are_near_another() -> None:
    alone = [one.id for one in taxonomy.skills() if not one.near]
    assert len(alone) < len(taxonomy.skills()) * 0.15


def test_certificates_join_the_korean_worker_to_the_us_trade() -> None:
    craftsman = taxonomy.skill("kr-welding-craftsman")
    assert craftsman.name("ko") == "용접기능사"
    assert {"welding", "aws-d1-1"} <= taxonomy.related(craftsman.id)
    assert taxonomy.occupations_for(craftsman.id)[0] == "51-4121.00"
    assert "journeyman-electrician" in taxonomy.related("kr-electricity-craftsman")
    assert "faa-a-and-p" in taxonomy.related("kr-airframe-maintenance-craftsman")


def test_occupations_carry_their_codes_titles_and_typical_skills() -> None:
    welder = taxonomy.occupation("51-4121.00")
    assert welder.soc == "51-4121.00"
    assert welder.name("en") == "Welders, Cutters, Solderers, and Brazers"
    assert welder.name("ko") == "용접원"
    assert welder.skills[0] == "welding"
    assert "welder" in welder.aliases("en")
    for one in taxonomy.occupations():
        assert one.skills
        assert not one.keco or one.keco in KECO
        assert not one.ncs or one.ncs in NCS


def test_a_query_in_one_language_brings_the_words_of_the_other() -> None:
    assert {"용접", "welding", "welder"} <= set(taxonomy.expand("용접"))
    assert "용접" in taxonomy.expand("welding")
    assert {"용접원", "용접", "welding"} <= set(taxonomy.expand("welder"))
    assert {"welder", "AWS D1.1 structural welding certification"} <= set(
        taxonomy.expand("용접기능사")
    )
    assert "Naval Architecture and Ocean Engineering" in taxonomy.expand("조선해양공학과")
    assert {"양극재", "cathode materials"} <= set(taxonomy.expand("부산 양극재 일자리"))


def test_expansion_is_bounded_distinct_and_free_of_marks() -> None:
    long_query = " ".join(one.ko for one in taxonomy.skills()[:80])
    words = taxonomy.expand(long_query)
    assert 0 < len(words) <= 24
    assert len({word.lower() for word in words}) == len(words)
    assert not any(word.startswith(("+", "!", "=", "?", "~")) for word in words)


def test_names_and_aliases_show_no_marks() -> None:
    for table in (taxonomy.skills(), taxonomy.occupations(), taxonomy.majors()):
        for one in table:
            for written in (one.en, one.ko, *one.aliases("en"), *one.aliases("ko")):
                assert not written.startswith(("+", "!", "=", "?", "~")), written


def test_the_taxonomy_is_read_once_and_its_revision_is_stable() -> None:
    assert taxonomy.load() is taxonomy.load()
    assert taxonomy.revision() == taxonomy.load().revision
    assert len(taxonomy.revision()) == 16


def test_an_unknown_id_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        taxonomy.skill("no-such-skill")
    with pytest.raises(KeyError):
        taxonomy.related("no-such-skill")
    with pytest.raises(KeyError):
        taxonomy.occupation("99-9999.99")


def ids(found: list[taxonomy.Found]) -> set[str]:
    return {one.id for one in found}
