"""`manage.py rank`: files in, a ranking out, the same each time; faults are told by line."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from corridor import embeddings
from corridor.matching import ranking
from corridor.taxonomy import known

QUERIES = {
    "weld": "용접기능사, 조선소 배관 용접 5년 (TIG)",
    "acronym": "ALD·CVD 장비 유지보수",
    "english": "wastewater plant operator",
    "nothing": "🙂🔧",
}
DOCUMENTS = {
    "d-welder": "Pipe welder for shipyard blocks, TIG and FCAW",
    "d-etch": "Maintains ALD and CVD tools in a wafer fab",
    "d-water": "하수처리장 운영, 활성슬러지 공정 관리",
    "d-tax": "Tax accountant, corporate returns",
    "d-empty": "",
    "d-emoji": "🙂",
}


def write(path: Path, rows: dict[str, str]) -> Path:
    lines = [json.dumps({"id": key, "text": text}) for key, text in rows.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(folder: Path, queries: dict[str, str], documents: dict[str, str], top: int = 10) -> bytes:
    output = folder / "ranked.jsonl"
    call_command(
        "rank", queries=write(folder / "q.jsonl", queries), top=top, output=output,
        documents=write(folder / "d.jsonl", documents), stderr=(folder / "progress").open("w"),
    )  # fmt: skip
    return output.read_bytes()


def rows(output: bytes) -> dict[str, dict[str, list]]:
    return {row["id"]: row for row in map(json.loads, output.decode().splitlines())}


@pytest.fixture(scope="module")
def ranked(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return run(tmp_path_factory.mktemp("rank"), QUERIES, DOCUMENTS)


def test_each_query_gets_one_line_in_the_order_given(ranked: bytes):
    assert list(rows(ranked)) == list(QUERIES)
    for row in rows(ranked).values():
        assert sorted(row["ranking"]) == sorted(DOCUMENTS)
        assert row["scores"] == sorted(row["scores"], reverse=True)
        assert all(0 <= score < 1 for score in row["scores"])


def test_korean_finds_english_and_english_finds_korean(ranked: bytes):
    found = rows(ranked)
    assert found["weld"]["ranking"][0] == "d-welder"
    assert found["acronym"]["ranking"][0] == "d-etch"
    assert found["english"]["ranking"][0] == "d-water"


def test_texts_that_say_nothing_come_last_with_a_score_of_nought(ranked: bytes):
    row = rows(ranked)["weld"]
    assert row["ranking"][-2:] == ["d-emoji", "d-empty"]
    assert row["scores"][-2:] == [0, 0]
    assert set(rows(ranked)["nothing"]["scores"]) == {0}


def test_the_same_files_give_the_same_bytes(ranked: bytes, tmp_path: Path):
    assert run(tmp_path, QUERIES, DOCUMENTS) == ranked


def test_decomposed_hangul_ranks_as_composed(ranked: bytes, tmp_path: Path):
    queries, documents = (
        {key: unicodedata.normalize("NFD", text) for key, text in side.items()}
        for side in (QUERIES, DOCUMENTS)
    )
    assert run(tmp_path, queries, documents) == ranked


def test_the_order_of_either_file_does_not_matter(ranked: bytes, tmp_path: Path):
    turned = run(tmp_path, dict(reversed(QUERIES.items())), dict(reversed(DOCUMENTS.items())))
    assert rows(turned) == rows(ranked)


def test_a_query_does_not_depend_on_the_other_queries(ranked: bytes, tmp_path: Path):
    alone = run(tmp_path, {"weld": QUERIES["weld"]}, DOCUMENTS)
    assert rows(alone)["weld"] == rows(ranked)["weld"]


def test_control_characters_are_nothing_and_a_huge_text_is_cut(ranked: bytes, tmp_path: Path):
    long = "Pipe welder. " * 400
    documents = {"a": f"{long}{'x' * 2_000_000}", "b": long * 40, "c": "\x00Tax\u200b accountant"}
    found = rows(run(tmp_path, {"q": "pipe\x07 welder"}, documents))["q"]
    assert found["ranking"] == ["a", "b", "c"]
    assert found["scores"][0] == pytest.approx(found["scores"][1], abs=1e-3)


def test_only_the_top_is_written_and_equal_documents_go_by_id(tmp_path: Path):
    same = dict.fromkeys(("z", "m", "a"), "Crane operator")
    row = rows(run(tmp_path, {"q": "crane"}, {**DOCUMENTS, **same}, top=2))["q"]
    assert row["ranking"] == ["a", "m"]
    assert row["scores"][0] == row["scores"][1]


def test_a_top_beyond_the_documents_gives_them_all(tmp_path: Path):
    row = rows(run(tmp_path, {"q": "crane"}, {"a": "x", "b": "y"}, top=99))["q"]
    assert len(row["ranking"]) == len(row["scores"]) == 2


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "not JSON"),
        ("[1]", "expected an object"),
        ('{"text": "x"}', '"id" must be'),
        ('{"id": true, "text": "x"}', '"id" must be'),
        ('{"id": "", "text": "x"}', '"id" must be'),
        ('{"id": "b"}', '"text" must be'),
        ('{"id": "b", "text": 5}', '"text" must be'),
        ('{"id": "a", "text": "again"}', "also on line 1"),
        ("[" * 100_000, "not JSON"),
        ('{"id": "b", "text": "\\xff"}', "not JSON"),
    ],
)
def test_a_bad_line_is_told_by_file_and_line(tmp_path: Path, line: str, told: str):
    file = tmp_path / "d.jsonl"
    file.write_text(f'{{"id": "a", "text": "x"}}\n\n{line}\n', encoding="utf-8")
    output = tmp_path / "out.jsonl"
    with pytest.raises(CommandError, match=told) as refused:
        call_command(
            "rank", queries=write(tmp_path / "q.jsonl", QUERIES), documents=file, output=output
        )
    assert f"{file}, line 3" in str(refused.value)
    assert not output.exists()


def test_bytes_that_are_not_utf8_are_told_by_line(tmp_path: Path):
    file = tmp_path / "q.jsonl"
    file.write_bytes(b'{"id": "a", "text": "\xb0\xa1"}\n')
    with pytest.raises(CommandError, match="line 1: not UTF-8"):
        call_command(
            "rank", queries=file, documents=write(tmp_path / "d.jsonl", DOCUMENTS),
            output=tmp_path / "o",
        )  # fmt: skip


def test_a_missing_file_no_documents_and_a_top_of_nought_are_refused(tmp_path: Path):
    queries = write(tmp_path / "q.jsonl", QUERIES)
    empty = tmp_path / "none.jsonl"
    empty.write_text("\n")
    output = tmp_path / "out.jsonl"
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("rank", queries=tmp_path / "no", documents=queries, output=output)
    with pytest.raises(CommandError, match="holds no document"):
        call_command("rank", queries=queries, documents=empty, output=output)
    with pytest.raises(CommandError, match="1 or more"):
        call_command("rank", queries=queries, documents=queries, top=0, output=output)


def test_a_refused_run_leaves_the_earlier_result_as_it_was(tmp_path: Path):
    output = tmp_path / "out.jsonl"
    output.write_text("before")
    with pytest.raises(CommandError):
        call_command("rank", queries=tmp_path / "no", documents=tmp_path / "no", output=output)
    assert output.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


def test_an_occupation_is_found_by_a_korean_title_that_its_english_text_does_not_say():
    jobs = known.occupations()
    documents = [jobs[code].title for code in ("51-4121.00", "13-2011.00", "15-2051.00")]
    ranker = ranking.Ranker(documents, encoder=embeddings.load())
    ((places, _scores),) = ranker.rank(["회계사"], top=1)
    assert documents[places[0]] == "Accountants and Auditors"
