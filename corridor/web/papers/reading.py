"""Who reads a paper on which side, its addresses for that reader, and what its page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts.models import User
from corridor.applications.countersigned import (
    checks,
    permissions,
    queries,
    shapes,
    wording,
)
from corridor.applications.models import CANDIDATE, HOST, THIRD, Paper
from corridor.web import present
from corridor.web.firm.access import Seat
from corridor.web.firm.access import page as desk
from corridor.web.papers.forms import (
    BackForm,
    ConfirmForm,
    CreditForm,
    HoursForm,
    RecordForm,
    SignForm,
    SponsorForm,
)


@dataclass(frozen=True)
class Reader:
    """A signed-in person before one paper. `seat` is theirs in an organization; None: their own."""

    user: User
    paper: Paper
    side: str
    seat: Seat | None = None

    def url(self, name: str = "", *args: Any) -> str:
        """The address of the paper's page, or of one of its acts."""
        if self.seat is not None:
            before = [self.seat.organization.slug, self.paper.pk]
            return reverse(f"papers:{name or 'paper'}", args=[*before, *args])
        return reverse("papers:mine" + (f"_{name}" if name else ""), args=[self.paper.pk, *args])

    @property
    def records(self) -> str:
        """The side whose signature on paper this reader can record: the host does it for the
        sponsor or university when it is their turn."""
        return THIRD if self.side == HOST and self.paper.turn == THIRD else self.side

    @property
    def may_write(self) -> bool:
        return permissions.may_write(self.user, self.paper, self.side) and not self.paper.outcome


def as_member(request: HttpRequest, seat: Seat, pk: int) -> Reader:
    found = queries.of_organization(request.user, seat.organization).filter(pk=pk).first()
    if found is None:
        raise Http404
    return Reader(request.user, found, queries.side_in(found, seat.organization), seat)


def as_candidate(request: HttpRequest, pk: int) -> Reader:
    found = queries.mine(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return Reader(request.user, found, CANDIDATE)


def page(
    request: HttpRequest, reader: Reader, template: str, context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    paper = reader.paper
    shared = {
        "frame": "firm/workplace.html" if reader.seat else "base.html",
        "reader": reader,
        "paper": paper,
        "program": paper.application.program,
        "title": paper.get_kind_display(),
        "here": reader.url(),
        **context,
    }
    if reader.seat is not None:
        return desk(request, reader.seat, template, shared, status)
    return render(request, template, shared, status=status)


def whole(reader: Reader) -> dict[str, Any]:
    """Everything of a paper's page: words, checks, signatures, what this reader may do."""
    paper, side, user = reader.paper, reader.side, reader.user
    standing = queries.signatures(paper)
    found = checks.of(paper, day=timezone.localdate())
    caution = wording.caution(paper)
    open_checks = [each for each in found if each.state != checks.MET]
    may_sign = permissions.may_sign(user, paper, side)
    blocked = any(each.blocks for each in found)
    return {
        "caution": {"title": caution[0], "text": caution[1]},
        "sections": [*queries.sections(paper), *wording.outcome(paper, side=side)],
        "stations": stations(paper, side=side),
        "turn": wording.turn(paper),
        "due": present.day(paper.due_on),
        "open_checks": open_checks,
        "met_checks": [each for each in found if each.state == checks.MET],
        "blocked": blocked,
        "signatures": [
            {"label": wording.side_label(paper, each), "given": standing.get(each),
             "when": wording.when(standing[each]) if each in standing else "",
             "unconfirmed": each in standing and standing[each].is_unconfirmed,
             "waits": each in standing and wording.can_be_confirmed(standing[each]),
             "translated": wording.translated(paper, standing[each]) if each in standing else ""}
            for each in Paper.ORDER[Paper.Kind(paper.kind)]
        ],
        "digest": queries.digest(paper),
        "changes": _changes(paper),
        "versions": _versions(paper),
        "may_write": reader.may_write,
        "edits": _edits(reader),
        "pdf": reader.url("pdf"),
        "forms": {
            "sign": sign_form(reader) if may_sign and not blocked else None,
            "record": record_form(reader)
            if permissions.may_record(user, paper, reader.records) and not blocked else None,
            "confirm": confirm_form(reader)
            if permissions.may_confirm(user, paper, side) else None,
            "back": BackForm(auto_id="back_%s")
            if permissions.may_send_back(user, paper, side) else None,
            "hours": HoursForm(auto_id="hours_%s", initial={
                "revision": paper.revision, "hours": paper.content.get("hours"),
            }) if _may_confirm(reader) and queries.has_begun(paper) else None,
            "credit": CreditForm(auto_id="credit_%s", initial={
                "revision": paper.revision, "credits": paper.content.get("credits"),
            }) if _may_credit(reader) else None,
        },
        "hours_from": present.day(shapes.day_of(paper.content, "starts_on"))
        if _may_confirm(reader) and not queries.has_begun(paper) else "",
        "waits_for_checks": may_sign and blocked,
        "records_own": reader.records == side,
        "third_name": wording.side_name(paper, THIRD),
    }  # fmt: skip


def sign_form(reader: Reader, data: Any = None) -> SignForm:
    paper, side = reader.paper, reader.side
    return SignForm(
        data, statement=wording.statement(paper, side), consent=_consent(reader),
        auto_id="sign_%s", with_office=side != CANDIDATE,
        initial={"read": queries.digest(paper)},
    )  # fmt: skip


def _consent(reader: Reader) -> str:
    """What a candidate agrees to with the signature; empty for the others."""
    third = reader.paper.third
    if reader.side != CANDIDATE or third is None:
        return ""
    return _(
        "I agree that %(name)s (%(country)s) reads this paper: my name, e-mail, studies and "
        "what stands in it, to countersign it, as long as it needs it for my stay. I can take "
        "this back on my page of consents; it then reads nothing more. I may say no; then it "
        "cannot sign here."
    ) % {"name": third.name, "country": third.get_country_display()}


def record_form(reader: Reader, data: Any = None, files: Any = None) -> RecordForm:
    is_own = reader.records == reader.side
    return RecordForm(
        data, files, auto_id="record_%s", initial={"read": queries.digest(reader.paper)},
        label=_("Name as signed") if is_own
        else _("Who signed for %s") % wording.side_name(reader.paper, reader.records),
        consent=_consent(reader) if is_own else "",
        with_office=reader.records != CANDIDATE,
    )  # fmt: skip


def confirm_form(reader: Reader, data: Any = None) -> ConfirmForm:
    return ConfirmForm(
        data, auto_id="confirm_%s", initial={"read": queries.digest(reader.paper)}
    )


def sponsor_form(reader: Reader, data: Any = None) -> SponsorForm:
    paper = reader.paper
    return SponsorForm(
        data, sponsors=queries.sponsors(paper),
        initial={"revision": paper.revision, "third": paper.third_id,
                 "name": "" if paper.third_id else paper.third_name},
    )  # fmt: skip


def _may_confirm(reader: Reader) -> bool:
    paper = reader.paper
    return (
        paper.kind == Paper.Kind.LEARNING and paper.state == Paper.State.SIGNED
        and paper.turn == HOST and reader.side == HOST
        and permissions.acts_for(reader.user, paper, HOST)
    )  # fmt: skip


def _may_credit(reader: Reader) -> bool:
    paper = reader.paper
    return (
        paper.kind == Paper.Kind.LEARNING and paper.state == Paper.State.SIGNED
        and paper.turn == THIRD and reader.side == THIRD
        and permissions.acts_for(reader.user, paper, THIRD)
    )  # fmt: skip


def _edits(reader: Reader) -> list[dict[str, str]]:
    """The pages on which this reader changes the words."""
    if not reader.may_write:
        return []
    shape = shapes.of(reader.paper)
    rows = [
        {"label": str(section.title), "url": reader.url("edit", section.id)}
        for section in shape.sections
    ]
    if reader.paper.kind == Paper.Kind.TRAINING_PLAN:
        rows.append({"label": _("Program sponsor"), "url": reader.url("edit", "sponsor")})
    if shape.parts:
        parts = shapes.phases(reader.paper.content)
        rows += [
            {"label": _("Phase %d") % number, "url": reader.url("phase", number)}
            for number in range(1, len(parts) + 1)
        ]
        if len(parts) < shapes.MOST_PARTS:
            rows.append({"label": _("Add a phase"), "url": reader.url("phase", len(parts) + 1)})
    return rows


def _changes(paper: Paper) -> dict[str, Any] | None:
    """What reads differently from the version that was signed last, while it is not signed anew."""
    before = [each for each in paper.versions.all() if each.number < paper.version]
    if not before:
        return None
    last = before[-1]
    return {
        "number": last.number,
        "rows": queries.differences(paper, last.content, paper.content),
    }


def _versions(paper: Paper) -> list[dict[str, Any]]:
    return [
        {
            "number": version.number, "made": present.moment(version.made_at),
            "sha256": version.sha256[:16],
            "signatures": [
                {"label": wording.side_label(paper, each.side), "name": each.name,
                 "at": present.moment(each.at), "void": each.voided_at is not None,
                 "on_paper": each.on_paper, "unconfirmed": each.is_unconfirmed}
                for each in version.signatures.all()
            ],
        }
        for version in reversed(list(paper.versions.all()))
    ]  # fmt: skip


def stations(paper: Paper, *, side: str) -> list[dict[str, Any]]:
    """What <c-stations> takes: one station a signature, of an agreement also what follows."""
    standing = queries.signatures(paper)
    items = []
    for each in Paper.ORDER[Paper.Kind(paper.kind)]:
        signed = standing.get(each)
        items.append({
            "label": _("%s signs") % wording.side_name(paper, each),
            "state": "done" if signed and not (signed.is_unconfirmed and paper.turn == each)
            else _now(paper, each, side),
            "date": present.moment(signed.at) if signed else "",
            "note": wording.confirmation(signed) if signed else _until(paper, each),
        })  # fmt: skip
    if paper.kind == Paper.Kind.LEARNING:
        done = bool(paper.outcome)
        recorded = paper.state in (Paper.State.CREDITED, Paper.State.REFUSED)
        later = paper.state == Paper.State.SIGNED
        for each, label, finished in (
            (HOST, _("Hours confirmed"), done), (THIRD, _("Credit recorded"), recorded),
        ):  # fmt: skip
            items.append({
                "label": paper.get_state_display() if finished and each == THIRD else label,
                "state": "done" if finished else _now(paper, each, side) if later else "todo",
                "date": "", "note": _until(paper, each) if later and not finished else "",
            })  # fmt: skip
    return items


def _now(paper: Paper, each: str, side: str) -> str:
    early = paper.state == Paper.State.SIGNED and each == HOST and not queries.has_begun(paper)
    if paper.turn != each or early:
        return "todo"
    return "now" if side == each else "current"


def _until(paper: Paper, each: str) -> str:
    return _("by %s") % present.day(paper.due_on) if paper.turn == each and paper.due_on else ""
