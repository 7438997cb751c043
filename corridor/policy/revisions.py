"""A data set by name: `current` (the files), a folder, a recorded revision, or a Git revision."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import DatabaseError

from corridor.policy import queries
from corridor.rules import archives, running
from corridor.rules.loading import Dataset, load, revision_of

CURRENT = "current"
_RECORDED = re.compile(r"[0-9a-f]{4,12}")


class UnknownRevision(LookupError):
    """No data set goes by this name; the message says where it was looked for."""


@dataclass(frozen=True)
class Opened:
    """The files of one data set. `name`: as it was asked for."""

    name: str
    folder: Path
    revision: str

    def data(self) -> Dataset:
        """Raises RuleDataError where today's loader cannot read the files."""
        return load(self.folder)


def may_be_recorded(name: str) -> bool:
    """Whether `name` looks like a recorded revision, so that the database has to be asked."""
    return _RECORDED.fullmatch(name) is not None


@contextmanager
def opened(name: str, *, anywhere: bool = False) -> Iterator[Opened]:
    """The files of `name`, for as long as the block lasts.

    `anywhere`: folders and Git revisions too (for the command line, never for a page). Raises
    UnknownRevision.
    """
    if name == CURRENT:
        yield _open(name, running.folder())
        return
    if anywhere and Path(name).is_dir():
        yield _open(name, Path(name))
        return
    archive, looked = _archive(name, anywhere)
    if archive is None:
        raise UnknownRevision(f"no rule data set is called {name!r}; looked in {looked}")
    with archives.unpacked(archive) as folder:
        yield _open(name, folder)


def _open(name: str, folder: Path) -> Opened:
    return Opened(name, folder, revision_of(folder))


def _archive(name: str, anywhere: bool) -> tuple[bytes | None, str]:
    looked = ["the recorded revisions"]
    if may_be_recorded(name):
        try:
            found = queries.by_prefix(name)
        except DatabaseError as error:
            looked[0] += f" (the database does not answer: {type(error).__name__})"
        else:
            if len(found) > 1:
                raise UnknownRevision(f"several recorded revisions begin with {name!r}")
            if found:
                return bytes(found[0].archive), ""
    if anywhere:
        archive, why = _from_git(name, running.folder())
        if archive is not None:
            return archive, ""
        looked += ["the folders", f"Git ({why})"]
    return None, ", ".join(looked)


def _from_git(name: str, folder: Path) -> tuple[bytes | None, str]:
    """The files at a Git revision of the checkout that `folder` lies in, or why there are none."""
    git = shutil.which("git")
    if git is None:
        return None, "git is not installed"

    def ask(at: Path, *arguments: str) -> bytes | None:
        done = subprocess.run(  # noqa: S603  no shell; the name is only ever an operand
            [git, "-C", str(at), *arguments], capture_output=True, check=False
        )
        return done.stdout if done.returncode == 0 else None

    place = ask(folder, "rev-parse", "--show-toplevel", "--show-prefix")
    if place is None:
        return None, f"{folder} is not in a Git checkout"
    root, within = place.decode().splitlines()
    commit = ask(
        folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
    )
    if commit is None:
        return None, "it knows no such commit"
    tree = f"{commit.decode().strip()}:{within.rstrip('/')}"
    return ask(Path(root), "archive", "--format=zip", tree), "that commit has no rule data there"
