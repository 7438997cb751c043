from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from corridor.accounts.models import Consent, Membership, Organization, User
from corridor.common import audit
from corridor.common.admin import ReadOnly


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Staff open and close accounts; only a superuser makes others staff."""

    list_display = ("email", "is_active", "is_staff", "date_joined")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email",)
    fields = ("email", "language", "is_active", "is_staff", "is_superuser", "groups",
              "date_joined", "last_login")  # fmt: skip

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """With a member's name, which papers are signed by: who signed up as "HR" asks staff to
        put it right. A candidate's name is theirs to write."""
        if hasattr(obj, "candidate"):
            return self.fields
        return ("name", "name_roman", *self.fields)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if named := sorted({"name", "name_roman"} & set(form.changed_data)):
            audit.record("user.named", obj, by=request.user, fields=named)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fixed = ("email", "language", "date_joined", "last_login")
        if request.user.is_superuser:
            return fixed
        return (*fixed, "is_staff", "is_superuser", "groups")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    raw_id_fields = ("user",)


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin):
    """Verification has its own page (staff:verify), where the evidence is asked."""

    list_display = ("slug", "kind", "country", "status", "is_sample", "created_at")
    list_filter = ("status", "kind", "country", "is_sample")
    search_fields = ("slug", "name_ko", "name_en")
    readonly_fields = ("slug", "status", "verified_at", "verified_by", "verification_note",
                       "is_sample", "rule_facts")  # fmt: skip
    inlines = (MembershipInline,)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Consent)
class ConsentAdmin(ReadOnly):
    list_display = ("pk", "purpose", "recipient_name", "recipient_country", "given_at",
                    "withdrawn_at")  # fmt: skip
    list_filter = ("purpose", "recipient_country")
    fields = ("purpose", "recipient_name", "recipient_country", "items", "text_version",
              "language", "given_at", "withdrawn_at")  # fmt: skip
