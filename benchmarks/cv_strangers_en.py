# ruff: noqa: E501
"""The English ones of the sixteen CVs laid out one by one (see cv_strangers.py)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from cv_layouts import SAMPLE_EN
from cv_samples import hwpx
from cv_writers import pdf_of_html, pdf_of_typst


def s11(path: Path) -> None:
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
    from docx.shared import Inches

    made = Document()
    header = made.sections[0].header
    header.paragraphs[0].text = "JISOO BAEK".title()
    header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    contact = header.add_paragraph("Champaign, IL | (000) 000-0000 | s11@example.com | linkedin.com/in/sample")
    contact.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def split(left: str, right: str, bold: bool = False) -> None:
        line = made.add_paragraph()
        line.paragraph_format.tab_stops.add_tab_stop(Inches(6), WD_TAB_ALIGNMENT.RIGHT)
        line.add_run(left).bold = bold
        line.add_run("\t" + right)

    def heading(text: str) -> None:
        made.add_paragraph().add_run(text).bold = True

    heading("EDUCATION")
    split("University of Sampleton, Champaign, IL", "Aug 2021 – May 2025", True)
    made.add_paragraph("Bachelor of Science in Industrial Engineering; GPA: 3.71/4.00; Dean’s List (4 semesters)")
    made.add_paragraph("Relevant coursework: Lean Manufacturing, Simulation, Quality Control")
    heading("EXPERIENCE")
    split("Acme Sample Robotics Inc., Columbus, OH", "May 2024 – Aug 2024", True)
    made.add_paragraph().add_run("Manufacturing Engineering Intern").italic = True
    made.add_paragraph("Cut changeover time of a weld cell from 42 to 27 minutes", style="List Bullet")
    made.add_paragraph("Wrote standard work for six stations", style="List Bullet")
    split("Sampleton Makerspace, University of Sampleton", "Sep 2022 – Apr 2024", True)
    made.add_paragraph().add_run("Lab Assistant").italic = True
    made.add_paragraph("Trained over 100 students on CNC routers and 3D printers", style="List Bullet")
    heading("LEADERSHIP & ACTIVITIES")
    split("Korean Student Association, Vice President", "Sep 2023 – May 2024")
    made.add_paragraph("Organized a lunar new year festival for 400 guests", style="List Bullet")
    heading("SKILLS & CERTIFICATIONS")
    made.add_paragraph("Software: SolidWorks, MATLAB, Minitab, Python")
    made.add_paragraph("Certifications: OSHA 10-Hour General Industry (Mar 2023); Lean Six Sigma Yellow Belt (Dec 2024)")
    made.add_paragraph("Languages: Korean (native), English (fluent)")
    made.add_paragraph(SAMPLE_EN)
    made.save(str(path))


def s12(path: Path) -> None:
    pdf_of_typst(
        r"""
#set page(paper: "a4", margin: 14mm)
#set text(font: "Pretendard", size: 9.5pt)
#let sec(t) = block(above: 14pt, below: 7pt, text(11pt, weight: "bold", upper(t)))
#let job(what, where, when, body) = [#text(weight: "bold", what)\ #where\ #text(fill: gray.darken(30%), when)
#body
#v(4pt)]
#grid(columns: (150pt, 1fr), gutter: 22pt,
block(fill: luma(240), inset: 10pt, width: 100%)[
#sec[Contact]
s12\@example.com\ +82 10-0000-0000\ Ulsan, South Korea
#sec[Skills]
AVEVA Marine\ AutoCAD\ Lean production\ Weld inspection
#sec[Languages]
Korean: native\ English: TOEIC 870 (May 2024)
#sec[Certificates]
Engineer Shipbuilding (Korea)\ November 2018
#sec[Interests]
Sailing, woodwork],
[#text(24pt, weight: "bold")[Minho Gwak]\ #text(12pt)[Production Engineer, shipbuilding]
#sec[Profile]
Six years between design office and dry dock. Wants to help U.S. yards build faster.
#sec[Work Experience]
#job[Hull Production Engineer][Bluewave Shipyard Co. Ltd.][January 2022 – Present][
- Planned block assembly for LNG carriers
- Led a team of eight welders and fitters]
#job[Junior Design Engineer][Hanbada Marine][March 2019 – December 2021][
- Prepared nesting drawings in AVEVA Marine]
#sec[Education]
*B.Eng. in Naval Architecture and Ocean Engineering*\ Taehwa Sample University\ March 2013 – February 2019\ Military service from 2014 to 2016])
#v(1fr)
#text(8pt)[SAMPLE]
""".replace("SAMPLE", SAMPLE_EN),
        path,
    )


def s13(path: Path) -> None:
    from reportlab.lib.pagesizes import LETTER
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import HRFlowable, ListFlowable, Paragraph, SimpleDocTemplate

    plain = ParagraphStyle("p", fontName="Times-Roman", fontSize=11, leading=15)
    head = ParagraphStyle("h", parent=plain, fontName="Times-Bold", fontSize=12, spaceBefore=10)
    name = ParagraphStyle("n", parent=plain, fontName="Times-Bold", fontSize=18, leading=24, alignment=1)
    middle = ParagraphStyle("m", parent=plain, alignment=1)
    story: list[Any] = [
        Paragraph("Curriculum Vitae", middle), Paragraph("Areum Seok, Ph.D.", name),
        Paragraph("Division of Surface Science, National Sample Laboratory, Daejeon, South Korea", middle),
        Paragraph("s13@example.com", middle), HRFlowable(width="100%"),
    ]  # fmt: skip
    parts: list[tuple[str, list[str]]] = [
        ("Research Interests", ["Surface chemistry of catalysts; in-situ photoelectron spectroscopy"]),
        ("Education", [
            "<b>Ph.D., Materials Science and Engineering</b>, Northfield Institute of Technology, Feb. 2023",
            "Dissertation: “Oxide surfaces at work.” Advisor: Prof. Sample Hwang",
            "<b>M.S., Materials Science and Engineering</b>, Northfield Institute of Technology, Feb. 2019",
            "<b>B.S., Chemistry</b>, Geumgang University, Feb. 2017 (<i>magna cum laude</i>)"]),
        ("Appointments", [
            "<b>Postdoctoral Researcher</b>, National Sample Laboratory, Mar. 2023 – present",
            "<b>Graduate Research Assistant</b>, Northfield Institute of Technology, Mar. 2017 – Feb. 2023"]),
        ("Publications", [
            "<b>A. Seok</b>, S. Hwang. Oxide surfaces at work. <i>Journal of Sample Chemistry</i>, 14, 2201 (2022).",
            "<b>A. Seok</b>, et al. Ambient pressure XPS of ceria. <i>Example Letters</i>, 9, 88–95 (2020).",
            "J. Ko, <b>A. Seok</b>. Ceramics for fuel cells. <i>Acta Exempla</i>, June 2019."]),
        ("Invited Talks", ["Sample Catalysis Symposium, Seoul, October 2024", "University of Sampleton, IL, April 2023"]),
        ("Grants and Awards", ["Sejong-Sample Fellowship, Sept. 2023 – Aug. 2025 (KRW 120 million)", "Best Poster, Example Society, Nov. 2021"]),
        ("Teaching", ["Teaching Assistant, Thermodynamics, Northfield Institute of Technology, Spring 2018"]),
        ("Techniques", ["XPS, Electron microscopy, Density functional theory, LaTeX"]),
        ("Language", ["Korean (native); English (IELTS 7.5, June 2022)"]),
        ("References", ["Prof. Sample Hwang, Northfield Institute of Technology, hwang@example.com", "Dr. Jiho Ko, National Sample Laboratory, ko@example.com"]),
        ("", [SAMPLE_EN]),
    ]  # fmt: skip
    for title, lines in parts:
        if title:
            story.append(Paragraph(title, head))
        if title == "Publications":
            story.append(ListFlowable([Paragraph(line, plain) for line in lines], bulletType="1"))
        else:
            story += [Paragraph(line, plain) for line in lines]
    SimpleDocTemplate(str(path), pagesize=LETTER, invariant=1).build(story)


def s14(path: Path) -> None:
    from docx import Document

    made = Document()
    made.sections[0].footer.paragraphs[0].text = "Page 1 - Curriculum vitae of KANG, Mirae"
    table = made.add_table(0, 2)
    for label, said in (
        ("EUROPASS CURRICULUM VITAE", ""),
        ("PERSONAL INFORMATION", ""),
        ("Name", "KANG, Mirae"),
        ("Address", "8, Sample-ro, 48000 Busan, South Korea"),
        ("Telephone", "+82 10-0000-0000"),
        ("Nationality", "Korean"),
        ("Date of birth", "14/06/1995"),
        ("WORK EXPERIENCE", ""),
        ("• Dates (from – to)", "From 09/2022 to present"),
        ("• Name and address of employer", "Portline Logistics B.V., Rotterdam (Netherlands)"),
        ("• Type of business or sector", "Container logistics"),
        ("• Occupation or position held", "Supply Chain Analyst"),
        ("• Main activities and responsibilities", "Forecast of container demand\nCustoms paperwork for battery cells"),
        ("• Dates (from – to)", "From 03/2019 to 08/2022"),
        ("• Name and address of employer", "Busan Sample Terminal, Busan (South Korea)"),
        ("• Type of business or sector", "Port operation"),
        ("• Occupation or position held", "Yard Planner"),
        ("• Main activities and responsibilities", "Planning of berth and yard"),
        ("EDUCATION AND TRAINING", ""),
        ("• Dates (from – to)", "From 03/2014 to 08/2018"),
        ("• Name and type of organisation providing education and training", "Haeundae Sample University"),
        ("• Principal subjects/occupational skills covered", "International Logistics"),
        ("• Title of qualification awarded", "Bachelor of Science"),
        ("PERSONAL SKILLS AND COMPETENCES", ""),
        ("MOTHER TONGUE", "Korean"),
        ("OTHER LANGUAGES", "English (IELTS 7.0, October 2021)"),
        ("TECHNICAL SKILLS AND COMPETENCES", "SAP EWM, SQL, Power BI"),
        ("DRIVING LICENCE", "None"),
        ("CERTIFICATES", "Customs broker licence (Korea), November 2018"),
        ("ADDITIONAL INFORMATION", "References on request. " + SAMPLE_EN),
    ):
        cells = table.add_row().cells
        cells[0].text = label
        first, *more = said.split("\n")
        cells[1].paragraphs[0].text = first
        for line in more:
            cells[1].add_paragraph(line)
    made.save(str(path))


def s15(path: Path) -> None:
    def post(title: str, when: str, where: str = "", said: str = "") -> str:
        return f"<div class=post><b>{title}</b><div class=g>{when}</div><div class=g>{where}</div><p>{said}</p></div>"

    pdf_of_html(
        """<style>body{font:12px Pretendard;margin:0}.page{display:grid;grid-template-columns:220px 1fr;min-height:1000px}
        .side{background:#293e49;color:#fff;padding:18px}.main{padding:18px 26px}.g{color:#666}h3{font-weight:600;
        margin:16px 0 6px}h2{margin:20px 0 6px}.post{margin:6px 0 12px}</style><div class=page><div class=side>"""
        "<h3>Contact</h3>s15@example.com<br>www.example.com/in/dohun-ma-sample<br>(LinkedOut)"
        "<h3>Top Skills</h3>Semiconductor Equipment<br>Vacuum Systems<br>Root Cause Analysis"
        "<h3>Languages</h3>Korean (Native or Bilingual)<br>English (Full Professional)"
        "<h3>Certifications</h3>SEMI S2 Safety Training<br>Industrial Engineer Mechanical Design"
        "</div><div class=main><h1>Dohun Ma</h1><div>Senior Field Service Engineer at Orbit Semiconductor Korea</div>"
        "<div class=g>Seongnam, Gyeonggi, South Korea</div><h2>Summary</h2><p>I keep etch tools running. Seven years in the"
        " field, the last two with customers in Arizona.</p><h2>Experience</h2>"
        "<div>Orbit Semiconductor Korea<br><span class=g>7 years 3 months</span></div>"
        + post("Senior Field Service Engineer", "March 2021 - Present (4 years 9 months)", "Hwaseong, Gyeonggi, South Korea", "Install and start up etch tools at customer fabs")
        + post("Field Service Engineer", "September 2018 - February 2021 (2 years 6 months)", "Icheon, Gyeonggi, South Korea", "Preventive maintenance of vacuum chambers")
        + "<div>Namsan Precision</div>" + post("Intern", "March 2018 - August 2018 (6 months)")
        + "<h2>Education</h2><div><b>Sample National University</b></div><div>Bachelor of Engineering - BE, Mechanical Engineering · (March"
        f" 2012 - February 2018)</div><p class=g>{SAMPLE_EN}</p><p class=g>Page 1 of 1</p></div></div>",
        path,
    )  # fmt: skip


def s16(path: Path) -> None:
    hwpx([
        ("title", "SEUNGJAE YEOM".title()),
        ("p", "Gangneung, South Korea   |   +82 10-0000-0000   |   s16@example.com"),
        ("h", "OBJECTIVE"),
        ("p", "Heavy equipment technician position with a construction firm in the United States."),
        ("h", "MILITARY EXPERIENCE"),
        ("p", "Republic of Korea Army, 000th Engineer Battalion          06/2015 – 05/2020"),
        ("p", "Staff Sergeant, Heavy Equipment Operator (honorably discharged)"),
        ("p", "• Operated excavators and dozers for road and bridge works"),
        ("p", "• Supervised a squad of 9 soldiers with no lost-time accident"),
        ("h", "CIVILIAN EXPERIENCE"),
        ("p", "East Coast Quarry Co.          07/2020 – Present"),
        ("p", "Equipment Foreman"),
        ("p", "• Schedule maintenance for 14 machines"),
        ("h", "EDUCATION & TRAINING"),
        ("p", "Hill Country Polytechnic          03/2011 – 02/2015"),
        ("p", "Associate degree, Construction Machinery"),
        ("p", "Army Engineer School, Explosives Handling Course (3 weeks), 2017"),
        ("h", "LICENSES"),
        ("t", [["License", "Issued", "By"],
               ["Craftsman Excavator Operator", "11/2014", "HRD Korea"],
               ["Industrial Engineer Construction Equipment Maintenance", "09/2021", "HRD Korea"]]),
        ("h", "AWARDS"),
        ("p", "Army Commendation, 10/2018; Battalion Commander’s Coin, 04/2019"),
        ("h", "SKILLS"),
        ("p", "Hydraulic repair, Preventive maintenance, Blasting safety"),
        ("h", "ENGLISH"),
        ("p", "TOEIC 830 (09/2020)"),
        ("p", SAMPLE_EN)], path)  # fmt: skip


ENGLISH: dict[str, Callable[[Path], None]] = {
    each.__name__: each for each in (s11, s12, s13, s14, s15, s16)
}
FORMATS = {"s11": "docx", "s12": "pdf", "s13": "pdf", "s14": "docx", "s15": "pdf", "s16": "hwpx"}
