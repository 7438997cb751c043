from __future__ import annotations

from django.contrib import admin

from corridor.common.admin import ReadOnly
from corridor.programs.models import Duty, Program, Requirement


class DutyInline(admin.TabularInline):
    model = Duty
    extra = 0
    can_delete = False


class RequirementInline(admin.TabularInline):
    model = Requirement
    extra = 0
    can_delete = False


@admin.register(Program)
class ProgramAdmin(ReadOnly):
    """Staff change a program on its own pages, where the change is audited."""

    list_display = ("pk", "title_ko", "title_en", "kind", "status", "organization", "starts_on",
                    "source", "is_sample")  # fmt: skip
    list_filter = ("status", "kind", "source", "is_sample")
    list_select_related = ("organization",)
    search_fields = ("title_ko", "title_en", "source_id")
    inlines = (DutyInline, RequirementInline)
    exclude = ("vector", "staged_vector", "term_ids")
