from __future__ import annotations

from django.contrib import admin

from corridor.common.admin import ReadOnly
from corridor.partnerships.models import Agreement


@admin.register(Agreement)
class AgreementAdmin(ReadOnly):
    list_display = ("title_ko", "title_en", "kind", "status", "korean_party", "us_party", "ends_on")
    list_filter = ("status", "kind", "is_sample")
    list_select_related = ("korean_party", "us_party")
    search_fields = ("title_ko", "title_en")
