"""Which tests go together, and in which order, when several processes share them (pytest-xdist).

A file's tests stay in one process, for they share what they set up. Few tests are long: they begin
first, so that no process is left alone with one at the end; those that mostly wait for processes
stand between those that compute.
"""

from __future__ import annotations

import pytest
from xdist.scheduler import LoadFileScheduling

LONG = (
    "tests/firstrun/test_demo.py",
    "tests/browser/test_pages.py",
    "tests/firstrun/test_lists_follow.py",
    "tests/firstrun/test_production.py",
    "tests/web/test_walk.py",
    "tests/firstrun/test_services.py",
    "tests/browser/test_journeys.py",
)
# A look at every page is long enough to be alone; one LiveStack with the demo serves two files.
APART = "tests/browser/test_pages.py::test_every_page"
TOGETHER = {"tests/firstrun/test_killed_worker.py": "tests/firstrun/test_lists_follow.py"}


def longest_first(items: list[pytest.Item]) -> None:
    places = {file: place for place, file in enumerate(LONG)}
    items.sort(key=lambda item: places.get(_unit(item.nodeid).partition("::")[0], len(LONG)))


class Scheduling(LoadFileScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return _unit(nodeid)


def _unit(nodeid: str) -> str:
    file = nodeid.partition("::")[0]
    return nodeid if nodeid.startswith(APART) else TOGETHER.get(file, file)
