from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.common import versions
from corridor.partnerships import queries as partnerships
from corridor.partnerships.models import Agreement
from corridor.programs import examples, services
from corridor.programs import queries as programs
from corridor.programs.kinds import Kind
from corridor.programs.models import Program
from corridor.web import autosaving, present
from corridor.web.firm import posting
from corridor.web.firm.access import Seat, page, workplace
from corridor.web.firm.advice import advice
from corridor.web.firm.forms import BasicsForm


def _kind_words() -> dict[str, str]:
    return {
        Kind.INTERNSHIP: _("Learn in a firm or lab under a training plan, up to a year."),
        Kind.APPRENTICESHIP: _("Learn a trade on the job with related instruction."),
        Kind.DISPATCH: _("Send your own technicians to install, start up or service equipment."),
        Kind.JOINT_RESEARCH: _("Researchers of two institutions work on one theme."),
        Kind.JOINT_CURRICULUM: _("Two institutions teach one course or degree together."),
        Kind.TRAINING: _("Prepare people for a plant or a process before they start."),
        Kind.STARTUP: _("A Korean team meets an accelerator, investor or customer."),
    }


def agreements_of(request: HttpRequest, seat: Seat) -> QuerySet[Agreement]:
    return partnerships.of_organization(request.user, seat.organization).exclude(
        status__in=Agreement.OVER
    )


@workplace(write=True)
def program_new(request: HttpRequest, seat: Seat) -> HttpResponse:
    """First the kind, then its first section; the draft exists from then on."""
    kind = request.GET.get("kind", "")
    under = request.GET.get("agreement", "")
    agreements = agreements_of(request, seat)
    agreement = agreements.filter(pk=int(under)).first() if under.isdecimal() else None
    if kind not in Kind.values:
        words = _kind_words()
        suffix = f"&agreement={agreement.pk}" if agreement else ""
        kinds = [
            {"value": value, "label": label, "words": words[value],
             "url": f"?kind={value}{suffix}"}
            for value, label in Kind.choices
        ]  # fmt: skip
        return page(request, seat, "firm/program_new.html", {"kinds": kinds})
    program = Program(organization=seat.organization, kind=kind, agreement=agreement)
    if request.method == "POST" and "example" in request.POST:
        return _begun(request, seat, kind, agreement)
    posted = request.POST if request.method == "POST" else None
    form = BasicsForm(posted, instance=program, agreements=agreements)
    if posted is not None and form.is_valid():
        try:
            made = services.save_program(
                None, by=request.user, organization=seat.organization, kind=kind,
                details=_named_by(agreement, kind), **form.cleaned_data,
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The draft is kept. Go on whenever you like."))
            return redirect("firm:program_section", seat.organization.slug, made.pk, "terms")
    return page(
        request,
        seat,
        "firm/program_section.html",
        {
            "form": form,
            "section": "basics",
            "title": posting.titles()["basics"],
            "kind": Kind(kind).label,
            "kind_icon": f"kind-{kind}",
            "number": 1,
            "of": len(posting.ORDER),
            "has_next": True,
            "agreement": agreement,
            "starts": True,
        },
    )


def _begun(
    request: HttpRequest, seat: Seat, kind: str, agreement: Agreement | None
) -> HttpResponse:
    """A draft that begins with the example texts of its kind."""
    texts = examples.fields(kind, present.language())
    texts["details"] |= _named_by(agreement, kind)
    made = services.save_program(
        None, by=request.user, organization=seat.organization, kind=kind, agreement=agreement,
        **texts,
    )  # fmt: skip
    messages.success(
        request,
        _("The draft begins with example texts. Replace each with your own words: they cannot be "
          "published as they are."),
    )  # fmt: skip
    return redirect("firm:program_section", seat.organization.slug, made.pk, "basics")


def _named_by(agreement: Agreement | None, kind: str) -> dict[str, Any]:
    """What an agreement already says about a program made under it."""
    if agreement is None or kind not in {Kind.JOINT_RESEARCH, Kind.JOINT_CURRICULUM}:
        return {}
    return {
        "korean_institution": agreement.korean_party.name,
        "us_institution": agreement.us_party.name,
    }


def own(request: HttpRequest, seat: Seat, pk: int) -> Program:
    """A program of the organization, with all that its sections and the advice read."""
    found = programs.of_organization(request.user, seat.organization)
    return get_object_or_404(
        found.select_related("agreement").prefetch_related("duties", "requirements"), pk=pk
    )


@workplace(write=True, staff=True)
def program_edit(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """Where the posting stands: its sections, what is missing, the advice, and publishing."""
    program = own(request, seat, pk)
    return page(
        request,
        seat,
        "firm/program_edit.html",
        {
            "program": program,
            "parts": standing(program),
            "advice": advice(program, day=timezone.localdate()),
            "card": present.program_card(program),
        },
    )


def standing(program: Program) -> dict[str, Any]:
    """Where the posting stands: its sections with what each lacks, and the first to go on with."""
    lacks: dict[str, list[str]] = {}
    for field, sentences in services.missing_to_publish(program).items():
        lacks.setdefault(posting.section_of(field), []).extend(
            f"{posting.label_of(program, field)}: {sentence}" if field.startswith("details.")
            else sentence
            for sentence in sentences
        )  # fmt: skip
    names = posting.titles()
    filled = {
        "asked": bool(program.requirements.all() or program.walks or program.min_degree),
        "answers": bool(program.rule_facts),
    }
    sections = [
        {"name": name, "title": names[name], "missing": lacks.get(name, []),
         "filled": filled.get(name, name not in lacks)}
        for name in posting.ORDER
    ]  # fmt: skip
    done = sum(each["filled"] for each in sections)
    return {
        "sections": sections,
        "missing": sum(len(sentences) for sentences in lacks.values()),
        "done": done,
        "share": round(100 * done / len(sections)),
        "go_on": next((each for each in sections if each["missing"]), None)
        or next((each for each in sections if not each["filled"]), None),
    }


@workplace(write=True, staff=True)
def program_section(request: HttpRequest, seat: Seat, pk: int, section: str) -> HttpResponse:
    if section not in posting.ORDER:
        raise Http404
    program = own(request, seat, pk)
    shown = posting.section(request, program, section, agreements_of(request, seat))
    place = posting.ORDER.index(section)
    problems: list[str] = []
    if request.method == "POST" and "more" not in request.POST and shown.is_valid():
        try:
            shown.save(request)
        except versions.Outdated:
            shown.met(request, own(request, seat, pk))
        except ValidationError as error:
            problems = shown.show(error)
        else:
            messages.success(request, _("Saved."))
            slug = seat.organization.slug
            if "next" in request.POST and place + 1 < len(posting.ORDER):
                return redirect("firm:program_section", slug, pk, posting.ORDER[place + 1])
            return redirect("firm:program_edit", slug, pk)
    # As saved: what was typed but refused is in the form, not in the frame around it.
    stored = own(request, seat, pk) if request.method == "POST" else program
    return page(
        request,
        seat,
        "firm/program_section.html",
        {
            "program": stored,
            "part": shown,
            "form": shown.form,
            "rows": shown.rows,
            "problems": problems,
            "opened": shown.carried(request, stored),
            "page_token": autosaving.token(request),
            "parts": standing(stored),
            "section": section,
            "title": posting.titles()[section],
            "kind": stored.get_kind_display(),
            "kind_icon": f"kind-{stored.kind}",
            "number": place + 1,
            "of": len(posting.ORDER),
            "has_next": place + 1 < len(posting.ORDER),
            "whole_time": stored.kind == Kind.DISPATCH,
            "share": sum(duty.share_pct or 0 for duty in stored.duties.all()),
            "advice": advice(stored, day=timezone.localdate()),
        },
    )


@require_POST
@workplace(write=True, staff=True)
def program_publish(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    program = own(request, seat, pk)
    try:
        published = services.publish(program, by=request.user)
    except ValidationError as error:
        messages.error(request, _("Not published yet: %s") % " ".join(error.messages))
        return redirect("firm:program_edit", seat.organization.slug, pk)
    if published.status == Program.Status.PUBLISHED:
        messages.success(request, _("Published. Candidates can find it and apply now."))
    else:
        messages.success(request, _("Sent. Our staff looks at it and writes to you by mail."))
    return redirect("firm:program_edit", seat.organization.slug, pk)


@require_POST
@workplace(write=True, staff=True)
def program_close(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    try:
        services.close(own(request, seat, pk), by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request, _("Closed to new applications. Those under way go on as they are.")
        )
    return redirect("firm:program_edit", seat.organization.slug, pk)
