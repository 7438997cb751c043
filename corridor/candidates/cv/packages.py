"""Zip packages of XML (DOCX, HWPX), unpacked within bounds and parsed without entities."""

from __future__ import annotations

import zipfile
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from corridor.candidates.cv.lines import Unreadable

MAX_ENTRIES = 2000
MAX_PART = 24 * 1024 * 1024  # bytes of one part, unpacked
MAX_DEPTH = 200
_ENCRYPTED = 0x1


class Package:
    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise Unreadable("damaged") from error
        self.names = self._zip.namelist()
        if len(self.names) > MAX_ENTRIES:
            raise Unreadable("too_much")

    def xml(self, name: str) -> Element:
        """The part's root. Its size is measured while it is unpacked, not as the zip claims it."""
        try:
            info = self._zip.getinfo(name)
            if info.flag_bits & _ENCRYPTED:
                raise Unreadable("encrypted")
            with self._zip.open(info) as part:
                raw = part.read(MAX_PART + 1)
        except KeyError as error:
            raise Unreadable("damaged") from error
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
            raise Unreadable("damaged") from error
        except Exception as error:
            if type(error).__module__ == "zlib":
                raise Unreadable("damaged") from error
            raise
        if len(raw) > MAX_PART:
            raise Unreadable("too_much")
        # No office program writes entities or anything but UTF-8; both can be traps.
        if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw or b"\x00" in raw[:64]:
            raise Unreadable("damaged")
        parser = XMLParser(target=_Bounded(), encoding="utf-8")  # noqa: S314 - see above
        try:
            parser.feed(raw)
            root: Element = parser.close()
        except (ParseError, ValueError) as error:
            raise Unreadable("damaged") from error
        return root


class _Bounded(TreeBuilder):
    """A tree that is not deeper than any document is (walking it recurses)."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def start(self, tag: str, attrs: dict[str, str]) -> Element:  # type: ignore[override]
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Unreadable("too_much")
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        self._depth -= 1
        return super().end(tag)


def local(element: Element) -> str:
    """The tag without its namespace."""
    return element.tag.rpartition("}")[2]
