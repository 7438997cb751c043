from __future__ import annotations

from django.contrib import admin

from corridor.common.admin import ReadOnly
from corridor.matching.models import Run


@admin.register(Run)
class RunAdmin(ReadOnly):
    list_display = ("pk", "state", "day", "candidates", "programs", "pairs", "asked_at",
                    "finished_at")  # fmt: skip
    list_filter = ("state",)
