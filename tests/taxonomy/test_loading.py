"""The loader refuses data that contradicts itself, and says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from corridor.taxonomy import TaxonomyError
from corridor.taxonomy.loading import load

SECTORS = "slug\tko\ten\nsteel\t철강\tSteel\nshipbuilding\t조선\tShipbuilding\n"
SKILLS = (
    "id\tkind\ten\tko\taliases_en\taliases_ko\tsectors\tnear\toccupations\n"
    "welding\tprocess\twelding\t+용접\tweld\t용접 작업\t*\t\n"
    "tig\tprocess\tTIG welding\t티그용접\t=TIG\tTIG 용접\tsteel\twelding\n"
)
OCCUPATIONS = (
    "code\ten\tko\taliases_en\taliases_ko\tsectors\tskills\tkeco\tncs\n"
    "51-4121.00\tWelders\t용접원\twelder\t용접공\tsteel\twelding tig\t82\t16\n"
)
MAJORS = (
    "id\tgroup\ten\tko\taliases_en\taliases_ko\tsectors\n"
    "metals\tmaterials\tMetallurgy\t금속공학\t\t금속과\tsteel\n"
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "skills").mkdir()
    (tmp_path / "occupations").mkdir()
    for name, text in {
        "sectors.tsv": SECTORS,
        "groups.tsv": "key\tko\ten\nmaterials\t재료\tMaterials\n",
        "ambiguous.tsv": "table\talias\tids\tnote\n",
        "traps.tsv": "table\ttext\twhy\nskills\t+사용접수\t사용 + 접수\n",
        "skills/all.tsv": SKILLS,
        "occupations/all.tsv": OCCUPATIONS,
        "majors.tsv": MAJORS,
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_sound_data_loads_with_nearness_both_ways(data: Path) -> None:
    taxonomy = load(data).taxonomy
    assert taxonomy.skills["welding"].near == {"tig"}
    assert taxonomy.skills["welding"].sectors == ("steel", "shipbuilding")
    assert taxonomy.skills["tig"].aliases("en") == ("TIG",)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("tig\tprocess\tTIG again\t또 티그\t\t\tsteel\t", r"all\.tsv:4: tig is defined twice"),
        (
            "mig\tprocess\tMIG\t미그\t\tTIG 용접\tsteel\t",
            r"all\.tsv:4: .*taken by tig \(all\.tsv:3",
        ),
        ("mig\tprocess\tMIG\t미그\tmig welding; MIG WELDING\t\tsteel\t", r"listed twice"),
        ("mig\tprocess\tMIG\t미그\t\t\tspace\t", r"all\.tsv:4: unknown sector space"),
        ("mig\tprocess\tMIG\t미그\t\t\t\t", r"needs sectors"),
        ("mig\tprocess\tMIG\t\t\t\tsteel\t", r"lacks a name"),
        ("mig\tmagic\tMIG\t미그\t\t\tsteel\t", r"unknown kind 'magic'"),
        ("MIG!\tprocess\tMIG\t미그\t\t\tsteel\t", r"malformed id"),
        ("mig\tprocess\tMIG\t미그\t\t\tsteel\tno-such", r"bad near skill 'no-such'"),
        ("mig\tprocess\tMIG\t미그\t\t\tsteel\tmig", r"bad near skill 'mig'"),
        ("mig\tprocess\tMIG\t철\t\t\tsteel\t", r"too short"),
        ("mig\tprocess\tMIG\t미그\tC\t\tsteel\t", r"too short"),
        ("mig\tcertificate\tMIG\t미그\t\t\tsteel\t\t11-1111.11", r"unknown occupation 11-1111\.11"),
        ("mig\tprocess\tMIG\t미그\t\t\tsteel\t\t\textra", r"10 cells under 9 columns"),
    ],
)
def test_a_bad_skill_is_refused(data: Path, line: str, complaint: str) -> None:
    (data / "skills/all.tsv").write_text(SKILLS + line + "\n", encoding="utf-8")
    with pytest.raises(TaxonomyError, match=complaint):
        load(data)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("51-4122.00\tXray\t엑스\t\t\tsteel\tno-such\t\t", "unknown skills no-such"),
        ("51-4122.00\tXray\t엑스\t\t\tsteel\twelding welding\t\t", "listed twice"),
        ("51-4122\tX\t엑스\t\t\tsteel\twelding\t\t", "malformed id"),
        ("51-4122.00\tXray\t엑스\t\t\tsteel\twelding\t8231\t", "two digits"),
        ("51-4122.00\tXray\t엑스\twelder\t\tsteel\twelding\t\t", "already taken by 51-4121.00"),
    ],
)
def test_a_bad_occupation_is_refused(data: Path, line: str, complaint: str) -> None:
    (data / "occupations/all.tsv").write_text(OCCUPATIONS + line + "\n", encoding="utf-8")
    with pytest.raises(TaxonomyError, match=complaint):
        load(data)


def test_a_major_of_an_unknown_group_is_refused(data: Path) -> None:
    (data / "majors.tsv").write_text(MAJORS.replace("materials", "magic"), encoding="utf-8")
    with pytest.raises(TaxonomyError, match="unknown group 'magic'"):
        load(data)


def test_two_skills_may_share_a_spelling_only_where_it_is_listed_as_ambiguous(data: Path) -> None:
    line = "arc\tprocess\tarc welding\t아크용접\t\tTIG 용접\tsteel\t\n"
    (data / "skills/all.tsv").write_text(SKILLS + line, encoding="utf-8")
    with pytest.raises(TaxonomyError, match="already taken"):
        load(data)
    (data / "skills/all.tsv").write_text(SKILLS + line.replace("TIG 용접", "TIG용접"))
    with pytest.raises(TaxonomyError, match="already taken"):
        load(data)
    (data / "skills/all.tsv").write_text(SKILLS + line, encoding="utf-8")
    (data / "ambiguous.tsv").write_text(
        "table\talias\tids\tnote\nskills\tTIG 용접\ttig arc\twhy\n", encoding="utf-8"
    )
    assert ("tig", "arc") in {phrase.ids for phrase in load(data).skill_phrases}


def test_an_ambiguity_that_nobody_claims_is_refused(data: Path) -> None:
    (data / "ambiguous.tsv").write_text(
        "table\talias\tids\tnote\nskills\t아크\ttig welding\twhy\n", encoding="utf-8"
    )
    with pytest.raises(TaxonomyError, match="is no alias of tig"):
        load(data)


def test_a_trap_that_is_somebodys_alias_is_refused(data: Path) -> None:
    (data / "traps.tsv").write_text("table\ttext\twhy\nskills\tweld\toops\n", encoding="utf-8")
    with pytest.raises(TaxonomyError, match=r"traps\.tsv:2: 'weld' is already taken by welding"):
        load(data)


def test_a_missing_column_or_file_is_named(data: Path) -> None:
    (data / "majors.tsv").write_text("id\ten\tko\nx\ty\tz\n", encoding="utf-8")
    with pytest.raises(TaxonomyError, match=r"majors\.tsv:1: missing columns group sectors"):
        load(data)
    (data / "majors.tsv").unlink()
    with pytest.raises(TaxonomyError, match=r"majors\.tsv: cannot be read"):
        load(data)


def test_the_revision_changes_with_the_data(data: Path) -> None:
    before = load(data).taxonomy.revision
    assert load(data).taxonomy.revision == before
    with (data / "traps.tsv").open("a", encoding="utf-8") as file:
        file.write("skills\t화성시\tthe city\n")
    assert load(data).taxonomy.revision != before
