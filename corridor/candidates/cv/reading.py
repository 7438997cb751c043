"""Which format a file is of, told by its bytes, and its lines."""

from __future__ import annotations

from corridor.candidates.cv import docx, hwp, hwpx, pdf
from corridor.candidates.cv.lines import MAX_BYTES, Line, Unreadable
from corridor.candidates.cv.packages import Package

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_HWP = b"HWP Document File V"  # 1.2 to 3.0; HWP 5 is an OLE file
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_LEAST_CHARS = 30  # fewer than this on all pages: the pages are pictures


def read(content: bytes) -> tuple[str, list[Line]]:
    """("pdf" | "docx" | "hwp" | "hwpx", the lines). Raises Unreadable."""
    if len(content) > MAX_BYTES:
        raise Unreadable("too_large")
    name, lines = _read(content)
    if sum(len(line.text) for line in lines) < _LEAST_CHARS:
        raise Unreadable("no_text")
    return name, lines


def _read(content: bytes) -> tuple[str, list[Line]]:
    if content[:1024].lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"%PDF-"):
        return "pdf", pdf.read(content)
    if content.startswith(_OLE):
        # A DOCX with a password is an OLE file too: it holds this stream.
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Unreadable("encrypted")
        if "FileHeader".encode("utf-16-le") not in content:
            word = "WordDocument".encode("utf-16-le") in content
            raise Unreadable("old_word" if word else "unknown")
        return "hwp", hwp.read(content)
    if content.startswith(b"PK\x03\x04"):
        package = Package(content)
        if "word/document.xml" in package.names:
            return "docx", docx.read(package)
        if "Contents/content.hpf" in package.names:
            return "hwpx", hwpx.read(package)
    if content.startswith(_OLD_HWP):
        raise Unreadable("old_hwp")
    heic = content[4:12] in (b"ftypheic", b"ftypmif1", b"ftypavif")
    webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    raise Unreadable("picture" if content.startswith(_PICTURES) or heic or webp else "unknown")
