# ruff: noqa: E501
"""Six CVs more, written after the reader had been mended for cv_strangers.py's sixteen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cv_layouts import SAMPLE_EN, SAMPLE_KO
from cv_samples import hwp, hwpx
from cv_writers import pdf_of_html, pdf_of_typst


def t01(path: Path) -> None:
    from docx import Document

    made = Document()
    made.add_heading("이력서", 0)
    table = made.add_table(0, 4, style="Table Grid")
    for row in (
        ("성명", "도하람", "생년월일", "1994년 8월 21일"), ("주소", "대구광역시 달서구 견본로 3", "연락처", "010-0000-0000"),
        ("구분", "기간", "내용", "비고"), ("학력", "2013.03 ~ 2019.08", "팔공예시대학교 기계공학과", "졸업"),
        ("경력", "2019.09 ~ 2022.11", "㈜달구정밀 생산기술 사원", "퇴사"), ("경력", "2023.01 ~ 현재", "비슬오토파츠 품질보증팀 주임", "재직"),
        ("자격", "2018.06", "기계설계산업기사", "한국산업인력공단"), ("자격", "2020.10", "지게차운전기능사", "한국산업인력공단"),
        ("어학", "2024.07", "TOEIC 725점", ""), ("병역", "2014.05 ~ 2016.02", "육군 병장 만기전역", ""),
    ):  # fmt: skip
        for cell, said in zip(table.add_row().cells, row, strict=True):
            cell.text = said
    made.add_paragraph(SAMPLE_KO)
    made.save(str(path))


def t02(path: Path) -> None:
    pdf_of_typst(
        r"""
#set page(paper: "a4", margin: 20mm)
#set text(font: "Pretendard", size: 10.5pt)
#let sec(t) = block(above: 18pt, below: 8pt, text(14pt, weight: "bold", t))
#text(26pt, weight: "bold")[심규빈]
#v(-6pt)
백엔드 개발자 · 서울특별시 · t02\@example.com
#sec[소개]
트래픽이 몰려도 조용한 서버를 좋아합니다.
#sec[경력]
*파랑새커머스* #h(1fr) 2022. 06 -- 현재\
백엔드 개발자
- 주문 시스템을 이벤트 기반으로 바꿔 응답 시간 절반으로 단축
#v(6pt)
*모래시계랩스* #h(1fr) 2020. 03 -- 2022. 05\
서버 개발자
- 결제 연동 모듈 개발
#sec[학력]
*남산예시대학교* 소프트웨어학과 #h(1fr) 2014. 03 -- 2020. 02 (졸업)
#sec[기술]
Kotlin, Spring, PostgreSQL, Kafka
#sec[그 밖에]
정보처리기사 #h(1fr) 2019. 11\
육군 병장 만기 전역 #h(1fr) 2015. 01 -- 2016. 10
#v(1fr)
#text(8pt)[SAMPLE]
""".replace("SAMPLE", SAMPLE_KO), path)  # fmt: skip


def t03(path: Path) -> None:
    hwp([
        ("title", "간호사 이력서"),
        ("t", [["이 름", "함예린", "생년월일", "1997. 3. 8."], ["주 소", ("전라북도 전주시 완산구 견본길 19", 1, 3)], ["전 화", "010-0000-0000", "면허번호", "제000000호"]]),
        ("p", "○ 학력사항"),
        ("p", "2016년 3월부터 2020년 2월까지 온고을예시대학교 간호학과 (졸업)"),
        ("p", "○ 경력사항"),
        ("p", "2020년 03월 02일부터 2023년 06월 30일까지 견본중앙병원 내과병동 간호사"),
        ("p", "2023년 09월 01일부터 현재까지 모악요양병원 책임간호사"),
        ("p", "○ 면허 및 자격"),
        ("p", "간호사 면허 (2020년 02월 28일, 보건복지부)"),
        ("p", "BLS Provider (2024년 03월, 견본심폐소생협회)"),
        ("p", "○ 보수교육"),
        ("p", "2024년 10월 감염관리 보수교육 8시간 이수"),
        ("p", "○ 외국어"),
        ("p", "IELTS 6.5 (2025년 01월)"),
        ("p", "○ 종교 : 무교"),
        ("p", SAMPLE_KO)], path)  # fmt: skip


def t04(path: Path) -> None:
    from docx import Document

    made = Document()
    made.add_paragraph("HYERI KOOK".title(), style="Title")
    made.add_paragraph("Incheon, South Korea / t04@example.com")
    for kind, said in (
        ("h", "Core Competencies"), ("p", "GMP, HPLC, Bioreactors, JMP"), ("h", "Professional Background"),
        ("p", "Hanul Biologics — Process Engineer (Jan. 2020 to Mar. 2023)"), ("b", "Scaled up a fed-batch culture to 2000 L"),
        ("p", "Cheongna Pharma — Quality Control Analyst (Apr. 2017 to Dec. 2019)"), ("b", "Released 300 batches by HPLC"),
        ("h", "Academic Qualifications"), ("p", "BSc Chemical Engineering, Songdo Sample University, graduated February 2017"),
        ("h", "Certificates & Tests"), ("p", "Industrial Engineer Chemical Analysis, August 2016"), ("p", "TOEIC 895, May 2023"),
        ("h", "Volunteering"), ("p", "Food bank helper, Incheon (Mar. 2018 to Dec. 2018)"), ("p", SAMPLE_EN),
    ):  # fmt: skip
        made.add_paragraph(said, style={"h": "Heading 1", "p": None, "b": "List Bullet"}[kind])
    made.save(str(path))


def t05(path: Path) -> None:
    def table(*rows: tuple[str, ...]) -> str:
        cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
        return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"

    pdf_of_html(
        "<style>body{font:13px Pretendard}td{padding:5px 14px 5px 0;border-bottom:1px solid #ccc}</style>"
        "<h1>Taeyang Noh</h1><p>Pohang, South Korea | t05@example.com | GitHub: sample</p>"
        "<h2>Education</h2>"
        + table(("University", "Major", "Degree", "From", "To"), ("Yeongil Institute of Technology", "Materials Science", "B.S. (expected)", "2022-03", "2026-02"))
        + "<h2>Research and Work</h2>"
        + table(("Organization", "Role", "Period", "Description"), ("Steel Sample Research Center", "Undergraduate Intern", "2025-07 – 2025-08", "Hardness tests of weld samples"))
        + "<h2>Tests</h2>" + table(("Test", "Score", "Date"), ("TOEFL iBT", "98", "2025-04"))
        + "<h2>Skills</h2><p>SEM, Python, Thermo-Calc</p><h2>Clubs</h2><p>Rowing club captain, 2023-03 – 2024-02</p>"
        + f"<p>{SAMPLE_EN}</p>", path)  # fmt: skip


def t06(path: Path) -> None:
    hwpx([
        ("title", "직무능력 기반 입사지원서"),
        ("p", "※ 성명, 학교명 등 인적사항을 적지 마십시오 (블라인드 채용)"),
        ("t", [["지원번호", "2025-0117", "지원분야", "차량"], ["병역", "군필", "보훈", "비대상"]]),
        ("h", "1. 교육사항"),
        ("t", [["교육구분", "과목명 및 교육과정", "교육시간"], ["학교교육", "전기회로", "48시간"], ["직업교육", "철도차량 정비 실무 (2020.06 ~ 2020.08)", "240시간"]]),
        ("h", "2. 경력사항"),
        ("t", [["근무기간", "기관명", "직위/역할", "담당업무"], ["2021.04 ~ 2024.03", "예시도시철도", "기술직", "전동차 제동장치 점검"]]),
        ("h", "3. 경험사항"),
        ("t", [["활동기간", "소속조직", "주요역할", "주요활동내용"], ["2018.03 ~ 2018.12", "교내 전기차 동아리", "팀원", "모터 제어기 조립"]]),
        ("h", "4. 자격사항"),
        ("t", [["자격증명", "발급기관", "취득일자"], ["철도차량산업기사", "한국산업인력공단", "2020.11.27"], ["전기기사", "한국산업인력공단", "2022.05.18"]]),
        ("h", "5. 어학"),
        ("t", [["어학종류", "점수(등급)", "취득일자"], ["TOEIC", "680", "2024.02.25"]]),
        ("h", "6. 경험기술서"),
        ("p", "2018년 전기차 동아리에서 모터 제어기를 조립하며 납땜과 배선을 익혔습니다."),
        ("p", SAMPLE_KO)], path)  # fmt: skip


NEWCOMERS: dict[str, Callable[[Path], None]] = {
    each.__name__: each for each in (t01, t02, t03, t04, t05, t06)
}
FORMATS = {"t01": "docx", "t02": "pdf", "t03": "hwp", "t04": "docx", "t05": "pdf", "t06": "hwpx"}
