"""What kind of file some bytes are, told by the bytes themselves."""

from __future__ import annotations

import zipfile
from io import BytesIO

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def media_type_of(content: bytes) -> str | None:
    """The type that the bytes themselves tell (PDF, DOCX, HWPX, HWP, PNG, JPEG), or None.

    A file name and a browser's word for it are not believed.
    """
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    # The signature stands in a stream of the compound file, which may lie anywhere in it.
    if content.startswith(_OLE) and b"HWP Document File" in content:
        return "application/x-hwp"
    if content.startswith(b"PK\x03\x04"):
        try:
            names = set(zipfile.ZipFile(BytesIO(content)).namelist())
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            return None
        if "word/document.xml" in names:
            return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        if "Contents/content.hpf" in names:
            return "application/hwp+zip"
    return None
