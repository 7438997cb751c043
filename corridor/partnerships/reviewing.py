"""Which reviews a joint research project needs before it may begin, and which are missing.

The questions are data: each says which review of which side it decides, and on what law it rests.
A question that is not answered decides nothing: a review is needed until it is known not to be.
That a review is not needed here is no legal advice; the institution's own office decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from corridor.partnerships.models import Agreement, Funding, ResearchProject, Review

KR, US = Agreement.Side.KR, Agreement.Side.US
IP, EXPORT = Review.Kind.IP, Review.Kind.EXPORT
Step = tuple[str, str]  # (kind of review, side)
STEPS: tuple[Step, ...] = ((EXPORT, KR), (EXPORT, US), (IP, KR), (IP, US))


@dataclass(frozen=True)
class Question:
    """Which answers spare a review stands in `_SPARED`.

    `level`: how well the law is evidenced here: `secondary` (its text was read in a copy, or it
    is stated by a ministry's interpretation), `background` (not read).
    """

    id: str
    text: Any
    why: Any
    citation: Any = ""  # in words of both languages where it names a Korean law
    level: str = ""
    read_on: date | None = None


_READ = date(2026, 11, 27)
QUESTIONS = (
    Question(
        "us_technology_shared",
        _("Will technology or source code that is in the United States reach the Korean side, "
             "or people in the United States who are not U.S. citizens or permanent residents?"),
        _("Sending it abroad is an export; giving it to a foreign person in the United States "
             "is a deemed export."),
        "15 CFR 734.13(a)(1)-(2), (b)", "secondary", _READ,
    ),
    Question(
        "results_published",
        _("Will all results be published, with no limit that a sponsor or security sets?"),
        _("What comes out of fundamental research that is meant to be published is not subject "
             "to the U.S. export rules. A delay to file a patent does no harm; a ban does."),
        "15 CFR 734.8(a)-(c)", "secondary", _READ,
    ),
    Question(
        "closed_inputs",
        _("Does somebody bring in technology, data or code that is not public?"),
        _("The rule on fundamental research is about what comes out of it, not about what is "
             "brought in."),
        "15 CFR 734.8(a)", "secondary", _READ,
    ),
    Question(
        "strategic_technology",
        _("Does technology of the Korean side that is, or may be, a strategic item go to the "
             "U.S. side?"),
        _("Exporting a strategic item, technology included, needs a license in Korea."),
        _("Foreign Trade Act (대외무역법) art. 19(2); Ministry of Government Legislation (법제처), "
          "interpretation 20-0467"),
        "secondary", _READ,
    ),
    Question(
        "national_core_technology",
        _("Is technology of the Korean side designated as a national core technology, or might "
             "it be?"),
        _("Exporting a national core technology needs an approval, or a report where no public "
             "money paid for it."),
        _("Act on Prevention of Divulgence and Protection of Industrial Technology "
          "(산업기술의 유출방지 및 보호에 관한 법률) art. 11(1) and (4); Ministry of Government "
          "Legislation (법제처), interpretation 20-0467"),
        "secondary", _READ,
    ),
    Question(
        "us_federal_money",
        _("Does U.S. federal money pay for part of it?"),
        _("Inventions made with federal money have their own rules: telling the agency, "
             "choosing to keep the title, a license for the government."),
        "35 U.S.C. 200-212 (Bayh-Dole)", "background",
    ),
    Question(
        "korean_public_money",
        _("Does Korean public research money pay for part of it?"),
        _("Who owns results of a Korean national research project follows a law of its own."),
        _("National Research and Development Innovation Act (국가연구개발혁신법) art. 16"),
        "background",
    ),
    Question(
        "results_owned",
        _("May something arise that one side wants to own, patent or license?"),
        _("Who owns what, who files and who pays is best agreed before the first day. This is "
             "good practice, not a law."),
    ),
)  # fmt: skip
BY_ID = {each.id: each for each in QUESTIONS}

# A review is spared where one of these sets of answers is known, every one of it.
_SPARED: Mapping[Step, tuple[Mapping[str, bool], ...]] = {
    (EXPORT, US): (
        {"us_technology_shared": False},
        {"results_published": True, "closed_inputs": False},
    ),
    (EXPORT, KR): ({"strategic_technology": False, "national_core_technology": False},),
    (IP, US): ({"us_federal_money": False, "results_owned": False},),
    (IP, KR): ({"korean_public_money": False, "results_owned": False},),
}
_MONEY = {
    "us_federal_money": Funding.Kind.US_FEDERAL,
    "korean_public_money": Funding.Kind.KOREAN_PUBLIC,
}


@dataclass(frozen=True)
class Need:
    """Whether one review is needed. `open`: questions whose answer could spare it; `because`: the
    answers by which it is needed or spared."""

    kind: str
    side: str
    needed: bool
    open: tuple[Question, ...]
    because: tuple[Question, ...]

    @property
    def known(self) -> bool:
        """False: needed because nobody has said yet that it is not."""
        return not (self.needed and self.open)


def answers(project: ResearchProject, funding: Iterable[Funding]) -> dict[str, bool]:
    """What is known: the answers given, and what the money written down says by itself."""
    known = {name: value for name, value in project.answers.items() if name in BY_ID}
    paid = {each.kind for each in funding}
    return known | {name: True for name, kind in _MONEY.items() if kind in paid}


def needs(known: Mapping[str, bool]) -> dict[Step, Need]:
    made = {}
    for kind, side in STEPS:
        ways = _SPARED[kind, side]
        spared = next((way for way in ways if _all(known, way)), None)
        still = [way for way in ways if all(known.get(q, want) == want for q, want in way.items())]
        unsaid = dict.fromkeys(q for way in still for q in way if q not in known)
        against = dict.fromkeys(
            q for way in ways for q, want in way.items() if known.get(q, want) != want
        )
        made[kind, side] = Need(
            kind, side, spared is None,
            () if spared else tuple(BY_ID[q] for q in unsaid),
            tuple(BY_ID[q] for q in (spared or against)),
        )  # fmt: skip
    return made


def _all(known: Mapping[str, bool], way: Mapping[str, bool]) -> bool:
    return all(known.get(question) == wanted for question, wanted in way.items())


def missing(project: ResearchProject) -> list[str]:
    """What stands between the project and its first day, in the reader's language; empty when it
    may begin. Reads agreement, people, funding and standing reviews."""
    told = []
    agreement = project.agreement
    if agreement.status != Agreement.Status.ACTIVE:
        told.append(gettext("The agreement is not in force yet."))
    elif agreement.starts_on is not None and agreement.is_to_come(timezone.localdate()):
        first = formats.date_format(agreement.starts_on, "DATE_FORMAT")
        told.append(
            gettext("The agreement is in force from %(day)s. Research may begin from that day.")
            % {"day": first}
        )
    leads = {each.side for each in project.people.all() if each.leads}
    for side in (KR, US):
        if side not in leads:
            told.append(
                gettext("%(institution)s has not named its principal investigator.")
                % {"institution": agreement.party(side).name}
            )
    needed = needs(answers(project, project.funding.all()))
    standing = {
        (each.kind, each.side): each
        for each in project.reviews.all() if each.superseded_at is None
    }  # fmt: skip
    for step in STEPS:
        review = standing.get(step)
        stopped = review is not None and review.state == Review.State.STOPPED
        if stopped or (needed[step].needed and not (review and review.passed)):
            state = Review.State(review.state if review else Review.State.NOT_BEGUN)
            told.append(
                gettext("%(review)s of %(institution)s: %(state)s.")
                % {
                    "review": REVIEW_NAMES[step[0]], "state": state.label,
                    "institution": agreement.party(step[1]).name,
                }
            )  # fmt: skip
    return told


REVIEW_NAMES: Mapping[str, Any] = {
    IP: _("Intellectual-property review"),
    EXPORT: _("Export-control review"),
}
