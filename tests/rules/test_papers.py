"""The papers of a dispatch: nothing is invented, and what is not known stays a visible blank."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from corridor import rules
from corridor.rules import duties
from corridor.rules.loading import DATA, load

KNOWN = {
    "program.equipment_seller_location": "outside_us",
    "program.sales_contract_requires_seller_service": True,
    "program.paid_from_us_source": False,
    "program.stationed_at_third_party_site_controlled_by_client": False,
}
GROUNDS = ("b1_installer", "b1_supervise_train_construction", "b1_business")


def letter(ground="b1_installer", values=None, facts=KNOWN, kinds=("install", "train")) -> str:
    paragraphs = rules.support_letter(ground, values or {}, facts=facts, kinds=kinds)
    return "\n\n".join(map(str, paragraphs))


def test_what_is_known_is_written_and_what_is_not_is_a_blank_to_fill_in():
    said = letter(values={"seller": "Sample Moram Tech", "equipment": "a slot-die coater"})
    assert said.startswith("Sample Moram Tech\n[to be filled: company address and contact]")
    assert "the following equipment to [to be filled: U.S. company that bought" in said
    assert ": a slot-die coater." in said
    assert "“[to be filled: the clause, copied word for word from the contract]”" in said


@pytest.mark.parametrize(
    ("fact", "sentence", "blank"),
    [
        ("program.equipment_seller_location", "We are a company outside the United States.",
         "[to be filled: confirm that the seller is a company outside"),
        ("program.sales_contract_requires_seller_service",
         "The contract of sale specifically requires us, the seller",
         "[to be filled: confirm that the contract of sale specifically requires"),
        ("program.paid_from_us_source",
         "receives no salary or other remuneration from a U.S. source",
         "[to be filled: confirm that no salary comes"),
        ("program.stationed_at_third_party_site_controlled_by_client",
         "works under our direction and not the customer’s", "[to be filled: confirm that our"),
    ],
)  # fmt: skip
def test_a_fact_is_stated_only_where_it_is_known(fact: str, sentence: str, blank: str):
    assert sentence in letter() and blank not in letter()
    unknown = letter(facts={name: value for name, value in KNOWN.items() if name != fact})
    assert sentence not in unknown and blank in unknown
    opposite: Any = {"outside_us": "us"}.get(KNOWN[fact])
    contrary = letter(facts={**KNOWN, fact: opposite or (not KNOWN[fact])})
    assert sentence not in contrary


def test_what_people_typed_is_never_read_for_blanks():
    said = letter(values={"seller": "Firm {clause} {nothing}"})
    assert "Firm {clause} {nothing}" in said


def test_the_letter_keeps_to_the_ground_of_the_visit():
    assert "supervising or training others" in letter("b1_supervise_train_construction")
    assert "contract of sale" not in letter("b1_supervise_train_construction")
    assert "consultations and meetings" in letter("b1_business")
    for ground in GROUNDS:
        assert "will not perform building or construction work" in letter(ground)


def test_the_letter_names_trainees_only_where_somebody_is_trained():
    assert "U.S. workers to be trained" in letter()
    assert "U.S. workers to be trained" not in letter(kinds=("install",))


def test_the_annotation_is_asked_for_only_in_an_investment_project():
    assert "KIT" not in letter()
    assert "KIT" in letter(facts={**KNOWN, "program.us_investment_project": True})


def test_every_paragraph_says_in_both_languages_why_it_is_there():
    for ground in GROUNDS:
        for paragraph in rules.support_letter(ground, {}, facts=KNOWN, kinds=["train"]):
            assert paragraph.part.why.ko and paragraph.part.why.en
            assert paragraph.part.backing.citation


def test_the_checklist_is_in_order_and_says_what_not_to_do_on_site():
    phases = rules.traveler_checklist("b1_installer", facts=KNOWN, kinds=["install"])
    titles = [english for _korean, english, _items in phases]
    assert titles[0] == "Before applying" and "What not to do on site" in titles
    ids = [item.id for _ko, _en, items in phases for item in items]
    assert {"contract", "bill_of_lading", "employment", "knowledge", "task_list", "no_building",
            "no_production", "permit", "esta", "ds160"} <= set(ids)  # fmt: skip
    assert "kit" not in ids and "trainees" not in ids
    more = rules.traveler_checklist(
        "b1_installer", facts={"program.us_investment_project": True}, kinds=["train"]
    )
    assert {"kit", "trainees"} <= {item.id for _ko, _en, items in more for item in items}


def test_the_clause_is_quoted_as_the_rule_has_it_and_the_wording_is_marked_as_ours():
    found = rules.service_clause()
    assert found is not None
    rule, wording = found
    assert rule.text.en == (
        "The contract of sale must specifically require the seller to provide such services or "
        "training."
    )
    assert "9 FAM 402.2-5(E)(1)" in rule.backing.citation
    assert wording.backing.evidence == "background" and "own wording" in wording.backing.citation


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("support_letter", "{letterhead}", "{letterhed}", "no blank 'letterhed'; did you mean"),
        ("support_letter", "grounds: [b1_installer]", "grounds: [b1_instaler]", "'b1_installer'"),
        ("support_letter", "only_with: train", "only_with: trains", "did you mean 'train'"),
        ("support_letter", "is: outside_us", "is: outside", "no choice 'outside'"),
        ("traveler_checklist", "phase: before", "phase: befor", "must be one of"),
        ("traveler_checklist", "who: employer", "who: boss", "must be one of"),
        ("service_clause", "wording:", "wordings:", "did you mean 'wording'"),
    ],
)
def test_a_slip_in_a_paper_stops_the_load_with_file_and_line(
    tmp_path: Path, file: str, old: str, new: str, says: str
):
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy)
    path = copy / "papers" / f"{file}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(rules.RuleDataError) as refused:
        load(copy)
    assert says in str(refused.value)
    assert refused.value.file == f"papers/{file}.yaml" and refused.value.line >= 1


def test_rule_data_from_before_there_were_duties_still_loads_and_judges_nothing(tmp_path: Path):
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy)
    shutil.rmtree(copy / "dispatch")
    shutil.rmtree(copy / "papers")
    old = load(copy)
    assert not old.dispatch and old.papers == {}
    assert old.dispatch.facts([duties.Duty("Install", "install", 100)]) == {}
