"""What staff may look at in the data administration. Changes go through the pages' services, so
that each has its audit row; here almost everything is for reading."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from corridor.common.models import AuditEntry, OutboxMessage, VectorSpace


class ReadOnly(admin.ModelAdmin):
    """Rows can be found and read; nothing is added, changed or deleted here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly):
    list_display = ("at", "actor", "action", "subject_type", "subject_id")
    list_filter = ("subject_type",)
    search_fields = ("action", "subject_id")
    date_hierarchy = "at"


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnly):
    list_display = ("task", "key", "created_at", "handed_over_at", "attempts")
    list_filter = ("task",)


@admin.register(VectorSpace)
class VectorSpaceAdmin(ReadOnly):
    list_display = ("model", "revision", "dimensions", "next_model", "changed_at")
