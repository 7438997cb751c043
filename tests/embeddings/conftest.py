"""The default model, made once in var/models (tests/conftest.py), and tiny ones of any name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from corridor import embeddings

WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    "pipe",
    "welder",
    "data",
    "scientist",
    "용접",
]


@pytest.fixture(scope="session")
def encoder() -> embeddings.Encoder:
    return embeddings.load()


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Writes a random two-layer BERT with mean pooling, as a SentenceTransformer directory."""

    def write(seed: int) -> Path:
        import torch
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.models import Pooling, Transformer
        from transformers import BertConfig, BertModel, BertTokenizerFast

        folder = tmp_path_factory.mktemp(f"tiny-{seed}")
        bert, whole = folder / "bert", folder / "tiny-model"
        bert.mkdir()
        (bert / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
        torch.manual_seed(seed)
        size = {"hidden_size": 32, "intermediate_size": 64, "max_position_embeddings": 64}
        config = BertConfig(
            vocab_size=len(WORDS), num_hidden_layers=2, num_attention_heads=2, **size
        )
        BertModel(config).save_pretrained(bert)
        BertTokenizerFast(str(bert / "vocab.txt")).save_pretrained(bert)
        SentenceTransformer(modules=[Transformer(str(bert)), Pooling(32)], device="cpu").save(
            str(whole)
        )
        return whole

    return write
