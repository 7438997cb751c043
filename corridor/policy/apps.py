from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate


class PolicyConfig(AppConfig):
    name = "corridor.policy"
    label = "policy"

    def ready(self) -> None:
        from corridor import rules
        from corridor.policy import queries

        rules.configure(folder=settings.RULES_DIR, last_good=queries.last_good)
        post_migrate.connect(_record, sender=self)


def _record(**_kwargs: Any) -> None:
    """A migrated database knows the data set that this version of Corridor brings."""
    from corridor.policy import services

    services.record_quietly(origin="migrate")
