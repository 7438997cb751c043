"""How the web server runs, in the demo and in production alike:

gunicorn --config python:corridor.config.gunicorn corridor.config.wsgi
"""

import gc
import os

bind = "127.0.0.1:8000"
workers = int(os.environ.get("CORRIDOR_WORKERS") or 2)
worker_class = "gthread"
threads = 4
preload_app = True  # rules, words and URLs are read once and shared by the workers
timeout = 60
graceful_timeout = 10
control_socket_disable = True
# No access log: addresses and search words are personal data. A proxy may keep its own.
accesslog = None
errorlog = "-"


def spare_the_collector() -> None:
    """What has been read by now stays, so Python's collector need not look through it again; and a
    page makes thousands of objects that go by themselves, so it looks less often. Else a tenth of
    a page's time goes into it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def when_ready(server: object) -> None:
    """Read what every page needs once, before the workers are forked from this process."""
    from django.db import connections
    from django.urls import get_resolver
    from django.utils import timezone

    from corridor import rules, taxonomy
    from corridor.policy import services

    get_resolver().url_patterns  # noqa: B018  importing every view is the point
    for find in (taxonomy.find_skills, taxonomy.find_occupations, taxonomy.find_majors):
        find("warm up")
    rules.assess({}, day=timezone.localdate())
    services.record_quietly(origin="start")
    connections.close_all()  # a connection must not be shared with the workers
    spare_the_collector()


def post_worker_init(worker: object) -> None:
    from corridor.policy import following

    following.begin()
