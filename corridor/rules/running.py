"""Which data set this process runs on, and what becomes of it when the files change or break.

The files are read when they are first needed. If they have a problem, the process runs on the last
good archive that `configure`'s hook knows of; without one, the first use raises the problem. Later
`reload` reads them anew: a good data set takes the place of the running one in one assignment, a
bad one leaves it in place and is kept as `trouble`, for people to be told.

What is computed from the rules and remembered outside the engine is remembered with `remembered`,
so that nothing made of one data set is read under another.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache, wraps
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from corridor.rules import archives
from corridor.rules.engine import Engine
from corridor.rules.errors import RuleDataError
from corridor.rules.loading import DATA, Dataset, load

log = logging.getLogger("corridor.rules")
F = TypeVar("F", bound=Callable[..., Any])
LastGood = Callable[[], bytes | None]


@dataclass(frozen=True)
class Standing:
    """The data set in use. `origin`: files, or archive (a recorded revision).

    `read_at`: when files or an archive were last read, well or not. `trouble`: why the files, or
    the archive last asked for, are not in use. `number`: grows with every data set of a process.
    """

    engine: Engine
    origin: str
    read_at: datetime
    trouble: RuleDataError | None
    number: int

    @property
    def data(self) -> Dataset:
        return self.engine.data


_folder = DATA
_last_good: LastGood = lambda: None  # noqa: E731  replaced by configure
_running: Standing | None = None
_change = threading.RLock()
_numbers = count(1)


def configure(*, folder: Path = DATA, last_good: LastGood = lambda: None) -> None:
    """Where the files lie, and who knows the archive (archives.pack) of the last good revision.

    Call it before the rules are first used; afterwards it forgets the running data set.
    """
    global _folder, _last_good, _running
    with _change:
        _folder, _last_good, _running = folder, last_good, None


def folder() -> Path:
    """Where this process looks for the rule files."""
    return _folder


def standing() -> Standing:
    """The data set in use. Raises RuleDataError when there is none that can be used."""
    return _running or _start()


def engine() -> Engine:
    return (_running or _start()).engine


def reload(archive: bytes | None = None) -> RuleDataError | None:
    """Read the files anew, or this archive, and run on them if they are good.

    Returns the problem that keeps the running data set in use, None if there is none.
    """
    global _running
    with _change:
        before = standing()
        try:
            made = _read(archive)
        except RuleDataError as problem:
            log.error("rules not reloaded, revision %s stays: %s", before.data.revision, problem)
            _running = replace(before, read_at=datetime.now(UTC), trouble=problem)
            return problem
        if made.data.revision == before.data.revision:  # what is remembered stays good
            made = replace(made, engine=before.engine, number=before.number)
        else:
            log.info("rules reloaded: %s after %s", made.data.revision, before.data.revision)
        _running = made
    return None


def remembered(most: int) -> Callable[[F], F]:
    """`lru_cache` for what follows from the rules; each data set begins with an empty one."""

    def wrap(function: F) -> F:
        @lru_cache(most)
        def kept(number: int, *arguments: Any) -> Any:
            return function(*arguments)

        @wraps(function)
        def asked(*arguments: Any) -> Any:
            # The number is taken first: what a swap overtakes is kept under the old one.
            return kept((_running or _start()).number, *arguments)

        return asked  # type: ignore[return-value]

    return wrap


def _start() -> Standing:
    global _running
    with _change:
        if _running is None:
            try:
                _running = _read(None)
            except RuleDataError as problem:
                archive = _last_good()
                if archive is None:
                    raise
                try:
                    _running = replace(_read(archive), trouble=problem)
                except RuleDataError as older:
                    log.error("nor is the last good revision readable: %s", older)
                    raise problem from older
                revision = _running.data.revision
                log.error("rules not readable, last good revision %s runs: %s", revision, problem)
        return _running


def _read(archive: bytes | None) -> Standing:
    """Raises RuleDataError whatever is wrong, a folder that is not there included."""
    where = "rule archive" if archive is not None else str(_folder)
    try:
        if archive is None:
            made = Engine(load(_folder))
        else:
            with archives.unpacked(archive) as unpacked:
                made = Engine(load(unpacked))
    except RuleDataError:
        raise
    except Exception as error:
        problem = f"cannot be read ({type(error).__name__}: {error})"
        raise RuleDataError(where, 1, problem) from error
    origin = "files" if archive is None else "archive"
    return Standing(made, origin, datetime.now(UTC), None, next(_numbers))
