"""A whole revision of the rule data as one piece of bytes, and back into a folder of files."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

_MADE = (1980, 1, 1, 0, 0, 0)  # equal files give equal bytes


def contents(folder: Path) -> dict[str, bytes]:
    """Every rule file in `folder`, by its path inside."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.yaml"))
    }


def pack(folder: Path) -> bytes:
    """A ZIP of every *.yaml file in `folder`."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, body in contents(folder).items():
            archive.writestr(
                zipfile.ZipInfo(name, _MADE), body, zipfile.ZIP_DEFLATED, compresslevel=9
            )
    return made.getvalue()


@contextmanager
def unpacked(archive: bytes) -> Iterator[Path]:
    """A temporary folder with the files of `archive`, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="corridor-rules-") as name:
        with zipfile.ZipFile(BytesIO(archive)) as files:
            files.extractall(name)
        yield Path(name)
