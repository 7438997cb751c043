"""The one sentence that a match begins with, in the reader's language (Django's active one).

The words follow the number beside them: that something “fits the core work” is said only where
the number says so too and no must is known to be missing. Korean sentences put a fixed noun
before each particle, as in `wording`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from corridor.matching.wording import in_words

Said = tuple[str, dict[str, Any]]  # (code, values) of a reason or a gap

FITS = 40  # of 100; from here a fit is said outright
HARDLY = 6  # below it little fits, whatever the nearest of it is

# What speaks for the pair, as a whole sentence where it fits.
HEADLINES: dict[str, Any] = {
    "experience": lazy("%(length)s of experience fit the core work of this %(kind)s."),
    "experience_skills": lazy(
        "%(length)s of experience and skills in %(skills)s fit the core work of this %(kind)s."
    ),
    "skills": lazy("Skills in %(skills)s are what this %(kind)s is looking for."),
    "field": lazy("A background in %(majors)s fits the field of this %(kind)s."),
    "field_skills": lazy(
        "A background in %(majors)s and skills in %(skills)s fit this %(kind)s."
    ),
    "occupation": lazy("The profile points to the work of this %(kind)s: %(occupations)s."),
    "certificates": lazy("%(skills)s counts in this %(kind)s."),
    "sector": lazy("Skills in %(skills)s belong to the sector of this %(kind)s (%(sector)s)."),
    "credentials": lazy("%(credentials)s counts directly in this %(kind)s."),
    "text": lazy("What the profile tells is close to what this %(kind)s is about."),
    "wishes": lazy("This %(kind)s meets what was wished for; few details can be compared yet."),
    "little": lazy("Little in the profile can be compared with this %(kind)s yet."),
}

# The same as a part of a sentence, where it fits in part or hardly.
NEAREST: dict[str, Any] = {
    "experience": lazy("work experience of %(length)s"),
    "experience_skills": lazy("work experience of %(length)s, skills in %(skills)s"),
    "skills": lazy("skills in %(skills)s"),
    "field": lazy("a background in %(majors)s"),
    "field_skills": lazy("a background in %(majors)s, skills in %(skills)s"),
    "occupation": lazy("a line of work named in the profile (%(occupations)s)"),
    "certificates": "%(skills)s",
    "sector": lazy("skills of its sector (%(skills)s)"),
    "credentials": "%(credentials)s",
    "text": lazy("the profile's own words"),
    "wishes": lazy("what was wished for"),
}

MUSTS: dict[str, Any] = {
    "add_must_skill": "%(skills)s",
    "add_must_credential": "%(credentials)s",
    "unmet_degree": "%(degree)s",
    "unmet_experience": lazy("%(need)s of work experience"),
    "unmet_walk": lazy("being among those asked for (%(walks)s)"),
}


def headline(
    kind: str, reasons: Sequence[Said], *, percent: int, lacking: Sequence[Said] = ()
) -> str:
    """One or two sentences from the reasons (strongest first) and the number that is shown.

    `lacking`: gaps and unmet musts; of them only the host's musts (`MUSTS`) are told. What a
    person has done or can do says more than that two texts are alike, so it comes first.
    """
    code, values = _strongest(reasons)
    words = in_words({**values, "kind": kind})
    musts = [str(MUSTS[each]) % in_words(given) for each, given in lacking if each in MUSTS]
    if code == "little" or (percent >= FITS and not musts):
        said = str(HEADLINES[code]) % words
    else:
        frame = (
            _("Little in the profile fits this %(kind)s. Nearest to it: %(nearest)s.")
            if percent < HARDLY
            else _("Fits this %(kind)s in part: %(nearest)s.")
        )
        said = frame % {"kind": words["kind"], "nearest": str(NEAREST[code]) % words}
    if musts:
        missing = _("A must here, but not in the profile: %(musts)s.")
        said += " " + missing % {"musts": ", ".join(dict.fromkeys(musts))}
    return said


_TOLD = ("majors", "occupations", "credentials", "months")


def _strongest(reasons: Sequence[Said]) -> Said:
    """What is told of the reasons, with its values."""
    told = dict(reversed(list(reasons)))
    values: dict[str, Any] = {}
    skills = told.get("skills_held") or told.get("skills_named")
    if skills:
        values["skills"] = skills["skills"][:3]
    for code in ("field", "field_near", "field_sector", "occupation", "credentials", "experience"):
        values |= {k: v for k, v in told.get(code, {}).items() if k in _TOLD}
    field = any(code in told for code in ("field", "field_near", "field_sector"))
    if "experience" in told:
        return "experience_skills" if skills else "experience", values
    if skills:
        return "field_skills" if field else "skills", values
    plain = ("occupation", "field", "certificates", "credentials", "sector", "text", "wishes")
    known = {*told, *(["field"] if field else [])}
    if "skills_sector" in told:
        known.add("sector")
    if known & {"wish_kind", "wish_sector", "wish_hub"}:
        known.add("wishes")
    code = next((each for each in plain if each in known), "little")
    source = {"certificates": "certificates", "sector": "skills_sector"}.get(code)
    if source:
        values |= {**told[source], "skills": told[source]["skills"][:3], "more": 0}
    return code, values
