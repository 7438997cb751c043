"""How the web server runs, in the demo and in production alike:

gunicorn --config python:corridor.config.gunicorn corridor.config.wsgi
"""

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


def post_worker_init(worker: object) -> None:
    from corridor.policy import following

    following.begin()
