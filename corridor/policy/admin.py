from __future__ import annotations

from django.contrib import admin

from corridor.common.admin import ReadOnly
from corridor.policy.models import Check, RuleRevision


@admin.register(RuleRevision)
class RuleRevisionAdmin(ReadOnly):
    list_display = ("revision", "first_seen_on", "origin", "is_current", "reloaded_at")
    list_filter = ("origin",)


@admin.register(Check)
class CheckAdmin(ReadOnly):
    list_display = ("statement", "day", "by")
    search_fields = ("statement",)
