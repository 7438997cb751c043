"""The Celery application. Tasks are registered as `<app>.<name>` by each app's tasks.py."""

import os
from contextlib import suppress

from celery import Celery
from celery.signals import task_prerun, worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.config.settings")

app = Celery("corridor")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def warm_up(**_kwargs: object) -> None:
    """Load the model as the worker starts, so that the first saved profile does not wait for it.

    A model that cannot be loaded is told by the task that needs it, with what to do. From here on
    the process goes over to rules that are reloaded elsewhere, between two tasks.
    """
    from django.conf import settings

    from corridor import embeddings
    from corridor.policy import following, services

    services.record_quietly(origin="start")
    following.begin()

    with suppress(embeddings.ModelUnavailable):
        embeddings.load(settings.EMBEDDING_MODEL)


@task_prerun.connect
def follow_rules(**_kwargs: object) -> None:
    from corridor.policy import following

    following.follow()
