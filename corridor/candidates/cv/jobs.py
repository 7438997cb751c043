"""Jobs: employer, title, months and duties, from table rows or lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corridor.candidates.cv import dates, pieces, words
from corridor.candidates.cv.parts import Item, Said, free
from corridor.candidates.cv.proposal import Entry, Value

_TITLE = re.compile(
    r"(?:(?<=\s)사원|사원|연구원|연구사|기술원|기능원|기능공|기사|기관사|항해사|간호사|용접사"
    r"|설계사|정비사|조종사|"
    r"영양사|교사|강사|교수|조교|인턴|인턴십|엔지니어|매니저|디자이너|개발자|프로그래머|분석가"
    r"|마케터|컨설턴트|"
    r"작업자|관리자|담당자?|보조|반장|조장|팀장|직장|공장장|소장|실장|본부장|주임|대리|과장"
    r"|차장|부장|선임|책임|"
    r"수석|이사|대표|전문가|코디네이터|에디터|아르바이트|실습생|학생)$"
)
_TITLE_EN = re.compile(
    r"\b(?:engineer|analyst|manager|intern|technician|designer|developer|assistant|researcher"
    r"|scientist"
    r"|machinist|programmer|operator|specialist|associate|director|lead|leader|consultant"
    r"|welder|nurse"
    r"|teacher|professor|fellow|officer|coordinator|supervisor|administrator|architect|mechanic"
    r"|electrician|inspector|planner|representative|trainee|marketer|writer|editor|accountant|clerk"
    r"|sergeant|corporal|captain|lieutenant|scholar|superintendent|estimator|buyer|crew|driver|guard"
    r"|apprentice|worker|fitter|installer|foreman|instructor|tutor|postdoc\w*|head|chief)\b", re.I
)
_ENDS_AS_TITLE = re.compile(rf"(?:{_TITLE_EN.pattern})$", re.I)  # "Lab Assistant"
_EMPLOYER = re.compile(
    r"㈜|\((?:주|유|사|재)\)|주식회사|유한회사|법인|(?:전자|중공업|조선|반도체|화학|제철|건설"
    r"|에너지|배터리|병원|"
    r"의료원|은행|연구소|공사|공단|센터|그룹|코리아|테크|소프트|플랜트|산업|물류|호텔|대학교"
    r"|학교|랩|시스템|솔루션|"
    r"오토메이션|정밀|기계|해운|제약|바이오|식품|학원|협회|재단|시청|특수강|소재|물산|상사|전기"
    r"|기업)$"
    r"|^한국[가-힣]+(?:연구원|기술원|진흥원)$"
)
_EMPLOYER_EN = re.compile(
    r"\b(?:inc|ltd|llc|corp|corporation|co|company|group|labs?|laboratory|laboratories|university"
    r"|institute|hospital|bank|energy|motors|electronics|industries|heavy|robotics|power|systems"
    r"|technologies|solutions|aerospace|biologics|chemical|semiconductor"
    r"|machining|materials|center|battalion|brigade|regiment|army|navy|air force"
    r"|marine corps)\b\.?|\bAI$", re.I
)
_SKIPPED = re.compile(
    r"^(?:정규직|계약직|비정규직|파견직|인턴직|프리랜서|full[- ]?time|part[- ]?time|contract"
    r"|상세내용|퇴사|재직중?"
    r"|약?\s*\d+\s*년?(?:\s*\d+\s*개월)?|\d+\s*개월|\d+\s*(?:yrs?|years?|mos?|months?).*"
    r"|\d{1,2}[.)]?)$", re.I
)
# How long a job was, on a line of its own.
_LASTED = re.compile(
    r"^\W*(?:총\s*경력|총|약)?\W*(?:\d+\s*(?:년|개월|yrs?|years?|mos?|months?)\W*)+$", re.I
)
_NOT_A_NAME = re.compile(r"[!?。…]$|(?:니다|[다요])\.?$|%|(?:\S+\s+){6}\S+\.$")
_NUMBER = re.compile(r"^\s*(?:\d{1,2}[.)]|[①-⑳])\s*")
_LABELLED = re.compile(r"^\s*([^:：]{1,14}?)\s*\|?\s*[:：]\s*(.+)$")
_TEAM = re.compile(r"^(\S+(?:\s\S+)?)\s+(\S+(?:팀|사업부|본부|파트)\s+\S+)$")  # firm, team and rank
_SPACED_FIRM = re.compile(r"\s+(\((?:주|유|사|재)\))$")
_SAME_FIRM = re.compile(r"동\s*사(?=\s)")
_EVENT = re.compile(r"입사|퇴사|퇴직|joined|left", re.I)
# "○○에서 연구원으로 일하며 … 을 맡았습니다"
_SENTENCE = re.compile(
    r"^\W*(?:까지\s+)?(?P<employer>\S.*?)에서\s+(?P<title>\S.*?)(?:으로|로)\s+(?:일하|근무|재직)\S*"
    r"(?:\s+(?P<duties>.+?)[을를]?\s*(?:맡|담당|수행)\S*)?"
)
_RANK_ONLY = re.compile(r"^(?:사원|주임|대리|과장|차장|부장|선임|책임|수석|연구원|팀장|팀원|인턴)$")


def read(items: Sequence[Item]) -> list[Entry]:
    entries = [_of_row(item) for item in items if item.cells]
    told = list(free(items))
    lines = [said for said in told if not _LASTED.match(said.text) and not _only_site(said.text)]
    # Where a line of its own tells how long one was with a firm, several posts stand below it.
    said_in_lines = _of_chunks(lines, posts=any(_LASTED.match(said.text) for said in told))
    said_in_lines = said_in_lines or _by_events(lines)
    if entries:  # below a table of jobs stand projects; a job there names a firm
        said_in_lines = [entry for entry in said_in_lines if _is_employer(entry.text("employer"))]
    entries += said_in_lines
    return [entry for entry in entries if entry.text("employer") or entry.text("title")]


def _of_chunks(lines: Sequence[Said], *, posts: bool) -> list[Entry]:
    entries: list[Entry] = []
    for chunk in pieces.chunks(lines):
        firm = entries[-1].values.get("employer") if posts and entries else None
        entries.append(_of_chunk(chunk, firm))
    return entries


def _only_site(text: str) -> bool:
    return text.isascii() and "," in text and not pieces.cut(text)


def _of_row(item: Item) -> Entry:
    entry, cells = Entry(), item.cells
    if (said := cells.get("period")) is not None:
        _period(entry, dates.period(said.text), said.line)
    for role, name in (("start", "started_on"), ("end", "ended_on")):
        if (said := cells.get(role)) is None:
            continue
        found = dates.months(said.text)
        if found:
            entry.put(name, found[0][0].day(), said.line)
        elif dates.NOW.search(said.text):
            entry.goes_on = said.line
    for role, name in (("employer", "employer"), ("title", "title"), ("duties", "description"),
                       ("named", "description")):  # fmt: skip
        if (said := cells.get(role)) is not None:
            entry.put(name, said.text, said.line)
    _team(entry, cells.get("team"))
    if "title" not in entry.values and "employer" in entry.values:
        said = Said(entry.text("employer"), entry.values["employer"].line)
        del entry.values["employer"]
        _name(entry, said, pieces.cut(said.text))
    return entry


def _of_chunk(chunk: pieces.Chunk, firm: Value | None) -> Entry:
    """`firm`: that of the entry before, for a head that tells a post and no firm."""
    entry = Entry()
    posts = [said for said in chunk.head if said.line != chunk.period_line]
    if firm is not None and len(posts) == 1 and _whole_title(posts[0].text):
        entry.values["employer"] = firm
    # Where a line is a title and nothing else, what other lines hold beside the firm is none.
    titled = any(_whole_title(said.text) for said in [*chunk.head, *chunk.body])
    _period(entry, chunk.period, chunk.period_line)
    duties: list[Said] = []
    in_duties = False
    for said in [*chunk.head, *chunk.body]:
        period = dates.period(said.text)
        if pieces.is_bullet(said.text) and period is None:
            in_duties = True
        text = _NUMBER.sub("", pieces.without(said.text, period.at if period else None))
        told = _LABELLED.match(text)
        role = words.column(told[1] if told else text)
        if role == "duties":
            in_duties = True
            if told:
                duties.append(Said(told[2], said.line))
        elif told and role in ("title", "employer"):
            entry.put(role, told[2], said.line)
        elif told and role == "team":
            _team(entry, Said(told[2], said.line))
        elif in_duties or {"employer", "title"} <= set(entry.values):
            if text.strip(" |") and not _SKIPPED.match(text.strip(" |()")):
                duties.append(Said(pieces.without_bullet(text), said.line))
        elif (sentence := _SENTENCE.match(text)) is not None:
            entry.put("employer", sentence["employer"], said.line)
            entry.put("title", sentence["title"], said.line)
            entry.put("description", sentence["duties"], said.line)
        else:
            known = dict(entry.values)
            _name(entry, said, pieces.cut(pieces.without_bullet(text)), titled=titled)
            duties += _in_last_cell(entry, known, Said(text, said.line))
    if duties:
        entry.put("description", "\n".join(said.text for said in duties), duties[0].line)
    return entry


def _by_events(lines: Sequence[Said]) -> list[Entry]:
    """"2004.05 ○○조선 입사 (취부사: 블록 취부)", and a line more for the end."""
    entries: dict[str, Entry] = {}
    for said in lines:
        if entries and _SAME_FIRM.search(said.text):  # "동사 퇴사": the firm of the line above
            said = Said(_SAME_FIRM.sub(list(entries)[-1], said.text, count=1), said.line)
        months, event = dates.months(said.text), _EVENT.search(said.text)
        if event is None or not months:
            if entries and dates.NOW.search(said.text):
                list(entries.values())[-1].goes_on = said.line
            continue
        firm = said.text[months[0][1][1] : event.start()].strip(" |,")
        names = firm.split()
        firm = next((each for each in entries if firm.startswith(each)), firm)
        if len(names) > 1 and firm not in entries and _is_employer(names[0]):
            firm = names[0]  # what follows is a department
        if not firm:
            continue
        entry = entries.setdefault(firm, Entry())
        entry.put("employer", firm, said.line)
        begins = event[0] in ("입사", "joined")
        entry.put("started_on" if begins else "ended_on", months[0][0].day(),
                  said.line)  # fmt: skip
        if (inside := re.search(r"\(([^:)]+)(?:[:：]\s*([^)]+))?\)", said.text[event.end() :])):
            entry.put("title", inside[1].strip(), said.line)
            entry.put("description", inside[2], said.line)
    return list(entries.values())


def _in_last_cell(entry: Entry, known: dict[str, Value], said: Said) -> list[Said]:
    """A row without heads, "period | firm | title | what was done": its last cell."""
    told = [name for name in ("employer", "title") if name in entry.values and name not in known]
    *_cells, last = (cell.strip() for cell in said.text.split("|"))
    spoken = " " in last and len(last) > 5 and last not in {v.value for v in entry.values.values()}
    alone = len(pieces.cut(last)) == 1 and not _is_title(last) and not _SKIPPED.match(last)
    fits = len(told) == 2 and len(_cells) > 2 and spoken and alone
    return [Said(last, said.line)] if fits else []


def _whole_title(text: str) -> bool:
    period = dates.period(text)
    found = pieces.cut(pieces.without(text, period.at if period else None))
    return (
        bool(found) and _is_title(found[0])
        and (not _is_employer(found[0]) or _ENDS_AS_TITLE.search(found[0]) is not None)
        and not pieces.is_bullet(text) and len(text.split()) <= 8
    )  # fmt: skip


def _name(entry: Entry, said: Said, found: list[str], *, titled: bool = False) -> None:
    """Employer and title among the pieces of a line: by their words, else by their order."""
    parts = [_SPACED_FIRM.sub(r"\1", piece) for piece in found if not _SKIPPED.match(piece)]
    parts = [piece for piece in parts if len(piece) <= 60 and not _NOT_A_NAME.search(piece)]
    if len(parts) == 1 and not {"employer", "title"} & set(entry.values):
        parts = _parted(parts[0])
    titles = [piece for piece in parts if _is_title(piece)]
    whole = ", ".join(parts)
    if titled and len(parts) == 2 and not titles and whole.isascii() and whole in said.text:
        parts = [whole]  # a firm and its part
    employers = [piece for piece in parts if _is_employer(piece) and piece not in titles[:1]]
    if "title" not in entry.values and titles:
        entry.put("title", titles[0], said.line)
        parts.remove(titles[0])
    if "employer" not in entry.values and employers:
        entry.put("employer", employers[0], said.line)
        if employers[0] in parts:
            parts.remove(employers[0])
    for piece in parts:
        for name in ("employer",) if titled else ("employer", "title"):
            if name not in entry.values and not (name == "employer" and _is_title(piece)):
                entry.put(name, piece, said.line)
                break


def _parted(piece: str) -> list[str]:
    """ "한국미래소재연구소 박사후연구원" → employer and title."""
    if not re.search(r"[가-힣]", piece) or " " not in piece:
        return [piece]
    if (team := _TEAM.match(piece)) is not None and _is_title(team[2]):
        return [team[1], team[2]]
    first, *more = piece.split()
    while more and not _is_employer(first) and _is_employer(more[0]):
        first = f"{first} {more.pop(0)}"
    rest = " ".join(more)
    if rest and _is_title(rest) and (_is_employer(first) or not _is_title(first)):
        return [first, rest] if _is_employer(first) else [piece]
    return [piece]


def _is_title(piece: str) -> bool:
    unit = re.search(r"\b(?:battalion|brigade|regiment|army|navy)\b", piece, re.I)
    known = _TITLE.search(piece) or _TITLE_EN.search(piece)
    return bool(known and not unit and not _EMPLOYER.search(piece))


def _is_employer(piece: str) -> bool:
    return bool(_EMPLOYER.search(piece) or _EMPLOYER_EN.search(piece))


def _team(entry: Entry, team: Said | None) -> None:
    """A team tells the job where the title is missing or a rank alone."""
    if team is None:
        return
    title = entry.values.get("title")
    if title is None:
        entry.put("title", team.text, team.line)
    elif _RANK_ONLY.match(title.value):
        entry.values["title"] = Value(f"{team.text} {title.value}", title.line)


def _period(entry: Entry, period: dates.Period | None, line: int) -> None:
    if period is None:
        return
    if period.start:
        entry.put("started_on", period.start.day(), line)
    if period.end:
        entry.put("ended_on", period.end.day(), line)
    if period.goes_on:
        entry.goes_on = line


def spans(entries: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        yield entry.text("started_on"), entry.text("ended_on")
