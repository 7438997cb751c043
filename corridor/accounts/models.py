"""People, organizations, who belongs to which, and what a person has consented to."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from corridor.common.language import pick
from corridor.common.models import Dated


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in by e-mail; their profile and memberships say what they may do."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    name_roman = models.CharField(_("name as in the passport"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default="ko"
    )
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    # When the person closed the account; what is kept of them goes a week later (see
    # applications.leaving), unless staff have made it active again.
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []
    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_an_email")]

    def __str__(self) -> str:
        return f"user {self.pk}"


class Organization(Dated):
    class Kind(models.TextChoices):
        FIRM = "firm", _("Firm")
        UNIVERSITY = "university", _("University")
        SPONSOR = "sponsor", _("Visa sponsor")
        PUBLIC_AGENCY = "public_agency", _("Public agency")

    class Country(models.TextChoices):
        KR = "KR", _("Korea")
        US = "US", _("United States")

    class Status(models.TextChoices):
        UNVERIFIED = "unverified", _("Not verified yet")
        VERIFIED = "verified", _("Verified")
        REJECTED = "rejected", _("Verification refused")

    class Evidence(models.TextChoices):
        REGISTER = "register", _("Business number in the public register")
        DOMAIN = "domain", _("E-mail of the same domain as the website")
        CALL = "call", _("Call back at the number of the public register")
        PAPER = "paper", _("Certificate or official letter")
        PARTNER = "partner", _("Named by a verified partner")

    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    country = models.CharField(_("country"), max_length=2, choices=Country)
    name_ko = models.CharField(_("name (Korean)"), max_length=160, blank=True)
    name_en = models.CharField(_("name (English)"), max_length=160, blank=True)
    about_ko = models.TextField(_("about (Korean)"), blank=True)
    about_en = models.TextField(_("about (English)"), blank=True)
    website = models.URLField(_("website"), blank=True)
    business_number = models.CharField(_("business registration number"), max_length=40, blank=True)
    state = models.CharField(_("U.S. state"), max_length=2, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    status = models.CharField(
        _("verification"), max_length=12, choices=Status, default=Status.UNVERIFIED
    )
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    verification_note = models.TextField(_("evidence of verification"), blank=True)
    # What staff looked at, for everybody to read; the note beside it is for the organization alone.
    evidence_kinds = ArrayField(
        models.CharField(max_length=20, choices=Evidence), default=list, blank=True
    )
    is_sample = models.BooleanField(_("sample"), default=False)
    # Facts of the rules that hold for every program of this organization, such as
    # {"program.employer_everify": true}. Keys and types are checked by programs.services.
    rule_facts = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name_ko="", name_en=""), name="an_organization_has_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return pick(self, "name")

    @property
    def about(self) -> str:
        return pick(self, "about")

    @property
    def evidence(self) -> list[str]:
        """What its verification rests on, in the reader's language."""
        return [str(self.Evidence(kind).label) for kind in self.evidence_kinds]

    @property
    def is_verified(self) -> bool:
        return self.status == self.Status.VERIFIED


class Membership(Dated):
    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        EDITOR = "editor", _("Editor")
        REVIEWER = "reviewer", _("Reviewer")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.EDITOR)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organization"], name="one_role_a_member")
        ]

    def __str__(self) -> str:
        return f"membership {self.pk}"


class Consent(models.Model):
    """A person's recorded, withdrawable consent to give personal data to a named recipient.

    The items are those that PIPA Article 28-8(2) asks to be told for a transfer abroad: what is
    sent, to which country, when and how, to whom, for what purpose and how long, and how to
    refuse.
    """

    class Purpose(models.TextChoices):
        SHARE_IDENTITY = "share_identity", _("Give my identity and application file to a host")
        BE_FOUND = "be_found", _("Be found by hosts under a pseudonym")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents"
    )
    purpose = models.CharField(max_length=20, choices=Purpose)
    recipient = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recipient_name = models.CharField(max_length=200, blank=True)
    recipient_country = models.CharField(max_length=2, blank=True)
    items = models.JSONField(default=list)
    text_version = models.CharField(max_length=20)
    language = models.CharField(max_length=2)
    given_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "purpose"])]
        ordering = ["-given_at"]

    def __str__(self) -> str:
        return f"consent {self.pk}"

    @property
    def stands(self) -> bool:
        return self.withdrawn_at is None


class Invitation(models.Model):
    """One mail that asks somebody to join a team. The link in it holds while this row does."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="invitations"
    )
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Membership.Role)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class SupportVisit(models.Model):
    """One time that staff looked at the site as somebody else, and why. The person reads it, too.

    Nothing can be changed in a visit, and what is encrypted of the person stays hidden (see
    web.support).
    """

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="support_visits"
    )
    reason = models.CharField(_("reason"), max_length=300)
    started_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"support visit {self.pk}"
