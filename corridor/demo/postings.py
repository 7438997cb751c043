"""Programs of the demo: each hand-written text and the posts in which it appears.

A post names its hub, when it starts (`in`: months from the demo's day) and for how long (`for`:
months, or `days`), and may bring its own title, summary (`focus`), duties, requirements, details
and facts. What it does not say, it takes from the text. `paid_by` is who pays the wage for every
duty that names no other payer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from corridor.demo import content
from corridor.programs.kinds import DETAILS
from corridor.programs.models import Duty
from corridor.rules.derived import add_months

SEOUL = ZoneInfo("Asia/Seoul")
# Days before the first day on which applications close, where a post says nothing.
APPLY_DAYS = {"dispatch": 21, "internship": 75, "apprenticeship": 60, "joint_research": 60,
              "joint_curriculum": 90, "training": 14, "startup": 30}  # fmt: skip


@dataclass
class Post:
    """One program to be: its plain fields, and the slugs of what it points to."""

    fields: dict[str, Any]
    organization: str
    sector: str
    hub: str
    agreement: str | None
    duties: list[dict[str, Any]] = field(default_factory=list)
    wants: list[dict[str, Any]] = field(default_factory=list)


def posts(day: date) -> Iterator[Post]:
    """Every program of the demo, with dates counted from `day`."""
    for sector, texts in content.by_sector("programs").items():
        for text in texts:
            for number, post in enumerate(text["posts"]):
                yield _post(sector, text, number, post, day)


def _post(
    sector: str, text: Mapping[str, Any], number: int, post: Mapping[str, Any], day: date
) -> Post:
    said = {**text, **post}
    seed = crc32(f"{text['id']}/{number}".encode())
    kind = said["kind"]
    starts = _monday(add_months(day, said["in"]))
    if "days" in said:
        ends = starts + timedelta(days=said["days"] - 1)
    else:
        ends = add_months(starts, said["for"]) - timedelta(days=1)
    lead = (starts - day).days
    apply_by = starts - timedelta(days=said.get("by", min(APPLY_DAYS[kind], lead // 2)))
    status = said.get("status", "published")
    published = _at(day - timedelta(days=3 + seed % 55))
    sponsor, _space, sponsor_slug = str(said["sponsor"]).partition(" ")
    fields: dict[str, Any] = {
        "source": "demo",
        "source_id": f"{text['id']}/{number + 1}",
        "is_sample": True,
        "kind": kind,
        "status": status,
        "published_at": None if status == "draft" else published,
        "closed_at": _at(day - timedelta(days=1 + seed % 3)) if status == "closed" else None,
        "starts_on": starts,
        "ends_on": ends,
        "apply_by": apply_by,
        "seats": said["seats"],
        "hours_per_week": said.get("hours", 40),
        "language": said.get("language", "en"),
        "min_toeic": said.get("toeic"),
        "walks": said["walks"],
        "sponsor": sponsor,
        "sponsor_name": _sponsor_name(sponsor_slug),
        "candidate_cost_note": _both(said.get("cost")),
        "details": _details(kind, text, post),
        "rule_facts": _merged(text.get("facts"), post.get("facts")),
        **_words(text, post, kind, seed),
        **_pay(said["pay"]),
        **_asked(said),
    }
    return Post(
        fields=fields,
        organization=said["org"],
        sector=said.get("sector", sector),
        hub=said["hub"],
        agreement=said.get("agreement"),
        duties=[_duty(line, said.get("paid_by", "")) for line in said["duties"]],
        wants=[_want(line) for line in said.get("wants", [])],
    )


def _words(
    text: Mapping[str, Any], post: Mapping[str, Any], kind: str, seed: int
) -> dict[str, str]:
    """Titles, summaries and descriptions in both languages, the last with how to apply."""
    title = post.get("title", text["title"])
    summary = post.get("focus", text["summary"])
    told = post.get("text") or (_own_text(text, post) if "focus" in post else text["text"])
    process = content.read("blocks")["process"][kind]
    chosen = process[seed % len(process)]
    made: dict[str, str] = {}
    for lang in ("ko", "en"):
        made[f"title_{lang}"] = title[lang]
        made[f"summary_{lang}"] = summary[lang]
        made[f"description_{lang}"] = f"{told[lang].strip()}\n\n{chosen[lang]}"
    return made


def _own_text(text: Mapping[str, Any], post: Mapping[str, Any]) -> dict[str, str]:
    """What a post with its own focus says: that, and the text's last line (its conditions)."""
    made: dict[str, str] = {}
    for lang in ("ko", "en"):
        lines = text["text"][lang].strip().splitlines()
        made[lang] = "\n".join([post["focus"][lang], *lines[1:][-1:]])
    return made


def _pay(said: Any) -> dict[str, Any]:
    """`23.5 USD hour` or `unpaid`."""
    if said == "unpaid":
        return {"pay_period": "unpaid"}
    amount, currency, period = str(said).split()
    return {"pay_amount": Decimal(amount), "pay_currency": currency, "pay_period": period}


def _asked(said: Mapping[str, Any]) -> dict[str, Any]:
    """Degree and experience; a mark of `!` after either says that it is a must."""
    degree, experience = str(said.get("degree", "")), str(said.get("experience", ""))
    return {
        "min_degree": degree.rstrip("!"),
        "degree_is_required": degree.endswith("!"),
        "min_experience_months": int(experience.rstrip("!")) if experience else None,
        "experience_is_required": experience.endswith("!"),
    }


def _details(kind: str, text: Mapping[str, Any], post: Mapping[str, Any]) -> dict[str, Any]:
    made = _merged(text.get("details"), post.get("details"))
    order = [detail.name for detail in DETAILS[kind]]
    return {name: made[name] for name in sorted(made, key=order.index)}


def _merged(first: Mapping[str, Any] | None, second: Mapping[str, Any] | None) -> dict[str, Any]:
    """Both maps; a null in the second takes an entry away (it is not known there)."""
    made = {**(first or {}), **(second or {})}
    return {name: value for name, value in made.items() if value is not None}


def _duty(line: str, paid_by: str) -> dict[str, Any]:
    """`install 45 supplied_machine | what is done`; share, place and another payer may be left
    out."""
    head, _bar, text = line.partition("|")
    activity, *words = head.split()
    said: dict[str, Any] = {"where": "", "paid_by": paid_by, "share_pct": None}
    for word in words:
        if word.isdecimal():
            said["share_pct"] = int(word)
        else:
            said["where" if word in Duty.Place.values else "paid_by"] = word
    return {"activity": activity, "text": text.strip(), **said}


def _want(line: str) -> dict[str, Any]:
    """`skill! text`, `other text` or `cred credential_id | text`; `!` marks a must."""
    head, _space, text = line.partition(" ")
    kind, ref = head.rstrip("!"), ""
    if kind == "cred":
        ref, _bar, text = text.partition("|")
    return {
        "kind": "credential" if kind == "cred" else kind,
        "ref": ref.strip(),
        "text": text.strip(),
        "is_required": head.endswith("!"),
    }


def _sponsor_name(slug: str) -> str:
    if not slug:
        return ""
    named = {row["slug"]: row["name"] for row in content.read("organizations")}
    return _both(named[slug])


def _both(words: Mapping[str, str] | None) -> str:
    return f"{words['ko']} / {words['en']}" if words else ""


def _monday(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9), SEOUL)
