"""kill -9 of a real worker in the middle of a real run."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from corridor.demo import processes
from tests.live import LiveStack

pytestmark = pytest.mark.processes

# Many small blocks instead of one large one, so that there is a middle to be killed in.
ASK_FOR_A_RUN = """
from corridor.matching import blocks, services
blocks.size_for = lambda programs: 20
print(services.start_run().pk)
"""


@pytest.fixture
def stack(live_stack: LiveStack) -> Iterator[LiveStack]:
    yield live_stack
    processes.stop_all([live_stack.worker, live_stack.beat])


def test_a_worker_killed_in_the_middle_of_a_run_loses_nothing(stack: LiveStack) -> None:
    stack.manage("load_ground", "--verbosity", "0")
    stack.manage("load_demo", "--verbosity", "0")
    run = int(stack.manage("shell", "--verbosity", "0", "-c", ASK_FOR_A_RUN).split()[-1])

    with stack.database() as database:

        def one(query: str) -> int:
            row = database.execute(query, {"run": run}).fetchone()
            assert row is not None
            return int(row[0])

        blocks = one("SELECT count(*) FROM matching_block WHERE run_id = %(run)s")
        finished = (
            "SELECT count(*) FROM matching_block WHERE run_id = %(run)s AND done_at IS NOT NULL"
        )
        stack.start_worker()
        stack.wait_for(lambda: one(finished) > 0, stack.worker, seconds=180)
        stack.worker.kill()
        stack.beat.kill()
        done = one(finished)
        assert 0 < done < blocks
        time.sleep(1)
        assert one(finished) == done, "somebody survived the kill"

        stack.start_worker()
        ended = "SELECT count(*) FROM matching_run WHERE id = %(run)s AND state = 'done'"
        stack.wait_for(lambda: one(ended) == 1, stack.worker, seconds=300)
        assert one(finished) == blocks

        people = one("SELECT count(*) FROM candidates_candidate")
        matched = (
            "SELECT count(DISTINCT candidate_id) FROM matching_bestprograms"
            " WHERE run_id = %(run)s AND cardinality(programs) > 0"
        )
        lists = "SELECT count(*) FROM matching_bestprograms WHERE run_id = %(run)s"
        left = "SELECT count(*) FROM matching_entrants WHERE run_id = %(run)s"
        assert one("SELECT candidates FROM matching_run WHERE id = %(run)s") == people
        assert one(matched) == people, "every person has a best match"
        assert one(lists) == people
        assert one("SELECT blocks_done FROM matching_run WHERE id = %(run)s") == blocks
        assert one(left) == 0
