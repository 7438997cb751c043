"""The running corridor with its demo, for tests that drive a browser."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.databases import load_demo


@pytest.fixture
def site(live_server, tmp_path, settings) -> str:
    """Its address."""
    settings.MEDIA_ROOT = tmp_path
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    load_demo(timezone.localdate())
    return live_server.url
