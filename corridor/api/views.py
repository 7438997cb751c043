"""Machine-readable doors to the same queries and services that the pages use."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError as Refused
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from corridor import rules
from corridor.api import serializers as shapes
from corridor.applications import queries as applications
from corridor.candidates import queries as candidates
from corridor.candidates import services as candidate_services
from corridor.candidates.models import Candidate
from corridor.common.language import language_code
from corridor.matching import queries as matching
from corridor.places import queries as places
from corridor.programs import queries as programs
from corridor.programs.kinds import Kind


class Sectors(viewsets.ReadOnlyModelViewSet):  # type: ignore[type-arg]
    """The twelve sectors."""

    permission_classes = [AllowAny]
    serializer_class = shapes.SectorSerializer
    lookup_field = "slug"
    pagination_class = None
    queryset = places.sectors()


class Hubs(viewsets.ReadOnlyModelViewSet):  # type: ignore[type-arg]
    """U.S. hubs with their Korean investment projects, each with its source and day."""

    permission_classes = [AllowAny]
    serializer_class = shapes.HubSerializer
    lookup_field = "slug"
    queryset = places.hubs()


_SEARCH = [
    OpenApiParameter("q", str, description="words in Korean or English"),
    OpenApiParameter("kind", str, many=True),
    OpenApiParameter("sector", str, many=True),
    OpenApiParameter("hub", str, many=True),
    OpenApiParameter("state", str, many=True),
    OpenApiParameter("sponsor", str, many=True),
    OpenApiParameter("from", str, description="first day on or after, YYYY-MM-DD"),
    OpenApiParameter("until", str, description="first day on or before, YYYY-MM-DD"),
    OpenApiParameter("order", str, enum=["best", "new", "deadline", "soon"]),
]


@extend_schema_view(list=extend_schema(parameters=_SEARCH))
class Programs(viewsets.ReadOnlyModelViewSet):  # type: ignore[type-arg]
    """Open programs, searched as the search page does; one by its id."""

    permission_classes = [AllowAny]
    filter_backends: list[Any] = []
    queryset = programs.visible_to(None)

    def get_serializer_class(self) -> Any:
        return (
            shapes.ProgramDetailSerializer
            if self.action == "retrieve"
            else shapes.ProgramSerializer
        )

    def get_queryset(self) -> Any:
        if self.action == "retrieve":
            return (
                programs.visible_to(self.request.user)
                .select_related(*programs.RELATED)
                .prefetch_related("duties", "requirements")
            )
        filters = programs.filters_from(self.request.query_params)
        return programs.search(filters, day=timezone.localdate()).programs


def _mine(request: Request) -> Candidate:
    candidate = candidates.of(request.user)
    if candidate is None:
        raise PermissionDenied(_("This account has no candidate profile."))
    return candidate


class MyProfile(APIView):
    """One's own profile."""

    @extend_schema(responses=shapes.ProfileSerializer)
    def get(self, request: Request) -> Response:
        return Response(shapes.ProfileSerializer(_mine(request)).data)

    @extend_schema(request=shapes.ProfileSerializer(partial=True),
                   responses=shapes.ProfileSerializer)  # fmt: skip
    def patch(self, request: Request) -> Response:
        candidate = _mine(request)
        given = shapes.ProfileSerializer(candidate, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        try:
            candidate_services.save_profile(
                candidate, by=request.user, **dict(given.validated_data)
            )
        except Refused as error:
            raise ValidationError(
                error.message_dict if hasattr(error, "error_dict") else error.messages
            ) from error
        return Response(shapes.ProfileSerializer(_mine(request)).data)


class MyMatches(APIView):
    """One's best open programs with reasons, gaps and the best visa route's verdict."""

    @extend_schema(
        parameters=[OpenApiParameter("limit", int), OpenApiParameter("kind", str, many=True)],
        responses=shapes.MatchSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        raw = request.query_params.get("limit", "20")
        if not raw.isdecimal() or not 1 <= int(raw) <= 100:
            raise ValidationError({"limit": [_("Give a whole number from 1 to 100.")]})
        kinds = request.query_params.getlist("kind") or None
        if unknown := set(kinds or ()) - set(Kind.values):
            raise ValidationError({"kind": [
                _("“%(value)s” is no kind of program. Known: %(known)s")
                % {"value": min(unknown)[:40], "known": ", ".join(Kind.values)}
            ]})  # fmt: skip
        found = matching.programs_for(
            _mine(request), day=timezone.localdate(), limit=int(raw), kinds=kinds
        )
        return Response([match.as_dict() for match in found])


class MyApplications(mixins.ListModelMixin, viewsets.GenericViewSet):  # type: ignore[type-arg]
    """One's own applications."""

    serializer_class = shapes.ApplicationSerializer
    queryset = applications.visible_to(None)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return applications.of_candidate(_mine(self.request))


class Assess(APIView):
    """Verdicts of visa routes for facts that you state. An absent fact is unknown: never yes, never
    no. Nothing is kept. General information, not legal advice."""

    permission_classes = [AllowAny]

    @extend_schema(request=shapes.AssessSerializer, responses=shapes.AssessmentSerializer)
    def post(self, request: Request) -> Response:
        given = shapes.AssessSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        rooms = ("candidate", "program", "derived", "system")
        try:
            facts = rules.parse_case({room: asked[room] for room in rooms if room in asked})
            assessment = rules.assess(
                facts,
                day=asked.get("day") or timezone.localdate(),
                pathways=asked.get("pathways"),
                kind=asked.get("kind"),
            )
        except (rules.FactError, rules.UnknownPathway, ValueError) as error:
            raise ValidationError({"facts": [str(error)]}) from error
        lang = language_code()
        return Response(
            {**assessment.as_dict(lang), "questions": shapes.questions(assessment, lang)}
        )


class NotThere(APIView):
    """Any other address under /api/: an answer in JSON, not a page."""

    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def get(self, request: Request, rest: str = "") -> Response:
        raise Http404
