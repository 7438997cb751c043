# ruff: noqa: E501
"""The Korean ones of sixteen CVs laid out one by one, as sixteen strangers would lay theirs out.

Each is written by hand, without a shared layout; what is true of its owner stands in
tests/candidates/cv/strangers.yaml. To write the files anew, as in cv_samples.py (and
`pip install typst==0.15.2`):

    /tmp/cv/bin/python benchmarks/cv_strangers.py [s01 …]
"""

from __future__ import annotations

import random
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv_newcomers
import cv_strangers_en
from cv_layouts import SAMPLE_KO, Blocks
from cv_samples import SAMPLES, hwp, hwpx
from cv_writers import pdf_of_html, pdf_of_typst, text_box

Cell = Any


def s01(path: Path) -> None:
    def row(day: str, said: str, by: str = "") -> list[Cell]:
        year, month, of_month = ([*day.split("."), "", ""] if day else ["", "", ""])[:3]
        return [year, month, of_month, said, by]

    head: list[list[Cell]] = [
        [("사 진", 5, 1), ("성 명", 2, 1), "한글", "남궁 도현", "한자", "南宮 道賢"],
        ["영문", ("NAMGUNG DOHYEON", 1, 3)],
        ["생년월일", ("1996년 02월 11일생 (만 29세)", 1, 4)],
        ["주 소", ("전라북도 익산시 견본로3길 21, 102동 504호 (샘플동, 무지개아파트)", 1, 4)],
        ["전화", ("063-000-0000", 1, 2), "휴대폰", "010-0000-0000"],
    ]
    body: list[list[Cell]] = [
        ["년", "월", "일", "학 력 및 경 력 사 항", "발 령 청"],
        row("2012.3.2", "이리샘플고등학교 입학"), row("2015.2.10", "동교 졸업", "이리샘플고등학교장"),
        row("2015.3.2", "너른들대학교 공과대학 기계설계공학과 입학"), row("2016.5.10", "육군 입대"),
        row("2018.2.9", "육군 병장 만기전역", "육군참모총장"),
        row("2021.2.19", "동교 동학과 졸업 (공학사)", "너른들대학교총장"),
        row("2021.3.15", "㈜들빛농기계 설계팀 입사 (사원)"), row("2023.1.1", "동사 대리 승진"),
        row("2024.8.31", "동사 퇴사"), row("2024.10.1", "누리정공(주) 기술연구소 입사 (대리)"),
        row("", "현재 재직 중"), row("", "자 격 및 면 허"),
        row("2017.8.21", "제1종 보통운전면허 취득", "전북경찰청"),
        row("2019.11.22", "일반기계기사 취득", "한국산업인력공단"), row("", "외 국 어"),
        row("2023.6.18", "TOEIC 765점 취득", "한국TOEIC위원회"),
    ]  # fmt: skip
    blocks: Blocks = [
        ("title", "이      력      서"), ("t", head), ("t", body),
        ("p", "상기 내용은 사실과 다름없음을 확인합니다."), ("p", "2025년 11월 10일"),
        ("p", "작성자   남궁 도현   (인)"), ("p", SAMPLE_KO)]  # fmt: skip
    hwp(blocks, path)


def s02(path: Path) -> None:
    def entry(when: str, mark: str, title: str, *lines: str) -> str:
        said = "".join(f"<div class=l>{line}</div>" for line in lines)
        return f"<div class=e><div class=w>{when}<br><i>{mark}</i></div><div><b>{title}</b>{said}</div></div>"

    chips = "".join(f"<span class=chip>{s}</span>" for s in ("Figma", "Adobe Illustrator", "HTML/CSS", "ProtoPie"))
    pdf_of_html(
        """<style>body{font:13px Pretendard}.e{display:flex;gap:24px;margin:10px 0}.w{width:130px;flex:none}
        .sum{display:grid;grid-template-columns:repeat(4,1fr);border:1px solid #ccc;padding:8px}.chip{border:1px
        solid #999;border-radius:9px;padding:2px 8px;margin-right:8px}h2{border-bottom:2px solid}i{color:#777}
        .top{display:flex;justify-content:space-between}</style>"""
        "<div class=top><div><h1>서가온</h1><p>여, 2000년생 (만 25세)</p><p>010-0000-0000 &nbsp; s02@example.com</p>"
        "<p>(00000) 경기 성남시 분당구 견본로 20</p></div><div>사진</div></div>"
        "<div class=sum><div>학력<br><b>대학교(4년) 졸업</b></div><div>경력<br><b>총 2년 5개월</b></div>"
        "<div>희망연봉<br><b>3,900만원</b></div><div>포트폴리오<br><b>URL 1개</b></div></div>"
        "<h2>학력</h2>"
        + entry("2019.03 ~ 2023.08", "졸업", "판교샘플대학교 (4년제)", "산업디자인학과 | 학점 3.92/4.5", "복수전공 컴퓨터공학과")
        + entry("2016.03 ~ 2019.02", "졸업", "백현견본고등학교", "문과계열 | 경기")
        + "<h2>경력 <small>총 2년 5개월</small></h2>"
        + entry("2023.09 ~ 재직중", "2년 3개월", "㈜모아핀테크", "프로덕트디자인팀 | 주임 | 정규직",
                "<u>담당업무</u>", "- 간편송금 앱 화면 설계와 사용성 평가", "- 디자인 시스템 구축으로 화면 제작 시간 30% 단축", "연봉 3,800만원 · 퇴사사유 -")
        + entry("2022.07 ~ 2022.08", "2개월", "반디스튜디오", "디자인 | 인턴", "<u>담당업무</u>", "- 브랜드 홈페이지 시안 제작")
        + "<h2>경험/활동/교육</h2>"
        + entry("2021.03 ~ 2021.12", "동아리", "대학생 디자인연합 결", "전시 기획팀장으로 연합 전시회 운영")
        + entry("2021.07 ~ 2021.08", "교육이수내역", "UX/UI 부트캠프", "견본교육원")
        + "<h2>자격/어학/수상</h2>"
        + entry("2022.05", "자격증", "GTQ 그래픽기술자격 1급", "한국생산성본부 | 최종합격")
        + entry("2021.09", "자격증", "컬러리스트산업기사", "한국산업인력공단 | 최종합격")
        + entry("2023.02", "어학", "영어", "TOEIC | 880점")
        + entry("2020.12", "어학", "일본어", "JLPT | N2")
        + entry("2022.11", "수상", "견본디자인공모전 은상", "견본디자인진흥원")
        + f"<h2>스킬</h2><p>{chips}</p><h2>취업우대사항</h2><p>병역대상 : 해당없음 &nbsp; 보훈대상 : 비대상</p>"
        "<h2>자기소개서</h2><h3>[성장과정]</h3><p>2016년 백현견본고등학교 방송부에서 처음 디자인을 접했습니다. 2021년 3월부터 연합 동아리에서"
        " 전시를 기획하며 사람을 설득하는 법을 배웠습니다.</p><h3>[지원동기 및 포부]</h3><p>귀사 초록은행의 앱을 쓰면서 더 쉽게 만들 수 있다고"
        f" 생각했습니다.</p><p>{SAMPLE_KO}</p>",
        path,
    )  # fmt: skip


def s03(path: Path) -> None:
    from docx import Document

    made = Document()
    text_box(made.add_paragraph(), ["탁현우", "경기도 수원시 영통구 | 010-0000-0000", "s03@example.com"])
    made.add_heading("경 력 기 술 서", 0)
    made.add_paragraph("배터리 셀과 팩을 모두 경험한 9년 차 연구원입니다.")
    made.add_heading("Ⅰ. 경력 요약", 1)
    made.add_paragraph("총 경력 : 9년 10개월 (2016.02 ~ 현재)", style="List Bullet")

    def firm(rows: list[tuple[str, str]]) -> None:
        table = made.add_table(0, 2, style="Table Grid")
        for label, said in rows:
            cells = table.add_row().cells
            cells[0].text = label
            first, *more = said.split("\n")
            cells[1].paragraphs[0].text = first
            for line in more:
                cells[1].add_paragraph(line, style="List Bullet")

    made.add_heading("Ⅱ. 경력 상세", 1)
    firm([("회 사 명", "한결모빌리티(주)"), ("재직기간", "2021.06 ~ 현재 (4년 6개월)"), ("부서/직위", "배터리팩개발팀 / 책임연구원"),
          ("담당업무", "전기차 배터리팩 열관리 설계\n셀 협력사 기술 협의")])  # fmt: skip
    made.add_paragraph("주요 프로젝트")
    made.add_paragraph("1) 소형 전기트럭용 배터리팩 양산 개발 (2023.02 ~ 2024.05)")
    made.add_paragraph("냉각판 형상 최적화로 셀 간 온도 차 3℃ 이내 달성", style="List Bullet")
    made.add_paragraph("2) 전기버스 팩 국산화 (2021.09 ~ 2022.12)")
    made.add_paragraph("")
    firm([("회 사 명", "견본과학기술대학 (겸직)"), ("재직기간", "2023.03 ~ 2024.02 (1년)"), ("부서/직위", "에너지공학과 / 겸임교수"),
          ("담당업무", "전기화학 실험 과목 강의")])  # fmt: skip
    made.add_paragraph("")
    firm([("회 사 명", "대성샘플전지"), ("재직기간", "2016.02 ~ 2021.05 (5년 4개월)"), ("부서/직위", "셀개발그룹 / 선임연구원"),
          ("담당업무", "원통형 셀 수명 평가와 불량 해석"), ("이직사유", "팩 개발 경험을 넓히기 위함")])  # fmt: skip
    made.add_heading("Ⅲ. 학력", 1)
    table = made.add_table(1, 4, style="Table Grid")
    for cell, said in zip(table.rows[0].cells, ("학위", "학교", "전공", "기간"), strict=True):
        cell.text = said
    for row in (("석사", "한빛과학기술대학교", "화학공학과", "2014.03 ~ 2016.02"), ("학사", "한빛과학기술대학교", "화학공학과", "2008.03 ~ 2014.02")):
        for cell, said in zip(table.add_row().cells, row, strict=True):
            cell.text = said
    made.add_heading("Ⅳ. 자격 및 어학", 1)
    for line in ("화공기사 (2013년 11월, 한국산업인력공단)", "6시그마 그린벨트 (2018년 7월, 사내 인증)", "OPIc 영어 IH (2022년 8월)"):
        made.add_paragraph(line, style="List Bullet")
    made.add_heading("Ⅴ. 보유 기술", 1)
    made.add_paragraph("ANSYS Fluent, CATIA V5, Arbin 충방전기, 전해액 분석")
    made.add_paragraph(SAMPLE_KO)
    made.sections[0].footer.paragraphs[0].text = "탁현우 경력기술서 - 1"
    made.save(str(path))


def s04(path: Path) -> None:
    hwpx([
        ("title", "입 사 지 원 서"),
        ("t", [["지원분야", "반도체 공정기술", "희망연봉", "회사 내규에 따름"],
               [("성 명", 2, 1), "(국문) 제갈민서", "생년월일", "2001. 09. 05 (여)"],
               ["(영문) JEGAL MINSEO", "연 락 처", "010-0000-0000"],
               ["현 주 소", ("(00000) 충남 아산시 배방읍 견본로 5, 301호", 1, 3)],
               ["병역사항", "해당없음", "보훈대상", "비대상"]]),
        ("t", [[("학력사항", 3, 1), "구분", "학 교 명", "전 공", "입학", "졸업", "성적", "소재지"],
               ["고등학교", "온양예시고", "이과", "2017.03", "2020.02 졸업", "-", "충남 아산"],
               ["대학교", "배방대학교", "신소재공학과", "2020.03", "2024.02 졸업", "4.12/4.5", "충남 천안"]]),
        ("t", [[("경력/인턴", 2, 1), "기 간", "기 관 명", "직 위", "주 요 내 용"],
               ["2023.07 ~ 2023.08", "㈜온누리세미콘", "공정기술 인턴", "박막 두께 측정 데이터 정리"]]),
        ("t", [[("교내외 활동", 3, 1), "기 간", "단 체 명", "역 할", "활 동 내 용"],
               ["2021.03 ~ 2021.12", "신소재공학과 학생회", "총무부장", "예산 관리와 행사 운영"],
               ["2022.03 ~ 2022.06", "견본지역아동센터", "교육봉사", "중학생 과학 학습 지도"]]),
        ("t", [[("자격증", 3, 1), "자 격 명", "등급", "취득일", "발급기관"],
               ["품질경영기사", "-", "2023.11.01", "한국산업인력공단"],
               ["컴퓨터활용능력", "2급", "2021.08.20", "대한상공회의소"]]),
        ("t", [[("어학", 2, 1), "시험명", "점수/등급", "응시일", "주관기관"],
               ["OPIc(영어)", "IM3", "2024.03.09", "ACTFL"]]),
        ("t", [["보유기술", "SEM 분석, Minitab, Python"]]),
        ("title", "자 기 소 개 서"),
        ("h", "1. 성장과정"),
        ("p", "2014년 3월 온양중학교에 입학한 뒤 과학 동아리에서 처음 현미경을 만졌습니다. 아버지께서는 견본철강에서 30년을 근무하시며 성실함을 몸소 보여 주셨습니다."),
        ("h", "2. 지원동기"),
        ("p", "귀사 삼정반도체는 2020년부터 미국 텍사스에 공장을 짓고 있습니다. 저는 그 현장에서 공정을 안정시키는 엔지니어가 되고 싶습니다."),
        ("h", "3. 직무역량"),
        ("p", "2023년 7월부터 두 달 동안 ㈜온누리세미콘에서 인턴으로 일하며 두께 산포를 12% 줄이는 방법을 제안했습니다. TOEIC 점수는 600점대에서 시작했지만 회화를 꾸준히 공부했습니다."),
        ("h", "4. 입사 후 포부"),
        ("p", "입사 3년 안에 공정 하나를 책임지고, 10년 뒤에는 해외 공장의 기술 책임자가 되겠습니다."),
        ("p", SAMPLE_KO)], path)  # fmt: skip


def s05(path: Path) -> None:
    hwp([
        ("title", "취업희망자 이력서 (특성화고)"),
        ("t", [[("인적사항", 3, 1), "성명", "길찬호", "성별", "남"],
               ["생년월일", "'07.11.23.", "병역", "미필"],
               ["주소", ("경상북도 구미시 인동견본길 8", 1, 3)],
               [("학력", 3, 1), "기간", ("학교명", 1, 2), "학과"],
               ["'20.3.2. ~ '23.1.6.", ("인동예시중학교 졸업", 1, 2), "-"],
               ["'23.3.2. ~ '26.2.", ("구미견본전자고등학교 졸업예정", 1, 2), "전자기계과"],
               [("현장실습", 2, 1), "기간", "업체명", "직무", "내용"],
               ["'25.7.21. ~ '25.10.31.", "㈜금오정밀", "현장실습생", "CNC 선반 가공 보조, 치수 검사"],
               [("자격증", 4, 1), "취득일", "종목", "구분", "발급처"],
               ["'24.6.28.", "컴퓨터응용선반기능사", "최종", "한국산업인력공단"],
               ["'25.4.18.", "컴퓨터응용밀링기능사", "최종", "한국산업인력공단"],
               ["'25.9.5.", "생산자동화기능사", "필기합격", "한국산업인력공단"],
               [("학교생활", 4, 1), "출결", ("3년 개근", 1, 3)],
               ["방과후", ("PLC 심화반 60시간 이수 ('24.3. ~ '24.12.)", 1, 3)],
               ["봉사", ("인동노인복지관 32시간 ('24.4. ~ '24.11.)", 1, 3)],
               ["수상", ("교내 기능경기대회 CNC 부문 은상 ('24.10.)", 1, 3)],
               ["할 줄 아는 기술", ("PLC 래더 프로그램, CNC 선반, 오토캐드 2D", 1, 4)]]),
        ("h", "나를 소개합니다"),
        ("p", "기계가 움직이는 것을 보는 것을 좋아해 전자기계과에 들어왔습니다. 졸업하면 해외 공장에서 일하는 기술자가 되고 싶습니다."),
        ("p", SAMPLE_KO)], path)  # fmt: skip


def s06(path: Path) -> None:
    hwpx([
        ("title", "용접사 경력 및 자격 현황"),
        ("p", "성   명 : 마동필 (馬東弼)      1978년생"),
        ("p", "연락처 : 010-0000-0000"),
        ("p", "주   소 : 경남 거제시 장평견본로 44"),
        ("p", "병   역 : 육군 병장 제대 (1998.11 ~ 2001.01)"),
        ("p", "★ 보유 자격"),
        ("p", "- 특수용접기능사 (1999. 8. 30.)"),
        ("p", "- 용접기능장  2015년 12월 취득"),
        ("p", "- AWS CWI (2018.10 취득, 2027.10까지 유효)"),
        ("p", "- 6G FCAW 선급자격 (KR, ABS)"),
        ("p", "- 건설업 기초안전보건교육 이수 (2012.3)"),
        ("p", "★ 현장 경력"),
        ("t", [["순", "기 간", "현장명 (발주처)", "소 속", "직 책", "작 업 내 용"],
               ["1", "'05. 3 ~ '09. 12", "견본 드릴십 3척 (샘플오프쇼어)", "옥포견본기공", "용접공", "드릴십 배관 SMAW"],
               ["2", "'10. 1 ~ '14. 6", "울산 정유공장 증설 (샘플오일)", "㈜장평플랜트", "배관용접공", "정유 플랜트 배관 GTAW"],
               ["3", "'14. 7 ~ '19. 2", "삼척 LNG 기지 (견본가스)", "한들에너지산업", "조장", "LNG 탱크 내조 용접"],
               ["4", "'19. 3 ~ 현재", "서남해 해상풍력 (예시전력)", "남해기공(주)", "용접반장", "해상풍력 하부구조물 FCAW, 신입 용접사 교육"]]),
        ("p", "★ 가능한 작업 : GTAW, SMAW, FCAW, 6G 전자세, 도면(ISO) 판독"),
        ("p", "★ 해외 현장 : 카타르 라스라판 10개월 (2008.1 ~ 2008.10, 위 1번 현장에서 파견)"),
        ("p", "혈액형 O형, 신체 건강함. 여권 있음."),
        ("p", SAMPLE_KO)], path)  # fmt: skip


def s07(path: Path) -> None:
    hwp([
        ("title", "연구자 이력서"),
        ("p", "피수연 (皮秀姸, Pi Su-yeon)"),
        ("p", "가온기초과학연구소 나노소자연구단 박사후연구원"),
        ("p", "(00000) 대전광역시 유성구 견본대로 55 / s07@example.com / 042-000-0000"),
        ("h", "학력"),
        ("p", "박사   2018. 3. – 2022. 8.   누리대학교 대학원 물리학과 (지도교수: 홍견본)"),
        ("p", "학위논문: 트위스트 이중층 그래핀의 양자 수송"),
        ("p", "석사   2016. 3. – 2018. 2.   누리대학교 대학원 물리학과"),
        ("p", "학사   2012. 3. – 2016. 2.   다래여자대학교 물리학과 (수석 졸업)"),
        ("h", "연구 경력"),
        ("p", "2022. 9. – 현재   가온기초과학연구소, 박사후연구원"),
        ("p", "   · 2차원 물질 이종접합의 저온 수송 측정"),
        ("p", "2020. 1. – 2020. 6.   University of Sampleton, Visiting Scholar"),
        ("h", "강의 경력"),
        ("p", "2021. 9. – 2021. 12.   누리대학교, 시간강사 (일반물리실험 1)"),
        ("h", "주요 논문 (* 교신저자)"),
        ("p", "[1] S. Pi, J. Hong*, “Quantum transport in twisted bilayers,” Sample Physics Letters 12, 101 (2022)."),
        ("p", "[2] S. Pi et al., “Low temperature scanning,” Journal of Examples 7, 33–41 (2021)."),
        ("p", "[3] 피수연, 홍견본, “그래핀 소자의 잡음 특성”, 견본물리 70권 3호, 2019. 3."),
        ("h", "학술발표"),
        ("p", "견본물리학회 가을학술대회, 부산, 2021. 10. (구두)"),
        ("p", "Sample March Meeting, Chicago, 2020. 3. (poster)"),
        ("h", "연구과제"),
        ("t", [["과제명", "기간", "지원기관", "역할"],
               ["2차원 자성체 기반 소자", "2023. 3. – 2026. 2.", "견본연구재단", "연구책임자"],
               ["양자컴퓨팅 소재 연구", "2019. 6. – 2021. 5.", "견본과학기술부", "참여연구원"]]),
        ("h", "수상"),
        ("p", "2022. 8. 누리대학교 우수박사학위논문상"),
        ("h", "어학"),
        ("p", "TOEFL iBT 104 (2017. 11.)"),
        ("h", "연구장비 및 분석 기술"),
        ("p", "분자선 에피택시(MBE), 저온 자기수송 측정, AFM, Python"),
        ("p", SAMPLE_KO)], path)  # fmt: skip


def s08(path: Path) -> None:
    pdf_of_typst(
        r"""
#set page(paper: "a4", margin: 18mm)
#set text(font: "Pretendard", size: 10pt)
#let sec(t) = block(above: 16pt, below: 8pt)[#text(13pt, weight: "bold", fill: rgb("#225588"))[#t] #line(length: 100%, stroke: .5pt)]
#let entry(when, body) = grid(columns: (110pt, 1fr), gutter: 8pt, text(fill: gray.darken(40%), when), body)
#grid(columns: (1fr, auto), [#text(22pt, weight: "bold")[류세린] #h(6pt) #text(14pt)[Ryu Serin]\ Embedded Software Engineer],
  align(right)[s08\@example.com\ 010-0000-0000\ Hwaseong, Gyeonggi-do])
#sec[경력 Work Experience]
#entry["'22년 4월 \~ 현재"][*오토브레인 (AutoBrain)* #h(1fr) _Embedded Software Engineer_
- AUTOSAR 기반 BMS 제어기 소프트웨어 개발
- Reduced boot time by 40%]
#entry["'19년 3월 \~ '22년 3월"][*한울전장(주)* #h(1fr) _펌웨어 개발 사원_
- MCU 드라이버 작성과 CAN 통신 시험]
#sec[학력 Education]
#entry["'14년 3월 \~ '19년 2월"][*수리대학교 (Suri University)*, 전자공학과 학사 졸업\ GPA 3.6 / 4.5]
#sec[프로젝트 Projects]
#entry["'21년 5월 \~ '21년 8월"][오픈소스 CAN 분석기 #h(1fr) GitHub 별 120개]
#sec[자격·어학 Certificates & Languages]
#grid(columns: (1fr, 1fr), row-gutter: 8pt, [정보처리기사 ('18년 11월)], [ISTQB CTFL ('21년 6월)], [OPIc AL ('24년 1월)], [])
#sec[기술 Skills]
#grid(columns: (80pt, 1fr), row-gutter: 8pt, [*Languages*], [C, C++, Python], [*Tools*], [CANoe, Git, JTAG])
#v(1fr)
#text(8pt)[SAMPLE]
""".replace('["', "[").replace('"][', "][").replace("SAMPLE", SAMPLE_KO),
        path,
    )


def s09(path: Path) -> None:
    """A sheet of recognized words: each where it stood on the paper, none quite on its line."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("HYGothic-Medium"))
    askew = random.Random(9)
    page = Canvas(str(path), pagesize=A4, invariant=1)
    page.setFont("HYGothic-Medium", 10)
    y = 790.0
    for line in """
@230 이  력  서

@60 성  명  @130 :  차 은결      @330 생년 월일   @400 1989 . 06. 17
@60 주  소  @130 : 전라남도  여수시 견본동  12-3
@60 연락처 @130 : 010 - 0000 - 0000     @330 병  역 @400 육군  병장 만기 제대

@60 1. 학  력
@70 2005. 03  ~  2008. 02 @220 여천공업고등학교 @380 화공과 @500 졸업
@70 2008. 03  ~  2012 .02 @220 한려대학 @380 산업설비과 ( 전문학사 ) @500 졸업

@60 2. 경  력  사 항
@70 2012. 03  ~ 2017 . 08 @220 돌산화학 (주) @340 생산팀  운전원 @440 나프타 분해로  운전
@70 2017 .09  ~ 2025. 07 @220 가막만에너지 @340 보전팀  직장 @440 회전기계 정비  계획 수립

@60 3. 자 격  면 허
@70 2011. 09. 30 @220 위험물산업기사 @380 한국산업 인력공단
@70 2007. 12. 14 @220 가스기능사 @380 한국산업 인력공단

@60 4. 특기  사항
@70 DCS 운전 ,  펌프 정비 , 진동  분석

@60 위의 기재 사항은 사실과 같습니다 .      2025 . 11 . 02
@60 ※ 견본 :  이 이력서의 인물 ,  학교 ,  회사는 모두 지어낸 것입니다 .
""".strip("\n").split("\n"):  # fmt: skip
        for part in line.split("@")[1:]:
            x, _space, said = part.partition(" ")
            at = float(x)
            for word in said.split():
                page.drawString(at + askew.uniform(-0.6, 0.6), y + askew.uniform(-1.2, 1.2), word)
                at += pdfmetrics.stringWidth(word, "HYGothic-Medium", 10) + askew.uniform(2.5, 7)
        y -= 24
    page.save()


def s10(path: Path) -> None:
    from docx import Document

    made = Document()

    def nfd(said: str) -> str:
        return unicodedata.normalize("NFD", said)

    def table(rows: list[list[str]], merged: bool = False) -> None:
        wide = max(len(row) for row in rows)
        sheet = made.add_table(0, wide, style="Table Grid")
        for row in rows:
            cells = sheet.add_row().cells
            for at, said in enumerate(row):
                cells[at].text = nfd(said)
            if len(row) < wide:
                cells[len(row) - 1].merge(cells[wide - 1])

    made.add_paragraph(nfd("하윤슬의 이력서"), style="Title")
    table([["이름", "하윤슬", "영문이름", "Ha Yunseul"], ["생년월일", "1999-01-30", "휴대폰", "010-0000-0000"],
           ["주소", "제주특별자치도 제주시 견본2길 7"]])  # fmt: skip
    made.add_paragraph(nfd("최종학력"), style="Heading 2")
    table([["학교명", "한라견본대학교", "상태", "졸업"], ["재학기간", "2018-03 ~ 2022-02", "전공", "관광경영학과"], ["학점", "3.71 / 4.5", "지역", "제주"]])
    made.add_paragraph(nfd("경력사항 (총 4년 5개월)"), style="Heading 2")
    table([["회사명", "㈜오름호텔앤리조트", "재직기간", "2022-03 ~ 재직중"], ["부서", "객실팀", "직급/직책", "프런트 매니저"],
           ["담당업무", "외국인 투숙객 응대와 예약 관리, 신입 직원 교육"]])  # fmt: skip
    made.add_paragraph("")
    table([["회사명", "바당카페", "재직기간", "2020-07 ~ 2021-02"], ["고용형태", "아르바이트", "직급/직책", "홀 아르바이트"],
           ["담당업무", "음료 제조와 매장 관리"]])  # fmt: skip
    made.add_paragraph(nfd("자격증"), style="Heading 2")
    table([["취득일", "자격증명", "발행처"], ["2021-11", "호텔서비스사", "한국산업인력공단"], ["2020-06", "바리스타 2급", "견본커피협회"]])
    made.add_paragraph(nfd("어학시험"), style="Heading 2")
    table([["언어", "시험", "점수", "응시일"], ["영어", "토익스피킹", "150점", "2023-10"]])
    made.add_paragraph(nfd("해외경험"), style="Heading 2")
    made.add_paragraph(nfd("2019-07 ~ 2019-08  호주 시드니 어학연수"))
    made.add_paragraph(nfd("보유 능력"), style="Heading 2")
    made.add_paragraph(nfd("Opera PMS / 엑셀 / 고객 응대"))
    made.add_paragraph(nfd(SAMPLE_KO))
    made.save(str(path))


KOREAN: dict[str, Callable[[Path], None]] = {
    each.__name__: each for each in (s01, s02, s03, s04, s05, s06, s07, s08, s09, s10)
}
FORMATS = dict.fromkeys(("s01", "s05", "s07"), "hwp") | dict.fromkeys(("s04", "s06"), "hwpx")
FORMATS |= dict.fromkeys(("s02", "s08", "s09"), "pdf") | dict.fromkeys(("s03", "s10"), "docx")


def main(only: list[str]) -> None:
    formats = FORMATS | cv_strangers_en.FORMATS | cv_newcomers.FORMATS
    every = {**KOREAN, **cv_strangers_en.ENGLISH, **cv_newcomers.NEWCOMERS}
    for name, write in every.items():
        if not only or name in only:
            path = SAMPLES / f"{name}.{formats[name]}"
            write(path)
            print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main(sys.argv[1:])
