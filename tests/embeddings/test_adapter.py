"""The adapter: what it adds to the weights, that it is part of the revision, what taught it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from corridor.embeddings import adapter, e5, models
from corridor.embeddings.training import pairs


def test_the_product_of_its_halves_is_added_to_the_matrix_it_names():
    state = {"encoder.layer.0.output.dense.weight": np.ones((3, 4), np.float16)}
    a, b = np.full((2, 4), 0.5, np.float32), np.full((3, 2), 2.0, np.float32)
    found = adapter.merged(state, {"encoder.layer.0.output.dense": (a, b)})
    assert (found["encoder.layer.0.output.dense.weight"] == 3).all()
    assert (state["encoder.layer.0.output.dense.weight"] == 1).all()


def test_an_adapter_of_another_model_is_refused():
    with pytest.raises(ValueError, match="another model"):
        adapter.merged(
            {"x.weight": np.ones((3, 4))}, {"x": (np.ones((2, 5)), np.ones((3, 2)))}
        )


def test_what_is_written_is_read_back(tmp_path: Path):
    changes = {"x": (np.ones((2, 4), np.float32), np.full((3, 2), 0.25, np.float32))}
    adapter.write(changes, tmp_path / "a.safetensors", {"seed": "1"})
    again = adapter.read(tmp_path / "a.safetensors")
    assert all((left == right).all() for left, right in zip(changes["x"], again["x"], strict=True))
    assert adapter.read(tmp_path / "none") == {}


def test_the_shipped_adapter_changes_every_matrix_of_the_encoder_and_says_how_it_was_made():
    changes = adapter.read()
    assert len(changes) == 12 * 6
    assert all(np.abs(b @ a).max() > 0 for a, b in changes.values())
    assert adapter.FILE.stat().st_size < 6_000_000
    assert {"seed", "steps", "pairs", "rate"} <= set(adapter.made())


def test_another_adapter_is_another_revision_in_another_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    before = models.describe().revision, models.duo_path()
    for file in (models.DATA).glob("*.npy"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "adapter.safetensors").write_bytes(adapter.FILE.read_bytes() + b" ")
    monkeypatch.setattr(models, "DATA", tmp_path)
    monkeypatch.setattr(adapter, "FILE", tmp_path / "adapter.safetensors")
    models.describe.cache_clear()
    try:
        assert models.describe().revision != before[0]
        assert models.duo_path() != before[1]
    finally:
        models.describe.cache_clear()


def test_the_same_seed_and_pairs_give_the_same_adapter():
    from corridor.embeddings.training import adapt

    terms = [("관", "pipe"), ("펌프", "pump"), ("밸브", "valve"), ("용접", "welding")]
    given = [pairs.Pair("terms", english, korean, english) for korean, english in terms]
    made = []
    for _turn in range(2):
        adapt.torch.manual_seed(7)
        student = adapt.Student(e5.convert(models.plain_path()), 2, tokens=16, brain_floats=False)
        plan = adapt.Plan(steps=2, size=4, rate=1e-3, seed=7, keep=0.3, kept=(["관", "펌프"],))
        steps = adapt.train(student, given, plan, reached=lambda step: None)
        assert steps == 2
        made.append(student.changes())
    for name, (a, b) in made[0].items():
        assert np.array_equal(a, made[1][name][0]) and np.array_equal(b, made[1][name][1])
    assert any(np.abs(b).max() > 0 for _, b in made[0].values())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """shared/data in small: one term and one title are also asked in development tasks."""
    files = {
        "onet/occupations.tsv": "O*NET-SOC Code\tTitle\tDescription\n1\tWelders\tJoin metal.\n",
        "onet/alternate_titles.tsv": "O*NET-SOC Code\tAlternate Title\n1\tPipe Welder\n1\tFitter\n",
        "train/water.jsonl": '{"ko": "관", "en": ["pipe"]}\n{"ko": "펌 프", "en": ["pump"]}\n',
        "train/gloss.jsonl": "", "train/alias.jsonl": "",
    }  # fmt: skip
    asked = {
        "en_reported_title_to_occupation": "FITTER", "ko_water_term_to_en": "펌프",
        "ko_gloss_term_to_en": "x", "ko_alias_to_entry": "x",
    }  # fmt: skip
    for task, text in asked.items():
        files[f"dev/{task}/queries.jsonl"] = json.dumps({"id": "q", "text": text})
    for name, held in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(held, encoding="utf-8")
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "majors.tsv").write_text("id\tko\ten\n", encoding="utf-8")
    return tmp_path


def test_no_query_of_a_development_task_is_trained_on(data: Path):
    found = pairs.read(data, data / "tables")
    assert {one.asked for one in found} == {"관", "Pipe Welder"}
