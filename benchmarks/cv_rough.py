# ruff: noqa: E501
"""Rougher layouts than those of cv_layouts: nested tables, two columns, running prose, cells that
hold several facts, months without years' company. Written after the parser, to see it break."""

from __future__ import annotations

from typing import Any

from cv_layouts import (
    DEGREE_EN,
    MILITARY_KO,
    SAMPLE_EN,
    SAMPLE_KO,
    STATUS_KO,
    TEST_KO,
    Blocks,
    dot,
    ko,
    mon,
    resident,
    result,
)


def r_nested(p: dict[str, Any]) -> Blocks:
    """A public body's form: one cell for school and major, one for firm, team and title."""
    rows: list[list[Any]] = [
        [("지 원 자", 2, 1), "성명(한자)", f"{p['name']}(  )", "주민등록번호", resident(p)],
        ["주소", (f"경남 {p['city']} 견본면 샘플리 1", 1, 3)],
        [("학 력", len(p["edu"]) + 1, 1), "기간(년.월)", "학교명 및 전공", "소재지", "졸업여부"],
        *([f"{dot(e['from'])}.~{dot(e['to'])}.", f"{e['at']}\n{e['major']}", "경남", STATUS_KO[e["status"]]] for e in p["edu"]),
        [("경 력", len(p["work"]) + 1, 1), "근무기간", "근무처/부서/직급", ("담당업무", 1, 2)],
        *([f"{dot(w['from'])}.~{dot(w['to'])}", f"{w['at']}\n{w['as']}", ("\n".join(w["did"]), 1, 2)] for w in p["work"]),
        [("자격·어학", len(p["cert"]) + len(p["lang"]) + 1, 1), "자격(시험)명", "등급·점수", "취득(응시)일", "발급기관"],
        *([c["name"], "", dot(c["when"]), "한국산업인력공단"] for c in p["cert"]),
        *([TEST_KO[x["test"]], result(x), dot(x["when"]), "YBM"] for x in p["lang"]),
        [("병 역", 1, 1), (MILITARY_KO[p["military"]], 1, 4)],
        [("주요기술", 1, 1), (", ".join(p["skills"]), 1, 4)],
    ]
    return [("title", "입 사 지 원 서"), ("t", rows), ("p", "영문성명: " + p["roman"]), ("p", SAMPLE_KO)]


def r_twocolumn(p: dict[str, Any]) -> Blocks:
    """A designed page: contact, skills and tests at the left, the story at the right."""
    left = "\n".join(["연락처", "010-0000-0000", f"{p['id']}@example.com", p["city"], "기술", *p["skills"], "어학",
                      *(f"{TEST_KO[x['test']]} {result(x)}" + f" ({dot(x['when'])})" for x in p["lang"])])
    right = "\n".join(["학력", *(f"{e['at']} {e['major']}, {dot(e['from'])}–{dot(e['to'])} (졸업예정)" for e in p["edu"]),
                       "경력", *(line for w in p["work"] for line in (f"{w['at']} · {w['as']}", f"{dot(w['from'])}–{dot(w['to'])}", *(f"• {d}" for d in w["did"]))),
                       "자격증", *(f"{c['name']} {dot(c['when'])}" for c in p["cert"])])
    return [("title", f"{p['name']} / {p['roman']}"), ("t", [[left, right]]), ("p", SAMPLE_KO)]


def r_prose(p: dict[str, Any]) -> Blocks:
    """Sentences under headings."""
    blocks: Blocks = [("title", p["name"]), ("p", f"{p['city']}에 살고 있습니다."), ("h", "학력")]
    blocks += [("p", f"{ko(e['from'])}에 {e['at']} {e['major']}에 입학하여 {ko(e['to'])}에 졸업하였습니다.") for e in p["edu"]]
    blocks.append(("h", "경력"))
    blocks += [("p", f"{ko(w['from'])}부터 {ko(w['to'])}까지 {w['at']}에서 {w['as']}으로 일하며 {w['did'][0]}을 맡았습니다.") for w in p["work"]]
    blocks.append(("h", "자격과 어학"))
    blocks += [("p", f"{ko(c['when'])}에 {c['name']} 자격을 취득하였고,") for c in p["cert"]]
    blocks += [("p", f"{ko(x['when'])} {TEST_KO[x['test']]} {result(x)}점을 받았습니다.") for x in p["lang"]]
    return [*blocks, ("h", "할 줄 아는 것"), ("p", ", ".join(p["skills"])), ("p", SAMPLE_KO)]


def r_compact(p: dict[str, Any]) -> Blocks:
    """A short form in which years stand alone in a column and months in another."""
    rows: list[list[Any]] = [["년", "월", "학력 및 경력사항"]]
    for e in p["edu"]:
        rows += [[e["from"][:4], str(int(e["from"][5:])), f"{e['at']} {e['major']} 입학".replace("  ", " ")],
                 [e["to"][:4], str(int(e["to"][5:])), f"{e['at']} {e['major']} 졸업".replace("  ", " ")]]
    for w in p["work"]:
        rows.append([w["from"][:4], str(int(w["from"][5:])), f"{w['at']} 입사 ({w['as']}: {', '.join(w['did'])})"])
        rows.append([w["to"][:4], str(int(w["to"][5:])), f"{w['at']} 퇴사"] if w["to"] else ["", "", "현재 재직 중"])
    rows.append(["년", "월", "자격 및 면허"])
    rows += [[c["when"][:4], str(int(c["when"][5:])), f"{c['name']} 취득"] for c in p["cert"]]
    rows += [[x["when"][:4], str(int(x["when"][5:])), f"{TEST_KO[x['test']]} {result(x)}"] for x in p["lang"]]
    return [("title", "이력서"), ("t", [["성명", p["name"], "영문", p["roman"]], ["생년월일", p["born"], "주소", f"{p['city']} 견본길 3"]]),
            ("t", rows), ("h", "특기사항"), ("p", "보유기술: " + ", ".join(p["skills"])), ("p", SAMPLE_KO)]


def r_american(p: dict[str, Any]) -> Blocks:
    """As in the United States: bold firm with place, title and dates below, sentences as duties."""
    blocks: Blocks = [("title", p["name"].upper()), ("p", f"{p['city']}, South Korea ▪ {p['id']}@example.com ▪ linkedin.com/in/sample"),
                      ("h", "QUALIFICATIONS"), ("p", f"Knows {', '.join(p['skills'])}."), ("h", "EXPERIENCE")]
    for w in reversed(p["work"]):
        blocks += [("p", f"{w['at'].upper()}\t{p['city']}, Korea"), ("p", f"{w['as']}\t{mon(w['from'])} to {mon(w['to'])}"),
                   *(("p", f"o {d}.") for d in w["did"])]
    blocks.append(("h", "EDUCATION"))
    for e in p["edu"]:
        blocks += [("p", f"{e['at'].upper()}\t{p['city']}, Korea"), ("p", f"{DEGREE_EN[e['degree']]}, {e['major']}\t{mon(e['from'])} to {mon(e['to'])}")]
    blocks += [("h", "ADDITIONAL"), *(("p", f"Certification: {c['name']} ({mon(c['when'])})") for c in p["cert"]),
               *(("p", f"Test: {TEST_KO[x['test']]} {result(x)} ({mon(x['when'])})") for x in p["lang"])]
    return [*blocks, ("p", SAMPLE_EN)]


def f_cards(p: dict[str, Any]) -> Blocks:
    """As a recruiting app prints it: a card a job, the skills one a line."""
    blocks: Blocks = [("title", p["name"]), ("p", f"{p['id']}@example.com"), ("p", "010-0000-0000"), ("p", p["city"]),
                      ("h", "간단 소개"), ("p", "숫자로 문제를 찾고 화면으로 풉니다."), ("h", "경력")]
    for w in reversed(p["work"]):
        blocks += [("p", w["at"]), ("p", f"{dot(w['from'])} - {dot(w['to'])}"), ("p", w["as"]), ("h", "주요 성과"), *(("p", f"- {d}") for d in w["did"])]
    blocks.append(("h", "학력"))
    for e in p["edu"]:
        blocks += [("p", e["at"]), ("p", f"{dot(e['from'])} - {dot(e['to'])}"), ("p", f"{e['major']} {STATUS_KO[e['status']]}")]
    blocks += [("h", "스킬"), *(("p", skill) for skill in p["skills"]), ("h", "수상/자격증/기타")]
    for c in p["cert"]:
        blocks += [("p", c["name"]), ("p", dot(c["when"]))]
    blocks.append(("h", "외국어"))
    for x in p["lang"]:
        blocks += [("p", "영어"), ("p", "비즈니스 회화"), ("p", f"{TEST_KO[x['test']]} {result(x)}점"), ("p", dot(x["when"]))]
    return [*blocks, ("p", SAMPLE_KO)]


def _day(month: str | None, day: int) -> str:
    return f"{month[:4]}. {int(month[5:])}. {day}." if month else "현재"


def f_public(p: dict[str, Any]) -> Blocks:
    """An application form of a public office: days in full, the end in a column of its own."""
    head = [["응시분야", "기술직", "응시번호", "※ 적지 마십시오"], ["성 명", p["name"], "생년월일", p["born"].replace("-", ". ") + "."],
            ["주 소", (f"강원특별자치도 {p['city']} 견본로 88", 1, 3)]]
    study = [["학교명", "학과(전공)", "입학", "졸업", "비고"], *([e["at"], e["major"], _day(e["from"], 2), _day(e["to"], 20), STATUS_KO[e["status"]]] for e in p["edu"])]
    jobs = [["근무기간", "기관명", "직위", "담당업무(구체적으로)"],
            *([f"{_day(w['from'], 2)} ~ {_day(w['to'], 30)}", w["at"], w["as"], "\n".join(w["did"])] for w in p["work"])]
    held = [["종별", "취득일자", "발급기관명"], *([c["name"], _day(c["when"], 15), "한국산업인력공단"] for c in p["cert"])]
    return [("title", "응 시 원 서"), ("t", head), ("p", "1. 학력사항"), ("t", study), ("p", "2. 경력사항"), ("t", jobs), ("p", "3. 자격사항"), ("t", held),
            ("p", "4. 직무 관련 기술"), ("p", ", ".join(p["skills"])), ("p", "위와 같이 응시원서를 제출합니다."), ("p", SAMPLE_KO)]


def f_left(p: dict[str, Any]) -> Blocks:
    """A table with the part's name at the left and all of it in one cell at the right."""
    def cell(lines: list[str]) -> str:
        return "\n".join(lines)

    return [("title", p["name"]), ("p", f"{p['city']}, South Korea / {p['id']}@example.com"), ("t", [
        ["PROFILE", "Wind technician with site leadership."],
        ["WORK HISTORY", cell([line for w in reversed(p["work"]) for line in (f"{mon(w['from'])}–{mon(w['to'])}: {w['as']}, {w['at']}", *(f"• {d}" for d in w["did"]))])],
        ["EDUCATION", cell([f"{e['from'][:4]}–{e['to'][:4]}: BSc {e['major']}, {e['at']}" for e in p["edu"]])],
        ["CERTIFICATES", cell([f"{c['name']} ({mon(c['when'])})" for c in p["cert"]])],
        ["LANGUAGES", cell(["Korean: native", *(f"English: {TEST_KO[x['test']]} {result(x)}, {mon(x['when'])}" for x in p["lang"])])],
        ["SKILLS", ", ".join(p["skills"])]]), ("p", SAMPLE_EN)]


def f_plain(p: dict[str, Any]) -> Blocks:
    """Korean under English headings, dates in brackets after the name."""
    blocks: Blocks = [("title", "RESUME"), ("p", f"성명 {p['name']} ({p['roman']})"), ("p", f"거주지 {p['city']}"), ("h", "Education")]
    blocks += [("p", f"1) {e['at']} {e['major']} {'석사과정' if e['degree'] == 'master' else '학사과정'} ({dot(e['from'])}~{dot(e['to'])}, {STATUS_KO[e['status']]})") for e in p["edu"]]
    blocks.append(("h", "Career"))
    for w in p["work"]:
        blocks += [("p", f"1) {w['at']} 연구소 / {w['as']} ({dot(w['from'])}~{dot(w['to'])})"), *(("p", f"   : {d}") for d in w["did"])]
    blocks += [("h", "Certificate"), *(("p", f"1) {c['name']} ({dot(c['when'])}, 한국산업인력공단)") for c in p["cert"]),
               ("h", "Language"), *(("p", f"1) {TEST_KO[x['test']]} {result(x)}점 (Lv.6, {dot(x['when'])})") for x in p["lang"]),
               ("h", "Skill"), ("p", ", ".join(p["skills"])), ("h", "Military"), ("p", "육군 병장 전역 (2016.05~2018.02)")]
    return [*blocks, ("p", SAMPLE_KO)]


ROUGH = {each.__name__: each for each in (r_nested, r_twocolumn, r_prose, r_compact, r_american,
                                          f_cards, f_public, f_left, f_plain)}
