"""What the API says of a row. Names are those of the models; texts come in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from corridor import rules
from corridor.applications.models import Application
from corridor.candidates.models import (
    Candidate,
    Education,
    HeldCredential,
    LanguageScore,
    Work,
)
from corridor.places.models import Hub, InvestmentProject, Sector
from corridor.programs.kinds import Kind
from corridor.programs.models import Duty, Program, Requirement
from corridor.rules import asking


class KnownFieldsOnly:
    """Refuses a field that it does not know, naming the nearest: a misspelt fact or wish would
    otherwise be lost without a word."""

    fields: Any

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            writable = [name for name, field in self.fields.items() if not field.read_only]
            errors = {
                str(name)[:80]: [_unknown(str(name), name in self.fields, writable)]
                for name in data
                if name not in writable
            }
            if errors:
                raise serializers.ValidationError(errors)
        return super().to_internal_value(data)  # type: ignore[misc]


def _unknown(name: str, is_known: bool, writable: list[str]) -> str:
    if is_known:
        return _("This field cannot be changed here.")
    near = get_close_matches(name, writable, n=1)
    if near:
        return _("There is no such field. Did you mean “%s”?") % near[0]
    return _("There is no such field. Known: %s") % ", ".join(writable)


class SectorSerializer(serializers.ModelSerializer[Sector]):
    class Meta:
        model = Sector
        fields = ["slug", "name_ko", "name_en", "summary_ko", "summary_en"]


class ProjectSerializer(serializers.ModelSerializer[InvestmentProject]):
    sector = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = InvestmentProject
        fields = ["slug", "firm_name_ko", "firm_name_en", "title_ko", "title_en", "sector",
                  "amount_usd", "phase", "jobs", "announced_on", "source_title", "source_url",
                  "evidence", "as_of"]  # fmt: skip


class HubSerializer(serializers.ModelSerializer[Hub]):
    state = serializers.SlugRelatedField(slug_field="code", read_only=True)
    sectors = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)
    projects = ProjectSerializer(many=True, read_only=True)

    class Meta:
        model = Hub
        fields = ["slug", "name_ko", "name_en", "city", "state", "latitude", "longitude",
                  "timezone", "sectors", "summary_ko", "summary_en", "projects", "source_title",
                  "source_url", "as_of"]  # fmt: skip


class DutySerializer(serializers.ModelSerializer[Duty]):
    class Meta:
        model = Duty
        fields = ["text", "activity", "share_pct", "where", "paid_by", "place", "payer"]


class RequirementSerializer(serializers.ModelSerializer[Requirement]):
    class Meta:
        model = Requirement
        fields = ["kind", "text", "ref", "is_required"]


class ProgramSerializer(serializers.ModelSerializer[Program]):
    host = serializers.CharField(source="host_name", read_only=True)
    organization = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    sector = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    hub = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    duration_months = serializers.FloatField(read_only=True, allow_null=True)

    class Meta:
        model = Program
        fields = ["id", "kind", "status", "title_ko", "title_en", "summary_ko", "summary_en",
                  "host", "organization", "sector", "hub", "state", "place_text", "seats",
                  "starts_on", "ends_on", "duration_months", "apply_by", "pay_amount",
                  "pay_currency", "pay_period", "hours_per_week", "language", "min_toeic",
                  "min_degree", "sponsor", "is_sample"]  # fmt: skip


class ProgramDetailSerializer(ProgramSerializer):
    duties = DutySerializer(many=True, read_only=True)
    requirements = RequirementSerializer(many=True, read_only=True)

    class Meta(ProgramSerializer.Meta):
        fields = [*ProgramSerializer.Meta.fields, "description_ko", "description_en", "details",
                  "degree_is_required", "min_experience_months", "experience_is_required",
                  "sponsor_name", "candidate_cost_note", "source_url", "duties",
                  "requirements"]  # fmt: skip


class EducationSerializer(serializers.ModelSerializer[Education]):
    class Meta:
        model = Education
        exclude = ["id", "candidate"]


class WorkSerializer(serializers.ModelSerializer[Work]):
    class Meta:
        model = Work
        exclude = ["id", "candidate"]


class CredentialSerializer(serializers.ModelSerializer[HeldCredential]):
    class Meta:
        model = HeldCredential
        fields = ["name", "credential_id", "issued_on", "expires_on"]
        read_only_fields = ["credential_id"]


class LanguageSerializer(serializers.ModelSerializer[LanguageScore]):
    class Meta:
        model = LanguageScore
        exclude = ["id", "candidate"]


class ProfileSerializer(KnownFieldsOnly, serializers.ModelSerializer[Candidate]):
    """One's own profile. Birth date, passport, sex and military service never leave by the API."""

    educations = EducationSerializer(many=True, read_only=True)
    works = WorkSerializer(many=True, read_only=True)
    credentials = CredentialSerializer(many=True, read_only=True)
    languages = LanguageSerializer(many=True, read_only=True)

    class Meta:
        model = Candidate
        fields = ["card_code", "walk", "headline", "about", "research_interests", "skills_text",
                  "city", "nationality", "us_status", "kinds", "sectors", "hubs",
                  "available_from", "available_until", "min_months", "max_months", "visibility",
                  "skill_ids", "educations", "works", "credentials", "languages"]  # fmt: skip
        read_only_fields = ["card_code", "visibility", "skill_ids"]

    def validate_kinds(self, values: list[str]) -> list[str]:
        return _chosen(values, Kind.values)

    def validate_sectors(self, values: list[str]) -> list[str]:
        return _chosen(values, Sector.objects.values_list("slug", flat=True))

    def validate_hubs(self, values: list[str]) -> list[str]:
        return _chosen(values, Hub.objects.values_list("slug", flat=True))


def _chosen(values: list[str], known: Iterable[str]) -> list[str]:
    """The values without repeats, all of them known ones."""
    known = list(known)
    for value in values:
        if value not in known:
            near = get_close_matches(value, known, n=1)
            hint = _("Did you mean “%s”?") % near[0] if near else _("Known: %s") % ", ".join(known)
            raise serializers.ValidationError(
                _("“%s” is not one of the known values.") % value[:80] + f" {hint}"
            )
    return list(dict.fromkeys(values))


class ApplicationSerializer(serializers.ModelSerializer[Application]):
    program_title = serializers.CharField(source="program.title", read_only=True)
    host = serializers.CharField(source="program.host_name", read_only=True)

    class Meta:
        model = Application
        fields = ["id", "program", "program_title", "host", "state", "submitted_at",
                  "answer_by", "updated_at"]  # fmt: skip


class AssessSerializer(KnownFieldsOnly, serializers.Serializer[Any]):
    """Facts by room, in the rules' own names; `kind` limits to routes for that kind of program."""

    candidate = serializers.DictField(required=False)
    program = serializers.DictField(required=False)
    derived = serializers.DictField(required=False)
    system = serializers.DictField(required=False)
    day = serializers.DateField(required=False)
    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    pathways = serializers.ListField(child=serializers.CharField(), required=False)


class VerdictSerializer(serializers.Serializer[Any]):
    pathway = serializers.CharField()
    name = serializers.CharField()
    verdict = serializers.ChoiceField(
        choices=["eligible", "conditional", "not_eligible", "not_available"]
    )
    display = serializers.ChoiceField(choices=["works", "works_if", "no", "unknown"])
    status = serializers.CharField()
    day = serializers.DateField()
    reasons = serializers.ListField(child=serializers.DictField())
    missing = serializers.ListField(child=serializers.CharField())
    changes = serializers.ListField(child=serializers.DictField())
    exit_rule = serializers.DictField(allow_null=True)
    ahead = serializers.ListField(child=serializers.DictField())
    legal_notes = serializers.ListField(child=serializers.DictField())
    upcoming = serializers.ListField(child=serializers.DictField())
    documents = serializers.ListField(child=serializers.DictField())
    fees = serializers.ListField(child=serializers.DictField())
    fee_totals = serializers.DictField(child=serializers.FloatField())
    earliest_start = serializers.ListField(child=serializers.DateField(), allow_null=True)
    timeline = serializers.DictField(allow_null=True)
    citations = serializers.ListField(child=serializers.CharField())
    evidence = serializers.CharField()
    checked_on = serializers.DateField()
    volatility = serializers.CharField()


class ChoiceSerializer(serializers.Serializer[Any]):
    value = serializers.CharField()
    label = serializers.CharField()


class QuestionSerializer(serializers.Serializer[Any]):
    """An open fact as a question. `who` can answer; `pathway` hangs on it by `citation`."""

    fact = serializers.CharField()
    question = serializers.CharField()
    who = serializers.ChoiceField(choices=["candidate", "host", "school", "authority"])
    type = serializers.CharField()
    unit = serializers.CharField(allow_null=True)
    choices = ChoiceSerializer(many=True)
    pathway = serializers.CharField(allow_null=True)
    why = serializers.CharField()
    citation = serializers.CharField()


def questions(assessment: rules.Assessment, lang: str) -> list[dict[str, Any]]:
    """The open facts of an assessment as questions in `lang`, in the order of `missing`."""
    registry, askers = rules.facts(), asking.askers(assessment)
    made = []
    for fact in assessment.missing:
        spec, by = registry[fact], askers.get(fact)
        made.append(
            {
                "fact": fact,
                "question": spec.question(lang),
                "who": spec.who,
                "type": spec.type,
                "unit": spec.unit,
                "choices": [
                    {"value": value, "label": spec.choice(value, lang)} for value in spec.choices
                ],
                "pathway": by.verdict.pathway if by else None,
                "why": by.requirement.note(lang) if by else "",
                "citation": by.requirement.backing.citation if by else "",
            }
        )
    return made


class AssessmentSerializer(serializers.Serializer[Any]):
    day = serializers.DateField()
    revision = serializers.CharField()
    verdicts = VerdictSerializer(many=True)
    missing = serializers.ListField(child=serializers.CharField())
    questions = QuestionSerializer(many=True)


class MatchSerializer(serializers.Serializer[Any]):
    program = serializers.IntegerField()
    title = serializers.CharField()
    percent = serializers.IntegerField()
    score = serializers.FloatField()
    parts = serializers.ListField(child=serializers.DictField())
    headline = serializers.CharField()
    pathway = serializers.CharField()
    reasons = serializers.ListField(child=serializers.DictField())
    gaps = serializers.ListField(child=serializers.DictField())
    climb = serializers.DictField(allow_null=True)
    unmet = serializers.ListField(child=serializers.DictField())
    is_provisional = serializers.BooleanField()
    verdict = VerdictSerializer(allow_null=True)
