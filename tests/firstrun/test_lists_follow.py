"""A real save through PostgreSQL, Valkey and a worker moves lists; and what the broker lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis

from corridor.demo import processes
from tests.live import LiveStack

pytestmark = pytest.mark.processes

ONE_RUN = """
from corridor.matching import services
run = services.start_run()
for block in run.blocks.all():
    services.do_block(block.pk)
services.finish_run(run.pk)
print(run.pk)
"""
SAVE = """
from corridor.candidates import services
from corridor.candidates.models import Candidate
me = Candidate.objects.get(user__email="student@demo.example")
services.save_profile(me, by=me.user, headline="PLC 설비 보전과 용접", skills_text="PLC, 용접, HMI")
print(me.pk)
"""
CLOSE = """
from corridor.matching.models import BestPrograms
from corridor.programs import services
from corridor.programs.models import Program
post = Program.objects.get(pk=BestPrograms.objects.order_by("pk").first().programs[0])
services.close(post, by=None)
print(post.pk)
"""
ASK = """
from corridor.matching import blocks, services
blocks.size_for = lambda programs: 200
print(services.start_run().pk)
"""


def last(text: str) -> int:
    return int(text.split()[-1])


def shell(stack: LiveStack, script: str) -> int:
    return last(stack.manage("shell", "--verbosity", "0", "-c", script))


@pytest.fixture
def loaded(live_stack: LiveStack) -> Iterator[LiveStack]:
    live_stack.manage("load_ground", "--verbosity", "0")
    live_stack.manage("load_demo", "--verbosity", "0")
    yield live_stack
    processes.stop_all([live_stack.worker, live_stack.beat])


def test_a_save_moves_its_row_and_column_without_a_run(loaded: LiveStack) -> None:
    with loaded.database() as database:

        def rows(query: str, **values: object) -> list[tuple]:
            return database.execute(query, values).fetchall()

        loaded.start_worker()
        stale = "SELECT 1 FROM candidates_candidate WHERE vector_hash <> text_hash LIMIT 1"
        loaded.wait_for(lambda: not rows(stale), loaded.worker, seconds=900)
        run = shell(loaded, ONE_RUN)
        runs = "SELECT count(*) FROM matching_run"
        before = rows(runs)

        me = shell(loaded, SAVE)
        mine = (
            "SELECT changed_at FROM matching_bestprograms WHERE run_id = %(run)s"
            " AND candidate_id = %(me)s AND changed_at IS NOT NULL"
        )
        loaded.wait_for(lambda: rows(mine, run=run, me=me), loaded.worker, seconds=120)
        fresh = "SELECT 1 FROM candidates_candidate WHERE id = %(me)s AND vector_hash = text_hash"
        assert rows(fresh, me=me), "the list was computed with the new text's vector"
        columns = (
            "SELECT count(*) FROM matching_bestcandidates WHERE run_id = %(run)s"
            " AND changed_at IS NOT NULL AND %(me)s = ANY(candidates)"
        )
        assert rows(columns, run=run, me=me)[0][0] > 0

        post = shell(loaded, CLOSE)
        listed = (
            "SELECT 1 FROM matching_bestprograms WHERE run_id = %(run)s"
            " AND programs @> ARRAY[%(post)s]::bigint[] LIMIT 1"
        )
        loaded.wait_for(lambda: not rows(listed, run=run, post=post), loaded.worker, seconds=120)
        own = "SELECT 1 FROM matching_bestcandidates WHERE run_id = %(run)s AND program_id = "
        assert not rows(f"{own} %(post)s", run=run, post=post)
        assert rows(runs) == before, "no run was made"


def test_blocks_that_a_flushed_broker_lost_are_done_all_the_same(loaded: LiveStack) -> None:
    run = shell(loaded, ASK)
    with loaded.database() as database:
        sent = "SELECT count(*) FROM common_outboxmessage WHERE handed_over_at IS NOT NULL"
        assert database.execute(sent).fetchone()
        redis.Redis.from_url(loaded.environment["CORRIDOR_REDIS_URL"]).flushdb()
        # As if the blocks had been handed over and lost half a minute ago.
        database.execute(
            "UPDATE matching_run SET asked_at = now() - interval '40 seconds',"
            " handed_over_at = now() - interval '40 seconds' WHERE id = %s", [run]
        )  # fmt: skip
        loaded.start_worker()
        done = "SELECT 1 FROM matching_run WHERE id = %s AND state = 'done'"
        loaded.wait_for(
            lambda: database.execute(done, [run]).fetchone(), loaded.worker, seconds=300
        )
