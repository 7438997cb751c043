"""What changed in the rules, in words: between two data sets, and between two days of the law."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from corridor.rules import archives, saying
from corridor.rules.comparing import Difference, compare, compare_files, history
from corridor.rules.loading import DATA, Dataset, load
from corridor.rules.statements import statements
from tests.rules.test_loading import line_of, spoil

DAY = date(2026, 11, 27)


@cache
def whole() -> Dataset:
    """The data as it stands, read once for these tests."""
    return load()


def after(data: Path, *, day: date = DAY) -> list[Difference]:
    return compare(whole(), load(data), day=day)


def only(data: Path, *, day: date = DAY) -> Difference:
    (made,) = after(data, day=day)
    return made


def test_a_data_set_says_nothing_otherwise_than_itself() -> None:
    assert compare(whole(), whole(), day=DAY) == []


def test_a_threshold_is_told_with_the_facts_own_words_citation_evidence_and_line(
    data: Path,
) -> None:
    path = data / "pathways" / "j1_intern.yaml"
    spoil(path, "duration_months, at_most: 12", "duration_months, at_most: 18")
    made = only(data)
    assert made.heading("en") == "J-1 Intern · requirement: duration"
    assert made.lines("en") == ["what is asked: duration: at most 12 months → at most 18 months"]
    assert made.lines("ko") == ["요건: 기간: 12개월 이하 → 18개월 이하"]
    assert made.grounds("en") == "22 CFR 62.22(k) (read in the law’s own text)"
    assert (made.file, made.line) == ("pathways/j1_intern.yaml", line_of(path, "id: duration"))
    assert made.effective == "on_day"
    told = made.as_dict("en")
    assert told["before"]["citation"] == told["after"]["citation"] == "22 CFR 62.22(k)"
    assert told["of"] == ["j1_intern"]


def test_how_sure_a_statement_is_and_what_it_cites_are_told_too(data: Path) -> None:
    spoil(
        data / "pathways" / "j1_intern.yaml",
        "citation: 22 CFR 62.22(k)\n  evidence: primary",
        "citation: 22 CFR 62.22(kk)\n  evidence: background",
    )
    assert only(data).grounds("en") == (
        "22 CFR 62.22(k) (read in the law’s own text) → "
        "22 CFR 62.22(kk) (not checked against any text)"
    )


def test_a_new_version_that_begins_later_is_the_only_difference_and_says_from_when(
    data: Path,
) -> None:
    path = data / "pathways" / "j1_intern.yaml"
    head, mark, rest = path.read_text("utf-8").partition("- id: duration\n")
    body, gap, tail = rest.partition("\n- {use: english_verified}")
    new = body.replace("at_most: 12", "at_most: 18")
    path.write_text(
        f"{head}{mark}  until: 2027-05-31\n{body}\n- id: duration\n  from: 2027-06-01\n"
        f"{new}{gap}{tail}",
        "utf-8",
    )
    made = only(data)
    assert (made.effective, made.since, made.until) == ("later", date(2027, 6, 1), None)
    assert made.lines("en") == ["what is asked: duration: at most 12 months → at most 18 months"]
    assert only(data, day=date(2027, 6, 1)).effective == "on_day"


def test_a_change_of_the_past_is_called_past(data: Path) -> None:
    spoil(data / "changes" / "h1b_payment.yaml", "need $100,000 (Proc", "need $10,000 (Proc")
    made = only(data)
    assert (made.effective, made.since, made.until) == (
        "past", date(2025, 9, 21), date(2026, 6, 7),
    )  # fmt: skip


SMALL_CHANGES = [
    ("pathways/h3.yaml", "state: in_force", "state: suspended", "state: in force → suspended"),
    ("pathways/e2.yaml", "max_months: 24", "max_months: 36", "longest stay (months): 24 → 36"),
    ("pathways/e2.yaml", "volatility: low", "volatility: high",
     "volatility: seldom changes → changes often"),
    ("shared/fees.yaml", "payer: participant", "payer: school", "paid by: participant → school"),
    ("shared/fees.yaml", "usd: 220", "usd: 1250.5", "amount: $220 → $1,250.5"),
    ("credentials/welder.yaml", "level: exam", "level: full",
     "recognition: U.S. exam or training needed → recognized in full"),
    ("facts/program.yaml", "en: hours a week", "en: weekly hours",
     "name: hours a week → weekly hours"),
    ("shared/sources.yaml", "as_of: '2025-01-27'", "as_of: '2026-01-27'",
     "as of: 2025-01-27 → 2026-01-27"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "says"), SMALL_CHANGES,
                         ids=[each[3] for each in SMALL_CHANGES])  # fmt: skip
def test_one_changed_value_is_told_in_words(
    data: Path, file: str, old: str, new: str, says: str
) -> None:
    spoil(data / file, old, new)
    found = after(data)
    assert any(says in made.lines("en") for made in found), [made.text("en") for made in found]
    assert all(made.text("ko") != made.text("en") for made in found)


def test_of_a_list_only_what_came_and_went_is_told(data: Path) -> None:
    spoil(data / "pathways" / "h3.yaml", "documents: [", "documents: [english, ")
    assert only(data).lines("en") == [
        f"documents: + {whole_document('english')}",
    ]


def whole_document(key: str) -> str:
    pathway = next(p for p in whole().pathways.values() if p.id == "j1_intern")
    return next(
        saying.value(doc, whole().facts).en
        for doc in pathway.documents
        if "English" in doc.text.en and key == "english"
    )


def test_a_shared_requirement_is_told_once_for_all_pathways_that_take_it(data: Path) -> None:
    spoil(
        data / "shared" / "requirements.yaml",
        "is: true}\n  severity: hard\n  on_fail: conditional",
        "is: true}\n  severity: soft",
    )
    made = only(data)
    assert {"j1_intern", "j1_trainee"} <= set(made.owners)
    assert made.file == "shared/requirements.yaml"
    assert made.lines("en") == ["severity: a must that can still be put right → a condition"]


def test_a_pathway_that_comes_or_goes_is_one_difference(data: Path) -> None:
    (data / "pathways" / "tn.yaml").unlink()
    made = only(data)
    assert (made.kind, made.owners) == ("removed", ("tn",))
    assert "state: in force" in made.lines("en")
    (back,) = compare(load(data), whole(), day=DAY)
    assert (back.kind, back.owners) == ("added", ("tn",))


def test_a_state_rule_of_a_credential_names_its_states(data: Path) -> None:
    spoil(data / "credentials" / "electrician.yaml", "en: Texas licenses", "en: Texas now licenses")
    made = only(data)
    assert made.part == "state" and "TX" in made.title.en
    assert "Texas now licenses" in made.text("en")


def test_that_something_was_only_checked_again_is_told_apart(data: Path) -> None:
    spoil(data / "pathways" / "tn.yaml", "checked_on: 2026-11-23", "checked_on: 2026-11-30")
    found = after(data)
    assert {made.kind for made in found} == {"checked"}
    assert found[0].lines("en") == ["checked on: 2026-11-23 → 2026-11-30"]


def test_comments_and_order_change_nothing(data: Path) -> None:
    path = data / "pathways" / "h3.yaml"
    text = path.read_text("utf-8")
    turned = text.replace("sources: [S1, S3]", "sources: [S3, S1]")
    path.write_text(f"# a remark\n{turned}", "utf-8")
    assert [made for made in after(data) if made.kind != "checked"] == []


def test_every_sentence_of_the_data_is_compared(data: Path) -> None:
    """A new kind of statement that nobody taught the comparison would pass unseen: each English
    text gets a mark of its own, and every mark must come back in some difference."""
    marks: dict[str, str] = {}

    def mark(found: re.Match[str]) -> str:
        made = f"⟦{len(marks)}⟧"
        marks[made] = found.string[found.start() : found.start() + 60]
        return f"en: {found[1]}{made} "

    for path in data.rglob("*.yaml"):
        if path.parent.name == "papers":
            continue  # templates of papers, not statements of the law
        path.write_text(re.sub(r"\ben: (['\"]?)", mark, path.read_text("utf-8")), "utf-8")
    told = " ".join(
        text.en
        for made in after(data)
        for aspect in made.aspects
        for text in aspect.after
    )  # fmt: skip
    unseen = {key: text for key, text in marks.items() if key not in told}
    assert len(marks) > 1000
    assert not unseen, f"{len(unseen)} of {len(marks)}: {list(unseen.values())[:20]}"


def test_every_aspect_has_a_name_in_korean() -> None:
    names = {
        name
        for statement in statements(whole())
        for version in statement.versions
        for name in version.aspects
    }
    assert names <= set(saying.LABELS), sorted(names - set(saying.LABELS))


# --- two days of one data set -------------------------------------------------------------------


def test_the_history_of_a_payment_is_told_step_by_step() -> None:
    steps = [
        (made.since, made.kind)
        for made in history(whole(), day=date(2025, 9, 20), until=date(2027, 9, 22))
        if made.owners == ("h1b_proclamation",)
    ]
    assert steps == [
        (date(2025, 9, 21), "begins"), (date(2026, 6, 8), "changed"),
        (date(2026, 9, 21), "changed"), (date(2027, 9, 22), "ends"),
    ]  # fmt: skip


def test_between_two_days_without_a_cut_nothing_happens() -> None:
    assert history(whole(), day=date(2026, 6, 8), until=date(2026, 6, 9)) == []


def test_a_day_itself_is_not_part_of_what_follows_it_but_the_last_day_is() -> None:
    cut = date(2026, 6, 8)
    assert history(whole(), day=cut, until=cut) == []
    assert {each.since for each in history(whole(), day=date(2026, 6, 7), until=cut)} == {cut}


# --- files --------------------------------------------------------------------------------------


def test_files_are_compared_line_by_line(data: Path) -> None:
    old = archives.contents(DATA)
    path = data / "pathways" / "h3.yaml"
    spoil(path, "volatility: low", "volatility: medium")
    (data / "pathways" / "tn.yaml").unlink()
    (data / "pathways" / "new.yaml").write_text("id: new\n")
    found = {each.file: each for each in compare_files(old, archives.contents(data))}
    line = line_of(path, "volatility: medium")
    assert found["pathways/h3.yaml"].gone == ((line, "volatility: low"),)
    assert found["pathways/h3.yaml"].come == ((line, "volatility: medium"),)
    assert found["pathways/tn.yaml"].kind == "removed"
    assert found["pathways/new.yaml"].kind == "added"
    assert len(found) == 3


def test_an_archive_brings_back_the_very_files(data: Path) -> None:
    with archives.unpacked(archives.pack(data)) as again:
        assert archives.contents(again) == archives.contents(data)
        assert load(again).revision == load(data).revision


def test_a_condition_is_said_before_what_it_asks(data: Path) -> None:
    path = data / "pathways" / "j1_intern.yaml"
    spoil(path, "at_most: 12}\n  when:", "at_most: 18}\n  when:")
    (line,) = only(data).lines("en")
    assert line.count("“") == 2 and line.count("”") == 2
    assert "where “student or graduate status" in line
    assert line.endswith("at most 18 months")
