"""Reasons and gaps in the reader's language (Django's active one).

Korean sentences put a fixed noun before each particle, so that no value decides between 이 and 가.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext, pgettext

from corridor import rules, taxonomy
from corridor.common.language import language_code
from corridor.matching.facts import DEGREES
from corridor.programs.kinds import Kind
from corridor.programs.models import Program

PART_LABELS = {
    "text": lazy("Meaning of the texts"),
    "skills": lazy("Skills"),
    "field": lazy("Field of study and work"),
    "occupation": lazy("Occupation"),
    "lexical": lazy("Shared terms"),
    "experience": lazy("Experience"),
    "level": lazy("Degree"),
    "credentials": lazy("Licenses and certificates"),
    "language": lazy("English"),
    "dates": lazy("Dates"),
    "duration": lazy("Length of stay"),
    "preferences": lazy("Wishes"),
    "pathway": lazy("Visa pathway"),
}


@cache
def part_labels(language: str) -> dict[str, str]:
    """In the active language, by whose name they are kept: each card of a list says all of them."""
    return {name: str(label) for name, label in PART_LABELS.items()}


MESSAGES: dict[str, Any] = {
    "skills_held": lazy("Skills asked for and held: %(skills)s"),
    "skills_named": lazy("Skills named in this program and held: %(skills)s"),
    "skills_sector": lazy("Skills that belong to this sector (%(sector)s): %(skills)s"),
    "certificates": lazy("Certificates named in this program and held: %(skills)s"),
    "field": lazy("%(majors)s is a field of study asked for"),
    "field_near": lazy("%(majors)s is close to a field of study asked for"),
    "field_sector": lazy("%(majors)s leads into this sector (%(sector)s)"),
    "occupation": lazy("An occupation named in this program: %(occupations)s"),
    "experience": lazy("%(length)s of work experience"),
    "experience_need": lazy("%(length)s of work experience (%(need)s asked)"),
    "level": lazy("The degree asked for is held: %(degree)s"),
    "level_under_way": lazy("The degree asked for is under way: %(degree)s"),
    "level_beyond": lazy("A degree above the one asked for (%(degree)s) is under way"),
    "english": lazy("English is at the level needed"),
    "english_need": lazy("English is at the level asked for (TOEIC %(need)s)"),
    "credentials": lazy("Licenses and certificates that count here: %(credentials)s"),
    "dates": lazy("Available before the first day, %(day)s"),
    "wish_kind": lazy("A kind of program that is wished for: %(kind)s"),
    "wish_sector": lazy("A sector that is wished for: %(sector)s"),
    "wish_hub": lazy("A place that is wished for"),
    "text": lazy("The profile's own words are close in meaning to this program's description"),
    "add_must_skill": lazy("%(skills)s is a must here and is not in your profile"),
    "add_skill": lazy("%(skills)s is asked for here and is not in your profile"),
    "add_named_skill": lazy("%(skills)s is named here; put it in your profile if you have it"),
    "add_named_certificate": lazy(
        "The certificate %(skills)s is named here; put it in your profile if you have it"
    ),
    "add_must_credential": lazy("%(credentials)s is a must here and is not in your profile"),
    "add_credential": lazy("%(credentials)s is asked for here and is not in your profile"),
    "list_credential": lazy(
        "Your own words name it; put it among your certificates: %(credentials)s"
    ),
    "raise_english": lazy("English at TOEIC %(need)s or its equal"),
    "state_english": lazy("An English score in your profile (TOEIC %(need)s or its equal)"),
    "raise_experience": lazy("%(need)s of work experience in the field"),
    "state_experience": lazy("Work in your profile that shows %(need)s of experience"),
    "raise_degree": lazy("The degree asked for: %(degree)s"),
    "state_degree": lazy("Your education in your profile (asked for: %(degree)s)"),
    "state_major": lazy("Your field of study in your profile (asked for: %(majors)s)"),
    "state_dates": lazy("When you are available, if that covers the first day, %(day)s"),
    "earlier": lazy("Being available by the first day, %(day)s"),
    "longer": lazy("Being able to stay until the last day, %(day)s"),
    "climb_skill": lazy("With %(skills)s: from %(from)s to %(to)s in your list"),
    "climb_credential": lazy("With %(credentials)s: from %(from)s to %(to)s in your list"),
    "climb_english": lazy("With TOEIC %(need)s or its equal: from %(from)s to %(to)s in your list"),
    "climb_experience": lazy(
        "With %(need)s of work experience in the field: from %(from)s to %(to)s in your list"
    ),
    "climb_degree": lazy("With this degree (%(degree)s): from %(from)s to %(to)s in your list"),
    "unmet_walk": lazy("The host asks for other applicants: %(walks)s"),
    "unmet_degree": lazy("The host requires a degree: %(degree)s"),
    "unmet_experience": lazy("The host requires %(need)s of experience"),
    "hub_programs": lazy("Open programs here whose conditions let you apply: %(count)s"),
    "hub_best": lazy("The best of them: %(title)s"),
    "hub_sector": lazy("A sector of this hub that you chose: %(sector)s"),
    "hub_wish": lazy("A place you chose yourself"),
}

PATHWAYS: dict[str, Any] = {
    "works": lazy("Visa: %(pathway)s works on the facts known."),
    "works_if": lazy("Visa: %(pathway)s works if a condition is met. %(why)s"),
    "unknown": lazy("Visa: %(pathway)s may work; something must be confirmed first. %(why)s"),
    "no": lazy("Visa: no pathway works on the facts known. Nearest: %(pathway)s. %(why)s"),
    "none": lazy("Visa: no pathway for this kind of program is on record yet."),
    "not_needed": lazy("No U.S. visa is needed for this program."),
}


def language() -> str:
    return "ko" if language_code() == "ko" else "en"


def say(code: str, values: dict[str, Any]) -> str:
    """The sentence for a message id; ids and numbers among `values` become words."""
    if code == "answer_questions":
        count = int(values["count"])
        sentence = ngettext(
            "An answer to %(count)d open question about the visa",
            "Answers to %(count)d open questions about the visa",
            count,
        )
        return str(sentence % {"count": count})
    if code in ("english", "experience") and (values.get("need") or values.get("need_months")):
        code += "_need"
    return str(MESSAGES[code]) % in_words(values)


def effect(percent: int) -> str:
    """What a reason or gap moves, in whole points of 100."""
    if percent < 1:
        return str(_("less than 1 point"))
    told = ngettext("%(count)d point", "%(count)d points", percent)
    return str(told % {"count": percent})


def pathway_sentence(verdict: rules.Verdict | None, needed: bool) -> str:
    if not needed:
        return str(PATHWAYS["not_needed"])
    if verdict is None:
        return str(PATHWAYS["none"])
    lang = language()
    return str(PATHWAYS[verdict.display]) % {
        "pathway": verdict.name(lang), "why": _open_to_them(verdict, lang) or verdict.why(lang)
    }


def _open_to_them(verdict: rules.Verdict, lang: str) -> str:
    """Of what is not known, first what is about the person: what only a host can tell ("no contact
    with patients" in a switchgear test room) reads as if it were about them."""
    if verdict.display != "unknown":
        return ""
    for fact in (fact for fact in verdict.missing if fact.startswith("candidate.")):
        for reason in verdict.reasons:
            if reason.outcome == "unknown" and fact in reason.requirement.facts:
                return reason.text(lang)
    return ""


def length(months: float) -> str:
    """"6년 2개월", "18 months", "6 years": whole years from two years on."""
    whole = round(months)
    years, rest = divmod(whole, 12)
    if (whole < 24 and rest) or not years:
        return str(ngettext("%(n)d month", "%(n)d months", whole) % {"n": whole})
    if not rest or years >= 5:
        return str(ngettext("%(n)d year", "%(n)d years", years) % {"n": years})
    return str(_("%(years)d years %(months)d months") % {"years": years, "months": rest})


def place(number: int) -> str:
    """A place in a list: "3rd", "21st"; in Korean "3위"."""
    last = 0 if number % 100 in (11, 12, 13) else number % 10
    if last == 1:
        said = pgettext("place in a list", "%(n)dst")
    elif last == 2:
        said = pgettext("place in a list", "%(n)dnd")
    elif last == 3:
        said = pgettext("place in a list", "%(n)drd")
    else:
        said = pgettext("place in a list", "%(n)dth")
    return str(said % {"n": number})


def in_words(values: dict[str, Any]) -> dict[str, Any]:
    """Values of a message (ids and numbers) as its words."""
    made: dict[str, Any] = {}
    for name, value in values.items():
        made[name] = _WORDS[name](value) if name in _WORDS else value
    if values.get("need_months"):
        made["need"] = length(values["need_months"])
    elif values.get("need"):
        made["need"] = round(values["need"])
    if "months" in values:
        made["length"] = length(values["months"])
    if values.get("more"):
        made["skills"] = _("%(list)s and %(n)d more") % {
            "list": made["skills"], "n": values["more"]
        }
    return made


def _listed(name_of: Callable[[str], str]) -> Callable[[Sequence[str]], str]:
    return lambda ids: ", ".join(name_of(each) for each in ids)


def skill_name(skill: str) -> str:
    known = taxonomy.load().skills.get(skill)
    return known.name(language()) if known else skill


def _occupation_name(code: str) -> str:
    known = taxonomy.load().occupations.get(code)
    return known.name(language()) if known else code


def _major_name(major: str) -> str:
    known = taxonomy.load().majors.get(major)
    return known.name(language()) if known else major


def _sector_name(slug: str) -> str:
    ko, en = taxonomy.sectors().get(slug, (slug, slug))
    return ko if language() == "ko" else en


def credential_name(name: str) -> str:
    """The official name of a credential the rules know; else as it was written, of two languages
    ("지게차 면허 / Forklift license") the reader's."""
    known = rules.recognition([name], state=None, day=date.max)[0]
    if known.credential == name:
        return known.name(language())
    return name.split(" / ")[0 if language() == "ko" else -1].strip()


def degree_name(rank: int) -> str:
    return str(Program.Degree(DEGREES[rank]).label)


def day_name(ordinal: float) -> str:
    return str(formats.date_format(date.fromordinal(int(ordinal)), "DATE_FORMAT"))


def walk_name(walk: str) -> str:
    from corridor.candidates.models import Candidate

    return str(Candidate.Walk(walk).label)


_WORDS: dict[str, Callable[[Any], Any]] = {
    "skills": _listed(skill_name),
    "occupations": _listed(_occupation_name),
    "majors": _listed(_major_name),
    "credentials": _listed(credential_name),
    "walks": _listed(walk_name),
    "sector": _sector_name,
    "degree": degree_name,
    "day": day_name,
    "from": place,
    "to": place,
    "kind": lambda kind: str(Kind(kind).label).lower() if language() == "en" else Kind(kind).label,
}
