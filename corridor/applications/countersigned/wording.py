"""The sentences of a paper that nobody types: what it is not, whose turn, what a side signs."""

from __future__ import annotations

from typing import Any

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from corridor.applications.countersigned import queries, shapes
from corridor.applications.models import CANDIDATE, HOST, Paper, PaperSignature
from corridor.common.language import language_code


def caution(paper: Paper) -> tuple[str, str]:
    """(title, text): what this paper is not. It stands on its page and on its PDF."""
    if paper.kind == Paper.Kind.TRAINING_PLAN:
        return (
            _("This is a draft, not Form DS-7002"),
            _("It follows the order of the form and what %(law)s asks for, so that the "
              "sponsor can take it over into its own Form DS-7002. It is not a government form, "
              "Corridor issues none, and signatures on it do not replace those on the sponsor’s "
              "form. It is not legal advice.") % {"law": _law(paper)},
        )  # fmt: skip
    return (
        _("An agreement of three sides"),
        _("Student, host and university agree here on work and learning. Whether credit is given "
          "is decided by the university under its own rules. It is no visa document and not legal "
          "advice."),
    )  # fmt: skip


def _law(paper: Paper) -> str:
    return "22 CFR 62.23(i)" if shapes.for_student(paper.content) else "22 CFR 62.22(i)"


def statement(paper: Paper, side: str) -> str:
    """What `side` declares with its signature; kept with it in the words that were shown."""
    if paper.kind == Paper.Kind.TRAINING_PLAN:
        return {
            HOST: _(
                "I may sign for the host. This plan says what the host will really do: it provides "
                "the supervision and the means named here, does not replace U.S. workers, and "
                "tells the sponsor of every change."
            ),
            CANDIDATE: _(
                "I have read this plan, I understand it and will follow it. I will tell the "
                "sponsor if the training differs from it."
            ),
        }.get(side) or _(
            "I may sign for the sponsor. The sponsor has read this draft and takes it as the "
            "basis of its own Form DS-7002."
        )
    return {
        CANDIDATE: _(
            "I have read this agreement and will do the work and hand in what is assessed."
        ),
        HOST: _(
            "I may sign for the host. It gives the tasks, the hours and the supervision named "
            "here and will confirm the hours truthfully."
        ),
    }.get(side) or _(
        "I may sign for the university. The experience counts for the course named here under the "
        "university’s rules, if the outcomes are met."
    )


def translated(paper: Paper, given: PaperSignature) -> str:
    """The signed statement in the reader's language, where it was signed in the other one.

    Empty where our sentence has changed since: then only the signed words stand.
    """
    here = language_code()
    other = "en" if here == "ko" else "ko"
    with translation.override(other):
        was = statement(paper, given.side)
    return statement(paper, given.side) if given.statement == was else ""


def turn(paper: Paper) -> str:
    """Who acts next and how, as a line; empty where nobody has to."""
    if not paper.turn:
        return ""
    who = side_name(paper, paper.turn)
    if paper.state == Paper.State.DRAFT:
        return _("%s writes and signs") % who
    if paper.state == Paper.State.UNCONFIRMED:
        return _("%s confirms its signature, which the host has recorded") % who
    if paper.state == Paper.State.SIGNED:
        return (_("%s confirms the hours") if paper.turn == HOST else _("%s records the credit")
                ) % who  # fmt: skip
    if paper.turn not in (HOST, CANDIDATE) and paper.third is None:
        return _("%s signs on paper; the host records it") % who
    return _("%s signs") % who


def side_name(paper: Paper, side: str) -> str:
    if side == HOST:
        return paper.application.program.host_name
    if side == CANDIDATE:
        return _("The candidate") if paper.kind == Paper.Kind.TRAINING_PLAN else _("The student")
    if name := queries.third_name(paper):
        return name
    return _("The sponsor") if paper.kind == Paper.Kind.TRAINING_PLAN else _("The university")


def names(paper: Paper) -> str:
    """The participant’s name as they write it, and as the passport has it."""
    names = (paper.content.get("name"), paper.content.get("name_roman"))
    return " / ".join(str(name) for name in names if name)


def side_label(paper: Paper, side: str) -> str:
    """“Host · Hanbit Battery”, as the side is called in this paper."""
    if side == HOST:
        return _("Host: %s") % paper.application.program.organization.name
    if side == CANDIDATE:
        name = names(paper) or _("Not given")
        return (_("Participant: %s") if paper.kind == Paper.Kind.TRAINING_PLAN
                else _("Student: %s")) % (name or _("Not given"))  # fmt: skip
    label = _("Sponsor: %s") if paper.kind == Paper.Kind.TRAINING_PLAN else _("University: %s")
    return label % (queries.third_name(paper) or _("Not given"))


def when(given: PaperSignature) -> str:
    """How and when a signature was given; one on paper is marked as such."""
    at = formats.date_format(timezone.localtime(given.at), "DATETIME_FORMAT")
    if not given.on_paper or given.signed_on is None:
        return _("Signed on Corridor by typing the name, %s Seoul") % at
    said = (
        _("Signed on paper on %(day)s; recorded by the signer, who uploaded the scan, %(at)s "
          "Seoul. Corridor has not checked it. SHA-256 of the scan: %(hash)s…")
        if given.is_by_signer else
        _("Signed on paper on %(day)s; recorded by the host, who uploaded the scan, %(at)s Seoul. "
          "Corridor has not checked it. SHA-256 of the scan: %(hash)s…")
    ) % {
        "day": formats.date_format(given.signed_on, "DATE_FORMAT"), "at": at,
        "hash": given.scan_sha256[:16],
    }  # fmt: skip
    return " ".join(filter(None, (said, confirmation(given))))


def confirmation(given: PaperSignature) -> str:
    """Of a signature that another side recorded, whether its signer has confirmed it; of any
    other, nothing."""
    if not given.on_paper or given.is_by_signer:
        return ""
    if given.confirmed_at is None:
        return (
            _("Recorded by the host, not yet confirmed by the signer.") if can_be_confirmed(given)
            else _("Recorded by the host, not confirmed by the sponsor on Corridor.")
        )  # fmt: skip
    at = formats.date_format(timezone.localtime(given.confirmed_at), "DATETIME_FORMAT")
    return _("Confirmed by the signer, %s Seoul.") % at


def can_be_confirmed(given: PaperSignature) -> bool:
    """A sponsor that is not on Corridor cannot say that a signature recorded for it is its own."""
    return given.version.paper.third_id is not None


def outcome(paper: Paper, *, side: str) -> list[dict[str, Any]]:
    """What came of a learning agreement, as one more section; the grade is not the host's."""
    told = paper.outcome
    if not told:
        return []
    result = {"credited": _("Credit given"), "refused": _("Credit not given")}
    rows = [
        (_("Hours confirmed by the host"), f"{told['hours']} ({_day(told['hours_on'])})", False),
        (_("The host’s remark"), told.get("hours_note", ""), True),
        (_("The university’s answer"), result.get(told.get("result", ""), ""), False),
        (_("Credits"), told.get("credits", ""), False),
        (_("Grade"), "" if side == HOST else told.get("grade", ""), False),
        (_("Reason"), "" if side == HOST else told.get("reason", ""), True),
        (_("Recorded on"), _day(told.get("recorded_on")), False),
    ]
    items = [{"label": a, "value": b, "long": c} for a, b, c in rows if b]
    return [{"title": _("Result of the experience"), "items": items, "parts": []}]


def _day(text: str | None) -> str:
    field = shapes.Field("", "", "date")
    return queries.said(field, text)
