"""The record of rule data sets, and of people's checks of single statements."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RuleRevision(models.Model):
    """One data set as it was: evidence of applications cites its revision, and a process whose
    files are broken runs on the current one.

    `archive`: its files (corridor.rules.archives.pack). `is_current`: the one last taken into use
    by a start or a reload. `reloaded_at`: when every process was last asked to go over to it.
    """

    class Origin(models.TextChoices):
        MIGRATE = "migrate", _("When the database was prepared")
        START = "start", _("When a process started")
        COMMAND = "command", _("On the command line")
        RELOAD = "reload", _("Reloaded by staff")

    revision = models.CharField(max_length=12, unique=True)
    first_seen_on = models.DateField()
    archive = models.BinaryField()
    origin = models.CharField(max_length=10, choices=Origin.choices)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_current = models.BooleanField(default=False)
    reloaded_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["-first_seen_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"],
                condition=models.Q(is_current=True),
                name="one_current_rule_revision",
            )
        ]

    def __str__(self) -> str:
        return self.revision


class Check(models.Model):
    """A person looked at one statement of the rules again, on a day, and it still holds.

    `statement`: a key of corridor.rules.statements (Version.home). The data files keep the day of
    their own last check; this one puts the statement off on the list of those due.
    """

    statement = models.CharField(max_length=200, db_index=True)
    day = models.DateField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.TextField()
    url = models.URLField(max_length=500, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return f"{self.statement} {self.day}"
