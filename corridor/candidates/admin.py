"""Candidates as staff need them: that a profile exists, of what kind and whether it is found.

No name, text, document, score or encrypted field stands here.
"""

from __future__ import annotations

from django.contrib import admin

from corridor.candidates.models import Candidate
from corridor.common.admin import ReadOnly


@admin.register(Candidate)
class CandidateAdmin(ReadOnly):
    list_display = ("card_code", "walk", "visibility", "is_sample", "created_at", "updated_at")
    list_filter = ("walk", "visibility", "is_sample")
    search_fields = ("card_code",)
    fields = ("card_code", "walk", "visibility", "is_sample", "created_at", "updated_at")
