"""The ground comes from reviewed files (places/data, `manage.py load_ground`): here it is read."""

from __future__ import annotations

from django.contrib import admin

from corridor.common.admin import ReadOnly
from corridor.places.models import Hub, InvestmentProject, Sector, State


@admin.register(Sector)
class SectorAdmin(ReadOnly):
    list_display = ("slug", "name_ko", "name_en", "order")


@admin.register(State)
class StateAdmin(ReadOnly):
    list_display = ("code", "name_ko", "name_en")
    search_fields = ("code", "name_ko", "name_en")


@admin.register(Hub)
class HubAdmin(ReadOnly):
    list_display = ("slug", "name_ko", "name_en", "state", "as_of")
    list_filter = ("state",)
    list_select_related = ("state",)
    search_fields = ("slug", "name_ko", "name_en")


@admin.register(InvestmentProject)
class InvestmentProjectAdmin(ReadOnly):
    list_display = ("slug", "hub", "sector", "announced_on")
    list_filter = ("sector",)
    list_select_related = ("hub", "sector")
    search_fields = ("slug",)
