# ruff: noqa: E501
"""The layouts in which the sample CVs are written: how people in Korea and abroad lay theirs out.

A layout turns a person of `tests/candidates/cv/people.yaml` into blocks: ("title" | "h" | "p",
text) or ("t", rows), where a row is a list of cells, each a text or (text, rowspan, colspan).
What a real CV holds besides (phone, resident number, photo, family, hobbies) stands there too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Blocks = list[tuple[str, Any]]
DEGREE_KO = {"high_school": "고등학교", "associate": "전문학사", "bachelor": "학사",
             "master": "석사", "doctorate": "박사"}  # fmt: skip
DEGREE_PORTAL = {"high_school": "고등학교", "associate": "대학(2,3년)", "bachelor": "대학교(4년)",
                 "master": "대학원(석사)", "doctorate": "대학원(박사)"}  # fmt: skip
DEGREE_EN = {"high_school": "High School Diploma", "associate": "Associate Degree",
             "bachelor": "B.S.", "master": "M.S.", "doctorate": "Ph.D."}  # fmt: skip
DEGREE_LONG = {"associate": "Associate of Science", "bachelor": "Bachelor of Science",
               "master": "Master of Science", "doctorate": "Doctor of Philosophy"}  # fmt: skip
STATUS_KO = {"enrolled": "재학중", "leave": "휴학중", "graduated": "졸업", "left": "중퇴"}
MILITARY_KO = {"completed": "군필(육군 병장 만기전역)", "exempt": "면제", "serving": "복무중"}
TEST_KO = {"toeic": "TOEIC", "toefl": "TOEFL iBT", "ielts": "IELTS", "opic": "OPIc",
           "toeic_speaking": "TOEIC Speaking"}  # fmt: skip
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
LONG = ("January February March April May June July August September October November "
        "December").split()  # fmt: skip
SAMPLE_KO = "※ 견본: 이 이력서의 인물, 학교, 회사는 모두 지어낸 것입니다."
SAMPLE_EN = "Sample: the person, schools and firms in this CV are made up."


def dot(month: str | None, now: str = "현재") -> str:
    return month.replace("-", ".") if month else now


def ko(month: str | None, now: str = "현재") -> str:
    return f"{month[:4]}년 {int(month[5:])}월" if month else now


def short(month: str | None, now: str = "현재") -> str:
    return f"{month[2:4]}년 {int(month[5:])}월" if month else now


def mon(month: str | None, names: list[str] = MONTHS) -> str:
    return f"{names[int(month[5:]) - 1]} {month[:4]}" if month else "Present"


def slash(month: str | None) -> str:
    return f"{month[5:]}/{month[:4]}" if month else "present"


def result(each: dict[str, Any], unit: str = "") -> str:
    return str(each.get("level") or f"{each['score']}{unit}")


def length(job: dict[str, Any]) -> str:
    end = job["to"] or "2025-11"
    months = (int(end[:4]) - int(job["from"][:4])) * 12 + int(end[5:]) - int(job["from"][5:]) + 1
    return f"{months // 12}년 {months % 12}개월" if months >= 12 else f"{months}개월"


def resident(p: dict[str, Any]) -> str:
    """A made-up number of the right form: the reader must drop it."""
    return f"{p['born'][2:4]}{p['born'][5:7]}{p['born'][8:]}-{3 if p['born'] >= '2000' else 1}234567"


def _facts(p: dict[str, Any]) -> Blocks:
    """The head of the classic Korean form."""
    return [("t", [
        [("사 진", 4, 1), "성 명", p["name"], "영 문", p["roman"]],
        ["생년월일", f"{p['born'].replace('-', '.')} (만 {2025 - int(p['born'][:4])}세)",
         "주민등록번호", resident(p)],
        ["연락처", "010-0000-0000", "E-mail", f"{p['id']}@example.com"],
        ["주 소", (f"{p['city']} 견본구 샘플로 12, 101동 1203호", 1, 3)],
    ])]  # fmt: skip


def form(p: dict[str, Any]) -> Blocks:
    blocks: Blocks = [("title", "이  력  서"), *_facts(p)]
    blocks += [("h", "학 력 사 항"), ("t", [["기 간", "학 교 명", "전 공", "구 분"], *(
        [f"{dot(e['from'])} ~ {dot(e['to'])}", e["at"], e["major"] or "-",
         "졸업예정" if e["status"] == "enrolled" else STATUS_KO[e["status"]]]
        for e in p["edu"])])]  # fmt: skip
    blocks += [("h", "경 력 사 항"), ("t", [["근 무 기 간", "회 사 명", "직 위", "담 당 업 무"], *(
        [f"{dot(w['from'])} ~ {dot(w['to'])}", w["at"], w["as"], "\n".join(w["did"])]
        for w in p["work"])])]  # fmt: skip
    blocks += [("h", "자격 및 면허"), ("t", [["취득일", "자격증명", "발행처"], *(
        [dot(c["when"]), c["name"], "한국산업인력공단"] for c in p["cert"])])]  # fmt: skip
    blocks += [("h", "외 국 어"), ("t", [["시험명", "점수(등급)", "취득일"], *(
        [TEST_KO[x["test"]], result(x), dot(x['when'])] for x in p["lang"])])]  # fmt: skip
    if p["military"]:
        blocks += [("h", "병 역"), ("t", [["병역구분", MILITARY_KO[p["military"]]]])]
    blocks += [("h", "보유기술"), ("p", ", ".join(p["skills"])), ("h", "자 기 소 개"),
               ("p", "맡은 일을 끝까지 해내며 새로운 장비를 배우는 일을 좋아합니다."),
               ("p", "위 기재사항은 사실과 틀림이 없습니다."), ("p", "2025년 11월 3일"),
               ("p", f"지원자: {p['name']} (인)"), ("p", SAMPLE_KO)]  # fmt: skip
    return blocks


def sidehead(p: dict[str, Any]) -> Blocks:
    """One table whose left column names the part in a merged cell."""
    def part(title: str, head: list[str], rows: list[list[str]]) -> list[list[Any]]:
        rows = rows or [[""] * len(head)]
        return [[(title, len(rows) + 1, 1), *head], *rows]

    table: list[list[Any]] = [
        [("인적\n사항", 3, 1), "성명", f"{p['name']} ({p['roman']})", "생년월일", ko(p["born"][:7])],
        ["휴대폰", "010-0000-0000", "이메일", f"{p['id']}@example.com"],
        ["현주소", (f"({10000}) {p['city']} 견본동 34-5", 1, 3)],
        *part("학력", ["재학기간", "학교명", "학과", "졸업구분"], [
            [f"{dot(e['from'])}~{dot(e['to'])}", e["at"], e["major"], STATUS_KO[e["status"]]]
            for e in p["edu"]]),
        *part("경력", ["기간", "근무처", "직책", "주요업무"], [
            [f"{dot(w['from'])}~{dot(w['to'], '재직중')}", w["at"], w["as"], " / ".join(w["did"])]
            for w in p["work"]]),
        *part("자격", ["취득년월", "종류", "시행기관", "비고"], [
            [dot(c["when"]), c["name"], "산업인력공단", ""] for c in p["cert"]]),
        *part("어학", ["시험", "점수", "응시일", "비고"], [
            [TEST_KO[x["test"]], result(x, "점" if "score" in x else ""), dot(x['when']), ""]
            for x in p["lang"]]),
    ]  # fmt: skip
    if p["military"]:
        table.append([("병역", 1, 1), (MILITARY_KO[p["military"]], 1, 4)])
    table.append([("기술", 1, 1), (", ".join(p["skills"]), 1, 4)])
    table.append([("가족\n관계", 1, 1), ("부: 견본남 (58세, 회사원), 모: 견본녀 (56세, 주부)", 1, 4)])
    return [("title", "입사지원서"), ("t", table), ("p", SAMPLE_KO)]


def bullets(p: dict[str, Any]) -> Blocks:
    blocks: Blocks = [("title", f"{p['name']} 이력서"),
                      ("p", f"{p['city']} | 010-0000-0000 | {p['id']}@example.com"),
                      ("h", "■ 학력")]  # fmt: skip
    blocks += [("p", f"- {dot(e['from'])} ~ {dot(e['to'])}  {e['at']} {e['major']} "
                f"({DEGREE_KO[e['degree']]}, {STATUS_KO[e['status']]}), 학점 3.8/4.5")
               for e in p["edu"]]  # fmt: skip
    if p["work"]:
        blocks.append(("h", "■ 경력"))
    for w in p["work"]:
        blocks.append(("p", f"{ko(w['from'])} ~ {ko(w['to'])} | {w['at']} | {w['as']}"))
        blocks += [("p", f"  • {did}") for did in w["did"]]
    blocks.append(("h", "■ 자격증"))
    blocks += [("p", f"- {c['name']} ({dot(c['when'])})") for c in p["cert"]]
    blocks.append(("h", "■ 어학"))
    blocks += [("p", f"- {TEST_KO[x['test']]} {result(x, '점' if 'score' in x else '')} "
                f"({dot(x['when'])})") for x in p["lang"]]  # fmt: skip
    if p["military"]:
        blocks += [("h", "■ 병역"), ("p", "- 육군 만기 전역 (2014.03 ~ 2015.12)")]
    blocks += [("h", "■ 보유 기술"), ("p", ", ".join(p["skills"])), ("h", "■ 자기소개"),
               ("p", "현장에서 배운 것을 기록하고 나누는 사람입니다. 미국 현장에서 더 배우고 싶습니다."),
               ("p", SAMPLE_KO)]  # fmt: skip
    return blocks


def portal(p: dict[str, Any]) -> Blocks:
    """As a job portal prints it: values under each other, labels beside or above."""
    blocks: Blocks = [("title", p["name"]), ("p", f"{p['roman']}"),
                      ("p", f"{p['born'][:4]}년생 | 010-0000-0000 | {p['id']}@example.com"),
                      ("p", f"주소 {p['city']} 견본로 9"), ("h", "학력")]  # fmt: skip
    for e in p["edu"]:
        blocks += [("p", f"{dot(e['from'])} ~ {dot(e['to'])}"), ("p", e["at"]), ("p", e["major"]),
                   ("p", f"{DEGREE_PORTAL[e['degree']]} {STATUS_KO[e['status']]}")]  # fmt: skip
    total = length(p["work"][0]) if p["work"] else ""
    blocks.append(("h", f"경력 총 {total}"))
    for w in p["work"]:
        blocks += [("p", f"{dot(w['from'])} ~ {dot(w['to'], '재직중')} ({length(w)})"),
                   ("p", w["at"]), ("p", f"{w['as']} | 정규직"),
                   ("p", "담당업무"), *(("p", did) for did in w["did"])]  # fmt: skip
    blocks.append(("h", "자격/어학/수상"))
    blocks += [("p", f"{dot(c['when'])} {c['name']} | 한국산업인력공단 | 최종합격") for c in p["cert"]]
    blocks += [("p", f"{dot(x['when'])} 영어 | {TEST_KO[x['test']]} | "
                f"{result(x, '점' if 'score' in x else '')}") for x in p["lang"]]  # fmt: skip
    blocks += [("h", "스킬"), ("p", " · ".join(p["skills"])), ("h", "취업우대사항")]
    if p["military"]:
        blocks.append(("p", "병역: 군필 (육군 병장)"))
    blocks += [("h", "희망근무조건"), ("p", "정규직, 경기 전체, 면접 후 결정"), ("p", SAMPLE_KO)]
    return blocks


def keyvalue(p: dict[str, Any]) -> Blocks:
    blocks: Blocks = [("title", "이 력 서"), ("h", "1. 인적사항"), ("p", f"성    명 : {p['name']}"),
                      ("p", f"영문성명 : {p['roman']}"), ("p", f"생년월일 : {ko(p['born'][:7])} "
                       f"{int(p['born'][8:])}일"), ("p", f"주민번호 : {resident(p)}"),
                      ("p", f"주    소 : {p['city']} 견본읍 샘플리 77"),
                      ("p", "연 락 처 : 010-0000-0000"), ("h", "2. 학력사항")]  # fmt: skip
    for e in p["edu"]:
        ends = "졸업예정" if e["status"] == "enrolled" else STATUS_KO[e["status"]]
        blocks.append(("p", f"{ko(e['from'])} {e['at']} {e['major']} 입학"))
        blocks.append(("p", f"{ko(e['to'])} {e['at']} {e['major']} {ends}"))
    blocks.append(("h", "3. 경력사항"))
    for number, w in enumerate(p["work"], 1):
        blocks += [("p", f"{number}) {w['at']} ({dot(w['from'])} ~ {dot(w['to'])})"),
                   ("p", f"직    위 : {w['as']}"), ("p", f"담당업무 : {', '.join(w['did'])}")]
    blocks.append(("h", "4. 자격사항"))
    blocks += [("p", f"{ko(c['when'])} {c['name']} 취득") for c in p["cert"]]
    blocks.append(("h", "5. 어학능력"))
    blocks += [("p", f"{TEST_KO[x['test']]} : {result(x, '점')} ({ko(x['when'])})") for x in p["lang"]]
    if p["military"]:
        blocks += [("h", "6. 병역사항"), ("p", f"구    분 : {MILITARY_KO[p['military']]}")]
    blocks += [("h", "7. 보유능력"), ("p", ", ".join(p["skills"])), ("p", SAMPLE_KO)]
    return blocks


def academic(p: dict[str, Any]) -> Blocks:
    blocks: Blocks = [("title", f"{p['name']} ({p['roman']})"),
                      ("p", f"{p['city']} / {p['id']}@example.com"), ("h", "학 력")]
    blocks += [("p", f"{DEGREE_KO[e['degree']]} ({dot(e['from'])}-{dot(e['to'])}) "
                f"{e['at']} {e['major']}") for e in p["edu"]]  # fmt: skip
    blocks += [("p", "학위논문: 황화물계 전해질의 계면 안정화 (지도교수: 견본)"), ("h", "연구 경력")]
    for w in p["work"]:
        blocks.append(("p", f"{dot(w['from'])}-{dot(w['to'])} {w['at']} {w['as']}"))
        blocks += [("p", f"· {did}") for did in w["did"]]
    blocks += [("h", "연구 관심 분야"), ("p", "전고체전지, 고체 전해질 계면, 실시간 분석"),
               ("h", "논문"), ("p", "1. T. Moon et al., Interface ... , Sample Journal, 2022"),
               ("p", "2. 문태윤 외, 황화물계 전해질 합성, 견본학회지, 2019"), ("h", "특허"),
               ("p", "고체 전해질 제조 방법, 출원번호 10-2021-0000000 (2021.05)"), ("h", "어학")]
    blocks += [("p", f"{TEST_KO[x['test']]} {result(x)} ({dot(x['when'])})") for x in p["lang"]]
    blocks += [("h", "연구 장비 및 기술"), ("p", ", ".join(p["skills"])), ("p", SAMPLE_KO)]
    return blocks


def startend(p: dict[str, Any]) -> Blocks:
    blocks: Blocks = [("title", "경력직 지원서"), ("t", [
        ["이름(한글)", p["name"], "이름(영문)", p["roman"]],
        ["생년월일", p["born"], "거주지", f"{p['city']} 견본동"],
        ["전화", "010-0000-0000", "전자우편", f"{p['id']}@example.com"]])]  # fmt: skip
    blocks += [("h", "□ 학력 (최종학력부터)"), ("t", [
        ["입학년월", "졸업년월", "학교", "전공", "학위", "졸업여부"], *(
            [dot(e["from"]), dot(e["to"]), e["at"], e["major"], DEGREE_KO[e["degree"]],
             "졸업예정" if e["status"] == "enrolled" else STATUS_KO[e["status"]]]
            for e in p["edu"])])]  # fmt: skip
    blocks += [("h", "□ 경력"), ("t", [
        ["회사명", "직무(직급)", "입사일", "퇴사일", "업무 내용"], *(
            [w["at"], w["as"], f"{dot(w['from'])}.02", f"{dot(w['to'])}.28" if w["to"] else "재직 중",
             "\n".join(w["did"])] for w in p["work"])])]  # fmt: skip
    blocks += [("h", "□ 자격·면허 및 어학"), ("t", [["구분", "명칭", "등급/점수", "취득일"], *(
        ["자격", c["name"], "-", dot(c['when'])] for c in p["cert"]), *(
        ["어학", TEST_KO[x["test"]], result(x), dot(x['when'])] for x in p["lang"])])]  # fmt: skip
    if p["military"]:
        blocks += [("t", [["병역", "군필", "군별", "육군", "계급", "병장"]])]
    blocks += [("h", "□ 활용 가능 기술"), ("p", " / ".join(p["skills"])), ("p", SAMPLE_KO)]
    return blocks


def shortyears(p: dict[str, Any]) -> Blocks:
    blocks: Blocks = [("p", f"이름: {p['name']}"), ("p", f"사는 곳: {p['city']}"),
                      ("p", "전화: 010-0000-0000"), ("h", "[일한 곳]" if p["id"] == "h04" else "[경력]")]
    for w in reversed(p["work"]):
        until = short(w["to"], "현재 재직중")
        blocks += [("p", f"{w['at']}, {w['as']}, {short(w['from'])} ~ {until}"),
                   *(("p", f"→ {did}") for did in w["did"])]  # fmt: skip
    blocks.append(("h", "[학력]"))
    blocks += [("p", f"{e['at']} {e['major']} {short(e['from'])} ~ {short(e['to'])} "
                f"{STATUS_KO[e['status']]}") for e in p["edu"]]  # fmt: skip
    blocks.append(("h", "[자격증]"))
    blocks += [("p", f"{c['name']} ({short(c['when'])} 취득)") for c in p["cert"]]
    if p["lang"]:
        blocks.append(("h", "[영어]"))
        blocks += [("p", f"{TEST_KO[x['test']]} {result(x)} / {short(x['when'])}") for x in p["lang"]]
    if p["military"]:
        blocks += [("h", "[병역]"), ("p", "병장 만기제대")]
    blocks += [("h", "[할 수 있는 일]"), ("p", ", ".join(p["skills"])), ("p", SAMPLE_KO)]
    return blocks


def bilingual(p: dict[str, Any]) -> Blocks:
    blocks: Blocks = [("title", f"{p['name']} {p['roman']}"),
                      ("p", f"{p['id']}@example.com · 010-0000-0000 · {p['city']}"),
                      ("h", "EXPERIENCE 경력")]  # fmt: skip
    for w in p["work"]:
        blocks += [("p", f"{w['at']} — {w['as']}"), ("p", f"{dot(w['from'])} – {dot(w['to'], 'Present')}"),
                   *(("p", f"– {did}") for did in w["did"])]  # fmt: skip
    blocks.append(("h", "EDUCATION 학력"))
    for e in p["edu"]:
        blocks += [("p", f"{e['at']} — {e['major']} {DEGREE_KO[e['degree']]}"),
                   ("p", f"{dot(e['from'])} – {dot(e['to'])} {STATUS_KO[e['status']]}")]  # fmt: skip
    blocks.append(("h", "CERTIFICATES 자격·어학"))
    blocks += [("p", f"{c['name']}, {dot(c['when'])}") for c in p["cert"]]
    blocks += [("p", f"{TEST_KO[x['test']]} {result(x)}, {dot(x['when'])}") for x in p["lang"]]
    blocks += [("h", "SKILLS 기술"), ("p", " | ".join(p["skills"])), ("p", SAMPLE_KO)]
    return blocks


def classic(p: dict[str, Any]) -> Blocks:
    blocks: Blocks = [("title", p["name"]),
                      ("p", f"{p['city']}, Korea | +82 10-0000-0000 | {p['id']}@example.com"),
                      ("h", "EDUCATION")]  # fmt: skip
    for e in p["edu"]:
        expected = " (Expected)" if e["status"] == "enrolled" else ""
        blocks += [("p", f"{e['at']}, {p['city']}, Korea"),
                   ("p", f"{DEGREE_EN[e['degree']]} in {e['major']}, {mon(e['from'])} – "
                    f"{mon(e['to'])}{expected}"), ("p", "GPA: 3.9/4.5")]  # fmt: skip
    blocks.append(("h", "PROFESSIONAL EXPERIENCE"))
    for w in p["work"]:
        blocks += [("p", f"{w['at']}, {p['city']}, Korea"),
                   ("p", f"{w['as']}, {mon(w['from'])} – {mon(w['to'])}"),
                   *(("p", f"• {did}") for did in w["did"])]  # fmt: skip
    blocks.append(("h", "CERTIFICATIONS"))
    blocks += [("p", f"{c['name']}, {mon(c['when'])}") for c in p["cert"]]
    blocks += [("h", "LANGUAGES"), ("p", "Korean (native)")]
    blocks += [("p", f"English: {TEST_KO[x['test']]} {result(x)} ({mon(x['when'])})") for x in p["lang"]]
    return [*blocks, ("h", "SKILLS"), ("p", ", ".join(p["skills"])), ("p", SAMPLE_EN)]


def twoline(p: dict[str, Any]) -> Blocks:
    blocks: Blocks = [("title", p["name"]), ("p", f"{p['id']}@example.com"),
                      ("p", f"{p['city']}, South Korea"), ("h", "Summary"),
                      ("p", "Careful engineer who likes to learn on site."), ("h", "Work Experience")]
    for w in p["work"]:
        blocks += [("p", f"{w['as']}\t{mon(w['from'], LONG)} - {mon(w['to'], LONG)}"), ("p", w["at"]),
                   *(("p", f"- {did}") for did in w["did"])]  # fmt: skip
    blocks.append(("h", "Education"))
    for e in p["edu"]:
        title = DEGREE_LONG[e["degree"]]
        blocks += [("p", f"{title}, {e['major']}\t{mon(e['from'], LONG)} - {mon(e['to'], LONG)}"),
                   ("p", e["at"])]  # fmt: skip
    blocks.append(("h", "Skills"))
    blocks.append(("p", f"Technical: {', '.join(p['skills'])}"))
    blocks.append(("h", "Licenses & Test Scores"))
    blocks += [("p", f"{c['name']} ({mon(c['when'], LONG)})") for c in p["cert"]]
    blocks += [("p", f"{TEST_KO[x['test']]}: {result(x)} ({mon(x['when'], LONG)})") for x in p["lang"]]
    return [*blocks, ("h", "References"), ("p", "Available on request."), ("p", SAMPLE_EN)]


def datetable(p: dict[str, Any]) -> Blocks:
    def rows(title: str, lines: list[list[str]]) -> list[list[Any]]:
        return [[(title, 1, 2)], *lines]

    table = [
        *rows("Personal information", [["Name", p["name"]], ["Location", f"{p['city']}, Korea"],
                                       ["Phone", "+82 10-0000-0000"]]),
        *rows("Education", [[f"{mon(e['from'])} – {mon(e['to'])}",
                             f"{e['at']}\n{DEGREE_EN[e['degree']]} in {e['major']}"]
                            for e in p["edu"]]),
        *rows("Employment", [[f"{mon(w['from'])} – {mon(w['to'])}",
                              "\n".join([f"{w['as']}, {w['at']}", *w["did"]])] for w in p["work"]]),
        *rows("Certificates", [[mon(c["when"]), c["name"]] for c in p["cert"]]),
        *rows("Languages", [[mon(x['when']), f"{TEST_KO[x['test']]} {result(x)}"] for x in p["lang"]]),
        *rows("Skills", [["Technical", ", ".join(p["skills"])]]),
    ]  # fmt: skip
    return [("title", "Curriculum Vitae"), ("t", table), ("p", SAMPLE_EN)]


def acad_en(p: dict[str, Any]) -> Blocks:
    blocks: Blocks = [("title", p["name"]), ("p", f"{p['city']}, Korea · {p['id']}@example.com"),
                      ("h", "Research Interests"), ("p", "Trapped ions, quantum control"),
                      ("h", "Education")]  # fmt: skip
    for e in p["edu"]:
        year = f"{e['from'][:7].replace('-', '.')}–{e['to'].replace('-', '.')}"
        tail = " (expected)" if e["status"] == "enrolled" else ""
        blocks.append(("p", f"{DEGREE_EN[e['degree']]} in {e['major']}, {e['at']}, {year}{tail}"))
    blocks += [("p", "Advisor: Prof. Sample"), ("h", "Research Experience")]
    for w in p["work"]:
        blocks.append(("p", f"{w['as']}, {w['at']}, {dot(w['from'])}–{dot(w['to'], 'present')}"))
        blocks += [("p", f"– {did}") for did in w["did"]]
    blocks += [("h", "Publications"), ("p", "[1] D. Ryu, Control of ions, Sample Letters 12 (2024)."),
               ("h", "Test Scores")]  # fmt: skip
    blocks += [("p", f"{TEST_KO[x['test']]} {result(x)}, {dot(x['when'])}") for x in p["lang"]]
    return [*blocks, ("h", "Technical Skills"), ("p", ", ".join(p["skills"])), ("p", SAMPLE_EN)]


def euro(p: dict[str, Any]) -> Blocks:
    blocks: Blocks = [("title", "CURRICULUM VITAE"), ("p", f"Name: {p['name']}"),
                      ("p", f"Address: {p['city']}, Republic of Korea"), ("p", "Nationality: Korean"),
                      ("h", "WORK EXPERIENCE")]  # fmt: skip
    for w in reversed(p["work"]):
        blocks += [("p", f"{slash(w['from'])} – {slash(w['to'])}  {w['as']}, {w['at']}"),
                   *(("p", f"▪ {did}") for did in w["did"])]  # fmt: skip
    blocks.append(("h", "EDUCATION AND TRAINING"))
    blocks += [("p", f"{slash(e['from'])} – {slash(e['to'])}  {DEGREE_LONG[e['degree']]} in "
                f"{e['major']}, {e['at']}") for e in p["edu"]]  # fmt: skip
    blocks.append(("h", "LICENCES AND CERTIFICATES"))
    blocks += [("p", f"{slash(c['when'])}  {c['name']}") for c in p["cert"]]
    blocks.append(("h", "LANGUAGE SKILLS"))
    blocks += [("p", f"English – {TEST_KO[x['test']]} {result(x)} ({slash(x['when'])})") for x in p["lang"]]
    return [*blocks, ("h", "DIGITAL AND TECHNICAL SKILLS"), ("p", "; ".join(p["skills"])), ("p", SAMPLE_EN)]


def rolefirst(p: dict[str, Any]) -> Blocks:
    blocks: Blocks = [("title", p["name"].upper()), ("p", f"{p['city']}, KR • {p['id']}@example.com"),
                      ("h", "Experience")]  # fmt: skip
    for w in p["work"]:
        blocks += [("p", f"{w['as']} @ {w['at']} | {dot(w['from'])} – {dot(w['to'], 'Now')}"),
                   *(("p", f"» {did}") for did in w["did"])]  # fmt: skip
    blocks.append(("h", "Academic Background"))
    for e in p["edu"]:
        state = "in progress" if e["status"] == "enrolled" else "graduated"
        blocks.append(("p", f"{e['at']} | {DEGREE_EN[e['degree']].replace('.', '')} {e['major']} | "
                       f"{dot(e['from'])} – {dot(e['to'])} | {state}"))  # fmt: skip
    if p["cert"]:
        blocks.append(("h", "Certificates"))
        blocks += [("p", f"{c['name']} | {dot(c['when'])}") for c in p["cert"]]
    blocks.append(("h", "English"))
    blocks += [("p", f"{TEST_KO[x['test']]} | {result(x)} | {dot(x['when'])}") for x in p["lang"]]
    return [*blocks, ("h", "Tools"), ("p", " • ".join(p["skills"])), ("p", SAMPLE_EN)]


LAYOUTS: dict[str, Callable[[dict[str, Any]], Blocks]] = {
    each.__name__: each
    for each in (
        form, sidehead, bullets, portal, keyvalue, academic, startend, shortyears, bilingual,
        classic, twoline, datetable, acad_en, euro, rolefirst,
    )
}
