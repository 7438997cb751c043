"""People taken in from files: private profiles, nothing agreed to in their name."""

from __future__ import annotations

import csv
import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from corridor.accounts.models import Consent, User
from corridor.candidates.models import Candidate
from corridor.common.models import AuditEntry

pytestmark = pytest.mark.django_db

KIM = {
    "email": "Kim@Example.org", "name": "김견본", "school": "견본대학교", "degree": "학사",
    "major": "기계공학", "graduation": "2098-02", "toeic": "850", "licenses": "용접기능사; OSHA 10",
    "skills": "PLC, 용접",
}  # fmt: skip
RICH = {
    "email": "lee@example.org", "id": "7", "sectors": ["반도체", "batteries"],
    "educations": [
        {"institution": "견본대", "degree": "phd", "major": "재료공학", "ended_on": "2024-02"},
        {"institution": "견본대", "degree": "bachelor", "major": "화학", "ended_on": "2018-02-20"},
    ],
    "works": [{"employer": "견본회사", "title": "공정 엔지니어", "started_on": "2018-03",
               "description": "식각 공정"}],
    "licenses": ["전기기사", {"name": "OSHA 30", "issued_on": "2026-01-05"}],
    "languages": [{"test": "opic", "level": "IH"}, {"test": "toeic", "score": 900}],
}  # fmt: skip


def write(tmp_path: Path, *rows: dict[str, object], name: str = "people.csv") -> Path:
    path = tmp_path / name
    if name.endswith(".jsonl"):
        path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
        return path
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    with path.open("w", newline="", encoding="cp949") as file:  # as Korean Excel saves it
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows([row.get(heading, "") for heading in headings] for row in rows)
    return path


def take(path: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_candidates", str(path), *options, stdout=out, stderr=StringIO())
    return out.getvalue()


def refusals(tmp_path: Path, *rows: dict[str, object], name: str = "people.csv"):
    report = tmp_path / "report.csv"
    try:
        take(write(tmp_path, *rows, name=name), "--report", str(report))
    except CommandError as error:
        assert "No row was taken" in str(error)
    with report.open(encoding="utf-8-sig", newline="") as file:
        return [
            (int(row["line"]), row["field"], row["reason"])
            for row in csv.DictReader(file)
            if row["what"] == "refused"
        ]


def test_a_person_becomes_a_private_profile_that_agreed_to_nothing(tmp_path):
    take(write(tmp_path, KIM), "--source", "university")
    candidate = Candidate.objects.select_related("user").get()
    assert (candidate.user.email, candidate.user.name) == ("kim@example.org", "김견본")
    assert not candidate.user.has_usable_password()
    assert (candidate.visibility, candidate.is_sample) == ("private", False)
    assert not Consent.objects.exists()
    assert mail.outbox == []
    assert AuditEntry.objects.get().action == "candidate.imported"


def test_the_lists_come_from_flat_columns(tmp_path):
    take(write(tmp_path, KIM))
    candidate = Candidate.objects.get()
    study = candidate.educations.get()
    assert (study.degree, study.major, study.status, study.ended_on) == (
        "bachelor", "기계공학", "enrolled", date(2098, 2, 1),
    )  # fmt: skip
    held = {one.name: one.credential_id for one in candidate.credentials.all()}
    assert held == {"용접기능사": "welder", "OSHA 10": "osha10_30"}
    assert [(score.test, int(score.score)) for score in candidate.languages.all()] == [
        ("toeic", 850)
    ]
    assert candidate.walk == "student"  # enrolled
    assert "welding" in candidate.skill_ids and candidate.text_hash


def test_the_lists_may_be_nested_in_json_lines(tmp_path):
    take(write(tmp_path, RICH, name="people.jsonl"))
    candidate = Candidate.objects.get()
    assert [study.degree for study in candidate.educations.all()] == ["doctorate", "bachelor"]
    assert candidate.works.get().started_on == date(2018, 3, 1)
    assert {held.name: held.issued_on for held in candidate.credentials.all()} == {
        "전기기사": None, "OSHA 30": date(2026, 1, 5),
    }  # fmt: skip
    assert {score.test: score.level or int(score.score) for score in candidate.languages.all()} == {
        "opic": "IH", "toeic": 900,
    }  # fmt: skip
    assert (candidate.sectors, candidate.walk) == (["semiconductors", "batteries"], "graduate")


@pytest.mark.parametrize(("row", "name"), [(KIM, "people.csv"), (RICH, "people.jsonl")])
def test_a_second_run_changes_nothing(tmp_path, row, name):
    take(write(tmp_path, row, name=name))
    before = Candidate.objects.get().updated_at
    said = take(write(tmp_path, row, name=name))
    assert "New: 0, changed: 0, already there: 1" in said
    assert Candidate.objects.get().updated_at == before


def test_a_changed_row_brings_the_profile_up_to_date(tmp_path):
    take(write(tmp_path, {**KIM, "id": "1"}))
    first = Candidate.objects.get()
    said = take(write(tmp_path, {**KIM, "id": "1", "toeic": "900", "skills": "TIG 용접"}))
    assert "changed: 1" in said
    candidate = Candidate.objects.get()
    assert (candidate.pk, int(candidate.languages.get().score)) == (first.pk, 900)
    assert candidate.text_hash != first.text_hash


def test_a_profile_whose_owner_has_taken_over_is_left_alone(tmp_path):
    take(write(tmp_path, KIM))
    user = User.objects.get()
    user.set_password("a long password 1")
    user.save()
    Candidate.objects.update(skills_text="my own words")
    said = take(write(tmp_path, {**KIM, "skills": "다른 기술"}))
    assert "has signed in" in said
    assert Candidate.objects.get().skills_text == "my own words"


def test_an_account_that_is_there_already_is_not_touched(tmp_path):
    User.objects.create_user("kim@example.org", "a long password 1")
    ((line, field, reason),) = refusals(tmp_path, KIM)
    assert (line, field) == (2, "email")
    assert "Its owner keeps the profile" in reason
    assert not Candidate.objects.exists()


def test_an_id_does_not_pass_to_another_address(tmp_path):
    take(write(tmp_path, {**KIM, "id": "1"}))
    ((_line, field, reason),) = refusals(tmp_path, {**KIM, "id": "1", "email": "x@example.org"})
    assert field == "email"
    assert "another e-mail" in reason


def test_a_trial_writes_nothing(tmp_path):
    assert "New: 1" in take(write(tmp_path, KIM), "--dry-run")
    assert not User.objects.exists()


def test_what_only_the_owner_may_tell_is_not_read(tmp_path):
    said = take(write(tmp_path, {**KIM, "여권번호": "M12345678", "생년월일": "2003-05-01",
                                 "성별": "남", "visibility": "findable"}))  # fmt: skip
    for heading in ("여권번호", "생년월일", "성별", "visibility"):
        assert f"Column “{heading}” is not read: only its owner" in said
    candidate = Candidate.objects.get()
    assert (candidate.passport_number, candidate.birth_date, candidate.sex) == (None, None, None)
    assert candidate.visibility == "private"


def test_the_report_and_the_summary_hold_nothing_personal(tmp_path):
    report = tmp_path / "report.csv"
    bad = {**KIM, "email": "secret@@example", "name": "홍비밀"}
    said = take(write(tmp_path, bad, KIM), "--report", str(report)) + report.read_text()
    for personal in ("secret", "홍비밀", "kim@example.org"):
        assert personal not in said


@pytest.mark.parametrize(
    ("field", "cell", "said"),
    [
        ("email", "", "empty"),
        ("email", "kim", "not an e-mail"),
        ("email", "a@b.org, c@d.org", "not an e-mail"),
        ("name", '=HYPERLINK("http://x")', "formula"),
        ("skills", "\x07", "control characters"),
        ("skills", "900101-1234567", "resident registration number"),
        ("skills", "x" * 1_000_000, "at most 4,000"),
        ("degree", "명예", "one of: high_school"),
        ("degree", "", "Something of a study"),
        ("graduation", "2027-13", "no such day"),
        ("graduation", "", "enrolled or has graduated"),
        ("toeic", "9000", "from 10 to 990"),
        ("toeic", "", "not its score"),
        ("opic", "A+", "no OPIc level"),
        ("topik", "7", "no TOPIK level"),
        ("employer", "견본회사", "Something of a job"),
        ("sectors", "banking", "one of: semiconductors"),
        ("hubs", "atlantis", "one of"),
        ("nationality", "Atlantis", "two capital letters"),
        ("licenses", ";".join("abc" for _n in range(90)), "more than 60"),
    ],
)
def test_a_hostile_or_broken_cell_refuses_its_row_and_says_how_to_mend_it(
    tmp_path, field, cell, said
):
    bad = {**KIM, "toeic_date": "2026-01-02", field: cell}
    good = {"email": "good@example.org", "walk": "technician"}
    ((line, _where, reason),) = refusals(tmp_path, bad, good)
    assert line == 2
    assert said in reason
    assert User.objects.get().email == "good@example.org"


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"educations": {"institution": "x"}}, "educations", "list of objects"),
        ({"educations": ["x"]}, "educations[1]", "Give an object"),
        ({"educations": [{"institution": "x"}]}, "educations[1].degree", "empty"),
        ({"works": [{"employer": "x", "title": "y", "started_on": "2020-01",
                     "ended_on": "2019-01"}]}, "ended_on", "before"),
        ({"works": [{"employer": {"a": {}}, "title": "y"}]}, "works[1].employer", "list or an obj"),
        ({"languages": [{"test": "toeic"}]}, "languages", "score or the level"),
        ({"languages": [{"tst": "toeic"}]}, "languages[1].tst", "not known here"),
        ({"licenses": [["x"]]}, "licenses", "list or an object"),
        ({"walk": {"a": 1}}, "walk", "list or an object"),
    ],
)  # fmt: skip
def test_a_nested_value_of_the_wrong_form_is_refused_by_its_place(tmp_path, given, field, said):
    row = {"email": "a@example.org", "walk": "student", **given}
    ((_line, where, reason),) = refusals(tmp_path, row, name="people.jsonl")
    assert where == field
    assert said in reason


def test_the_same_address_twice_in_a_file_is_taken_once(tmp_path):
    again = {**KIM, "id": "2", "email": "KIM@example.org"}
    ((line, field, _reason),) = refusals(tmp_path, {**KIM, "id": "1"}, again)
    assert (line, field) == (3, "email")


def test_who_tells_no_walk_needs_one_from_the_command(tmp_path):
    row = {"email": "a@example.org", "skills": "용접"}
    ((_line, field, reason),) = refusals(tmp_path, row)
    assert field == "walk"
    assert "--walk" in reason
    take(write(tmp_path, row), "--walk", "technician")
    assert Candidate.objects.get().walk == "technician"


def test_a_file_without_addresses_is_refused_at_once(tmp_path):
    with pytest.raises(CommandError, match="No column gives “email”"):
        take(write(tmp_path, {"name": "김견본"}))


def test_people_are_written_with_few_queries(tmp_path, django_assert_max_num_queries):
    path = write(tmp_path, *({**KIM, "email": f"p{n}@example.org"} for n in range(40)))
    with django_assert_max_num_queries(16):
        take(path)
    assert Candidate.objects.count() == 40
