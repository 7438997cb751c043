"""Handing out a kept document: always as a download, under its own type and name."""

from __future__ import annotations

from django.http import FileResponse, Http404

from corridor.candidates.models import Document


def download(document: Document) -> FileResponse:
    """The file, or 404 where it was deleted from the disk by hand or is not yet restored."""
    try:
        content = document.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        content, as_attachment=True, filename=document.name, content_type=document.media_type
    )
