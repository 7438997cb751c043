"""The packaged weights with only the pieces of the vocabulary that the training's texts use.

    python -m corridor.embeddings.training.trim DATA OUT.bin [--dev TASKS]

A quarter of the size, so that they can be sent to a machine with a GPU and no network:
`adapt --packed OUT.bin` there trains what it would train with all of them. A text of the training
has the same pieces as before, since leaving out pieces that its best split does not use leaves that
split the best (checked on every text before the file is written).
"""

from __future__ import annotations

import argparse
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from corridor.embeddings import centre, e5
from corridor.embeddings.training import adapt, judge, pairs


def trimmed(packed: e5.Packed, kept: Sequence[int]) -> bytes:
    """The same file with the rows and pieces `kept` (the special ones first, in order)."""
    head = packed.header
    pieces = [packed.pieces[i].encode() for i in kept]
    word = packed.raw("emb.word")
    rows = np.frombuffer(word, np.uint8).reshape(head.vocabulary, -1)[list(kept)].tobytes()
    places = {old: new for new, old in enumerate(kept)}
    special = [places[i] for i in (packed.bos, packed.eos, packed.pad, packed.unknown)]
    offsets = np.cumsum([0, *map(len, pieces)]).astype("<u4")
    found = bytearray(b"E5S1" + bytes(packed.bytes[4:8]))
    found += struct.pack(
        "<7ifi", head.hidden, head.layers, head.heads, head.feed_forward, len(kept),
        head.positions, head.token_types, head.epsilon, head.block,
    )  # fmt: skip
    found += struct.pack("<5i", len(kept), *special)
    found += struct.pack("<Q", int(offsets[-1])) + offsets.tobytes()
    found += packed.scores[list(kept)].astype("<f4").tobytes() + b"".join(pieces)
    found += struct.pack("<iI", 0, 0)
    tensors = {
        name: (kind, count, bytes(packed.raw(name)))
        for name, (kind, count, *_) in packed.tensors.items()
    }
    tensors["emb.word"] = (tensors["emb.word"][0], len(kept) * head.hidden, rows)
    at = len(found) + 4 + sum(2 + len(name.encode()) + 21 for name in tensors)
    found += struct.pack("<i", len(tensors))
    for name, (kind, count, raw) in tensors.items():
        found += struct.pack("<H", len(name.encode())) + name.encode()
        found += struct.pack("<BIQQ", kind, count, at, len(raw))
        at += len(raw)
    for _kind, _count, raw in tensors.values():
        found += raw
    return bytes(found)


def main() -> None:
    asked = argparse.ArgumentParser(description="trim the packaged weights to a training's texts")
    asked.add_argument("data", type=Path)
    asked.add_argument("out", type=Path)
    asked.add_argument("--dev", type=Path, help="tasks whose texts are to be read too")
    given = asked.parse_args()
    held = pairs.read(given.data, adapt.TABLES, adapt.SAID)
    bare = {text for one in held for text in (one.asked, one.held)}
    bare.update(*centre.samples(given.data), *adapt.general(held, given.data))
    for task in judge.read(given.dev) if given.dev else ():
        bare.update(task.queries, task.documents)
    said = sorted(f"{kind}: {text}" for text in bare for kind in ("query", "passage"))
    packed = e5.Packed(e5.weights_file())
    whole = e5.tokenizer(packed)
    split = whole.encode_batch(said)
    before = [row.tokens for row in split]
    special = [packed.bos, packed.pad, packed.eos, packed.unknown]
    used = {piece for row in split for piece in row.ids}
    # What an unknown piece costs hangs on the least score of all.
    used |= {int(np.argmin(packed.scores)), *special}
    kept = [*sorted(special), *sorted(i for i in used - {*special} if i < len(packed.pieces))]
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_bytes(trimmed(packed, kept))
    after = [row.tokens for row in e5.tokenizer(e5.Packed(given.out)).encode_batch(said)]
    differing = sum(one != other for one, other in zip(before, after, strict=True))
    size = given.out.stat().st_size / 1e6
    print(f"{len(kept)} of {len(packed.pieces)} pieces, {size:.1f} MB; "  # noqa: T201
          f"{differing} of {len(said)} texts split otherwise")  # fmt: skip
    if differing:
        given.out.unlink()
        raise SystemExit(1)


if __name__ == "__main__":
    main()
