"""How the CVs of cv_strangers.py become files: HTML by Chromium, Typst, a text box of Word."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from cv_samples import ROOT, printed

FONTS = ROOT / "static" / "fonts" / "pretendard"


def pdf_of_html(body: str, path: Path) -> None:
    faces = "".join(
        f"@font-face{{font-family:Pretendard;font-weight:{weight};src:url({file.as_uri()})}}"
        for weight, file in ((400, FONTS / "otf/Pretendard-Regular.otf"),
                             (700, FONTS / "otf/Pretendard-SemiBold.otf"))
    )  # fmt: skip
    printed(
        f"<meta charset=utf-8><style>{faces}</style>{body}", path,
        top="12mm", left="12mm", right="12mm",
    )  # fmt: skip


def pdf_of_typst(source: str, path: Path) -> None:
    import typst

    path.write_bytes(typst.compile(source.encode(), font_paths=[str(FONTS / "otf")]))


_BOX = """<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
 xmlns:v="urn:schemas-microsoft-com:vml"><mc:AlternateContent><mc:Choice Requires="wps">
 <w:drawing><wp:inline><wp:extent cx="5400000" cy="900000"/><wp:docPr id="9" name="Text Box 1"/>
 <a:graphic><a:graphicData
 uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>
 <wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="5400000" cy="900000"/>
 </a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr>
 <wps:txbx><w:txbxContent>PARAGRAPHS</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp>
 </a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape>
 <v:textbox><w:txbxContent>PARAGRAPHS</w:txbxContent></v:textbox></v:shape></w:pict>
 </mc:Fallback></mc:AlternateContent></w:r>"""


def text_box(paragraph: Any, lines: list[str]) -> None:
    """A box as Word writes it: once for newer readers, once more for older ones."""
    from docx.oxml import parse_xml

    said = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
    paragraph._p.append(parse_xml(_BOX.replace("PARAGRAPHS", said)))
