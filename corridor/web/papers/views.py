"""The pages of countersigned papers: the same for every side, reached through an organization's
workplace or as the candidate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.applications.countersigned import (
    crediting,
    printing,
    queries,
    shapes,
    signing,
    wording,
    writing,
)
from corridor.applications.models import Paper, PaperSignature
from corridor.candidates.models import Candidate
from corridor.web.candidate.access import candidate_page
from corridor.web.firm.access import Seat, workplace
from corridor.web.papers import reading
from corridor.web.papers.forms import BackForm, CreditForm, HoursForm, WordsForm
from corridor.web.papers.reading import Reader, as_candidate, as_member

SPONSOR = "sponsor"


# --- through an organization ------------------------------------------------------------------
@workplace()
def paper(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    return _paper(request, as_member(request, seat, pk))


@workplace(write=True)
def edit(request: HttpRequest, seat: Seat, pk: int, section: str) -> HttpResponse:
    return _edit(request, as_member(request, seat, pk), section)


@workplace(write=True)
def phase(request: HttpRequest, seat: Seat, pk: int, number: int) -> HttpResponse:
    return _phase(request, as_member(request, seat, pk), number)


@require_POST
@workplace(write=True)
def act(request: HttpRequest, seat: Seat, pk: int, act: str) -> HttpResponse:
    return _act(request, as_member(request, seat, pk), act)


@workplace()
def pdf(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    return _pdf(as_member(request, seat, pk))


@workplace()
def scan(request: HttpRequest, seat: Seat, pk: int, signature: int) -> FileResponse:
    return _scan(as_member(request, seat, pk), signature)


# --- as the candidate -------------------------------------------------------------------------
@candidate_page
def mine(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    return _paper(request, as_candidate(request, pk))


@candidate_page
def mine_edit(request: HttpRequest, candidate: Candidate, pk: int, section: str) -> HttpResponse:
    return _edit(request, as_candidate(request, pk), section)


@require_POST
@candidate_page
def mine_act(request: HttpRequest, candidate: Candidate, pk: int, act: str) -> HttpResponse:
    return _act(request, as_candidate(request, pk), act)


@candidate_page
def mine_pdf(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    return _pdf(as_candidate(request, pk))


@candidate_page
def mine_scan(
    request: HttpRequest, candidate: Candidate, pk: int, signature: int
) -> FileResponse:
    return _scan(as_candidate(request, pk), signature)


# --- what they share --------------------------------------------------------------------------
def _paper(request: HttpRequest, reader: Reader) -> HttpResponse:
    return reading.page(request, reader, "papers/paper.html", reading.whole(reader))


def _edit(request: HttpRequest, reader: Reader, section: str) -> HttpResponse:
    """One section of the words; of a plan also its sponsor."""
    if not reader.may_write:
        raise PermissionDenied
    found = reader.paper
    data = request.POST if request.method == "POST" else None
    if section == SPONSOR and found.kind == found.Kind.TRAINING_PLAN:
        return _sponsor(request, reader, data)
    part = next((each for each in shapes.of(found).sections if each.id == section), None)
    if part is None:
        raise Http404
    form = WordsForm(data, words=part.fields, content=found.content, revision=found.revision)

    def save(**told: Any) -> None:
        writing.save(found, values=form.values(), **told)

    return _saved(request, reader, form, str(part.title), save)


def _sponsor(request: HttpRequest, reader: Reader, data: Any) -> HttpResponse:
    form = reading.sponsor_form(reader, data)

    def save(**told: Any) -> None:
        given = form.cleaned_data
        writing.name_third(reader.paper, third=given["third"], name=given["name"], **told)

    return _saved(request, reader, form, _("Program sponsor"), save)


def _saved(
    request: HttpRequest, reader: Reader, form: Any, part: str, save: Callable[..., Any],
    **shown: Any,
) -> HttpResponse:  # fmt: skip
    """Write what a form of the words says, and back to the paper; else the form with its errors."""
    if form.is_valid():
        try:
            save(by=reader.user, side=reader.side, revision=form.cleaned_data["revision"])
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Saved."))
            return redirect(reader.url())
    return reading.page(
        request, reader, "papers/edit.html", {"form": form, "part": part, **shown}
    )


def _phase(request: HttpRequest, reader: Reader, number: int) -> HttpResponse:
    """One phase; the number after the last adds one; `remove` takes it away."""
    if not reader.may_write:
        raise PermissionDenied
    found = reader.paper
    parts, shape = shapes.phases(found.content), shapes.of(found)
    if not shape.parts or not 1 <= number <= min(len(parts) + 1, shapes.MOST_PARTS):
        raise Http404
    is_new = number > len(parts)
    data = request.POST if request.method == "POST" else None
    form = WordsForm(
        data, words=shape.parts, content={} if is_new else parts[number - 1],
        revision=found.revision,
    )  # fmt: skip

    def save(**told: Any) -> None:
        if "remove" in request.POST:
            writing.remove_phase(found, number=number, **told)
        else:
            writing.save_phase(found, number=number, values=form.values(), **told)

    part = _("A new phase") if is_new else _("Phase %d") % number
    return _saved(
        request, reader, form, part, save, may_remove=not is_new and len(parts) > 1
    )


def _act(request: HttpRequest, reader: Reader, act: str) -> HttpResponse:
    """Sign, record or confirm a signature, send back, confirm hours, record credit; what was typed
    stays after an error.

    Where the act is not open to this reader (any more), they are told so on the page as it is.
    """
    form = _form(request, reader, act)
    if form.is_valid():
        try:
            _do(reader, act, form.cleaned_data, request)
        except ValidationError as error:
            _complain(form, error)
        except PermissionDenied:  # not their turn (any more): told below
            pass
        else:
            return redirect(reader.url())
    shown = reading.whole(reader)
    if shown["forms"].get(act) is None:
        told = [*form.non_field_errors()] or [_why_not(reader, request.POST.get("read", ""))]
        messages.error(request, " ".join(map(str, told)))
        return redirect(reader.url())
    shown["forms"][act], shown["record_open"] = form, "1" if act == "record" else ""
    return reading.page(request, reader, "papers/paper.html", shown, status=422)


def _why_not(reader: Reader, read: str) -> str:
    """Why an act is not open (any more) to somebody who has just pressed its button."""
    if read and read != queries.digest(reader.paper):
        return _("The words were changed after you opened them. Nothing was signed. Please read "
                 "them again.")  # fmt: skip
    if read and reader.side in queries.signatures(reader.paper):
        return _("These words are signed for your side already.")
    return _("This cannot be done now.")


def _form(request: HttpRequest, reader: Reader, act: str) -> Any:
    data = request.POST
    match act:
        case "sign":
            return reading.sign_form(reader, data)
        case "record":
            return reading.record_form(reader, data, request.FILES)
        case "confirm":
            return reading.confirm_form(reader, data)
        case "back":
            return BackForm(data, auto_id="back_%s")
        case "hours":
            return HoursForm(data, auto_id="hours_%s")
    return CreditForm(data, auto_id="credit_%s")


def _do(reader: Reader, act: str, given: dict[str, Any], request: HttpRequest) -> None:
    found, by, side = reader.paper, reader.user, reader.side
    match act:
        case "sign":
            signing.sign(
                found, by=by, side=side, name=given["name"], office=given.get("office", ""),
                statement=wording.statement(found, side), read=given["read"],
                agrees=given["agrees"], consents=given.get("consents", False),
            )  # fmt: skip
            found.refresh_from_db()
            messages.success(request, _("Signed by all. Every side is told.")
                             if found.state == Paper.State.SIGNED
                             else _("Signed. Who comes next is told."))  # fmt: skip
        case "record":
            signing.record_on_paper(
                found, by=by, side=reader.records, name=given["name"],
                office=given.get("office", ""), upload=given["scan"], read=given["read"],
                statement=wording.statement(found, reader.records), signed_on=given["signed_on"],
                consents=given.get("consents", False),
            )  # fmt: skip
            messages.success(request, _("Recorded, and marked as signed on paper."))
        case "confirm":
            signing.confirm(found, by=by, side=side, read=given["read"], agrees=given["agrees"])
            messages.success(request, _("Confirmed. The host is told."))
        case "back":
            signing.send_back(found, by=by, side=side, note=given["note"])
            messages.success(request, _("Sent back. Whoever writes it is told."))
        case "hours":
            crediting.confirm_hours(
                found, by=by, hours=given["hours"], note=given["note"],
                revision=given["revision"],
            )  # fmt: skip
            messages.success(request, _("Confirmed. The university is told."))
        case _:
            credits = given["credits"]
            crediting.record_credit(
                found, by=by, credited="refuse" not in request.POST, grade=given["grade"],
                credits="" if credits is None else format(credits.normalize(), "f"),
                reason=given["reason"], revision=given["revision"],
            )  # fmt: skip
            messages.success(request, _("Recorded. The student is told."))


def _complain(form: Any, error: ValidationError) -> None:
    if not hasattr(error, "error_dict"):
        form.add_error(None, error.messages)
        return
    for field, said in error.message_dict.items():
        form.add_error(field if field in form.fields else None, said)


def _pdf(reader: Reader) -> HttpResponse:
    found = reader.paper
    answer = HttpResponse(
        printing.pdf(found, side=reader.side), content_type="application/pdf"
    )
    name = f"{found.kind.replace('_', '-')}-{found.pk}-v{found.version}.pdf"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _scan(reader: Reader, pk: int) -> FileResponse:
    """The scan of a signature on paper, as it was uploaded."""
    signature = PaperSignature.objects.filter(
        pk=pk, version__paper=reader.paper, on_paper=True
    ).first()
    if signature is None or not signature.scan:
        raise Http404
    try:
        content = signature.scan.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        content, as_attachment=True, filename=signature.scan_name,
        content_type=signature.scan_type,
    )  # fmt: skip
