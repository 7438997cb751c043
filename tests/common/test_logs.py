"""Log lines carry events and ids; what people wrote stays out, also when the database says it."""

from __future__ import annotations

import io
import logging

import pytest
import structlog
from django.db import IntegrityError, transaction

from corridor.accounts.models import User


@pytest.fixture
def lines():
    """What the configured formatter writes."""
    (formatter,) = (
        each.formatter for each in logging.getLogger().handlers
        if isinstance(each.formatter, structlog.stdlib.ProcessorFormatter)
    )  # fmt: skip
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter)
    logger = logging.getLogger("test.lines")
    logger.addHandler(handler)
    logger.propagate = False
    yield logger, out
    logger.removeHandler(handler)


@pytest.mark.django_db
def test_a_refused_row_is_logged_without_its_values(lines):
    logger, out = lines
    email = "@".join(["kim.secret", "example.org"])  # a traceback shows lines of source
    User.objects.create_user(email)
    try:
        with transaction.atomic():
            User.objects.create_user(email)
    except IntegrityError as error:
        assert "kim.secret" in str(error), "PostgreSQL repeats the value: that is why it is cut"
        logger.exception("saving failed: %s", error)
    assert "saving failed" in out.getvalue()
    assert "IntegrityError" in out.getvalue() and "Traceback" in out.getvalue()
    assert "kim.secret" not in out.getvalue()


def test_a_row_of_many_lines_is_cut_whole_and_the_rest_is_kept(lines):
    logger, out = lines
    logger.error(
        "violates check constraint\nDETAIL:  Failing row contains (7, 김비밀,\n"
        "두 번째 줄의 자기소개\n세 번째 줄).\n\nthe next paragraph"
    )
    told = out.getvalue()
    assert "violates check constraint" in told and "the next paragraph" in told
    assert "김비밀" not in told and "자기소개" not in told and "세 번째" not in told
