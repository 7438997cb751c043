"""Keeping a candidate's documents: what is accepted, how it is recognised, and storing it."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from corridor.accounts.models import User
from corridor.candidates import permissions
from corridor.candidates.models import Candidate, Document
from corridor.common import audit
from corridor.common.filetype import media_type_of

MAX_BYTES = 10 * 1024 * 1024
MAX_DOCUMENTS = 30


@transaction.atomic
def add_document(candidate: Candidate, *, by: User, kind: str, upload: Any) -> Document:
    """Keep an uploaded file under a random name. `upload` has `.name`, `.size` and `.read()`."""
    if not permissions.owns(by, candidate):
        raise PermissionDenied
    if upload.size > MAX_BYTES:
        raise ValidationError(_("The file is larger than 10 MB. Please choose a smaller one."))
    candidate = Candidate.objects.select_for_update(no_key=True).get(pk=candidate.pk)
    if candidate.documents.count() >= MAX_DOCUMENTS:
        raise ValidationError(_("You have kept 30 documents. Please delete one first."))
    content = upload.read()
    media_type = media_type_of(content)
    if media_type is None:
        raise ValidationError(
            _("This file cannot be kept. Please choose a PDF, DOCX, HWP, HWPX, PNG or JPEG.")
        )
    document = Document(
        candidate=candidate,
        kind=kind,
        name=str(upload.name)[-160:],
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    document.full_clean(exclude=["file"])
    document.file.save("document", ContentFile(content), save=False)
    document.save()
    audit.record("document.added", document, by=by, kind=kind)
    return document


@transaction.atomic
def delete_document(document: Document, *, by: User) -> None:
    if not permissions.owns(by, document.candidate):
        raise PermissionDenied
    audit.record("document.deleted", document, by=by)
    stored = document.file
    document.delete()
    transaction.on_commit(lambda: stored.delete(save=False))
