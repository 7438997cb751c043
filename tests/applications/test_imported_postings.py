"""A posting taken from a public source has no member host here to receive an application."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from corridor.accounts.models import User
from corridor.applications import services
from corridor.applications.models import Application
from tests.matching.people import candidate, program

pytestmark = pytest.mark.django_db


def test_an_imported_posting_takes_no_application_here():
    me = candidate(headline="PLC")
    posting = program("PLC")
    posting.external_host = "A firm named by the source"
    posting.save()
    with pytest.raises(ValidationError, match=r"원래 공고|original posting"):
        services.start_draft(candidate=me, program=posting, by=User.objects.get(pk=me.user_id))
    assert not Application.objects.exists()
