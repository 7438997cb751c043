"""That an application exists and where it stands; neither who sent it nor what it says."""

from __future__ import annotations

from django.contrib import admin

from corridor.applications.models import Application
from corridor.common.admin import ReadOnly


@admin.register(Application)
class ApplicationAdmin(ReadOnly):
    list_display = ("pk", "program", "state", "submitted_at", "answer_by", "updated_at")
    list_filter = ("state",)
    list_select_related = ("program",)
    fields = ("program", "state", "submitted_at", "answer_by", "created_at", "updated_at")
