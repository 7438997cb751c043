"""Texts to vectors, behind one small interface.

The default, `corridor/duo-1`, is made of two multilingual encoders whose weights come in
ordinary packages, so no model hub is needed; any other name is a sentence-transformers model.
torch is imported by `load` alone: describing a model or hashing a text never pulls it in.
"""

from __future__ import annotations

from corridor.embeddings.encoders import Encoder, load
from corridor.embeddings.errors import ModelUnavailable
from corridor.embeddings.models import DEFAULT_MODEL, ModelInfo, describe, prepare
from corridor.embeddings.texts import text_hash

__all__ = [
    "DEFAULT_MODEL",
    "Encoder",
    "ModelInfo",
    "ModelUnavailable",
    "describe",
    "load",
    "prepare",
    "text_hash",
]
