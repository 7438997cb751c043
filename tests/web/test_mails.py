"""Every mail has a text and an HTML part in both languages, and staff can read each of them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.core import mail as outbox
from django.urls import reverse

from corridor.accounts.models import Organization, User
from corridor.applications.models import TRANSITIONS, ApplicationEvent, Reminder
from corridor.partnerships.models import Notice
from corridor.programs.models import Review
from corridor.web.staff import mailbox
from tests.web.desks import client_of

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
HANGUL = re.compile("[가-힣]")
# What makes a mail, and what these names are imported from.
_MAKERS = {
    "corridor.common.mail": {"message", "Mail"},
    "django.core.mail": {"EmailMessage", "EmailMultiAlternatives", "send_mail", "mail_admins"},
    "corridor.applications": {"mail"},
}
_PLUMBING = {"corridor.common.mail", "corridor.applications.mail", "corridor.web.staff.mailbox"}


def senders() -> set[str]:
    """Modules of the product that make or send a mail."""
    found = set()
    for path in (ROOT / "corridor").rglob("*.py"):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and any(
                name.name in _MAKERS.get(node.module or "", ()) for name in node.names
            ):
                found.add(module)
    return found - _PLUMBING


@pytest.fixture(scope="module")
def both(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return {language: mailbox.written(language) for language in ("ko", "en")}


def test_every_module_that_sends_a_mail_is_in_the_list():
    assert senders() == set(mailbox.SENDERS)


def test_every_kind_of_news_is_in_the_list(both):
    ids = {each.id for each in both["ko"]}
    kinds = {each.split(".")[1] for each in ids if each.startswith("application.")}
    assert kinds == set(ApplicationEvent.Kind.values)
    assert {f"reminder.{kind}" for kind in Reminder.Kind.values} <= ids
    assert {f"review.{kind}" for kind in ("approved", "sent_back", "taken_down")} <= ids
    assert {each.split(".")[1] for each in ids if each.startswith("agreement.")} == set(
        Notice.What.values
    )
    sent = {(start, end) for start, end in TRANSITIONS if start != "draft" or end == "submitted"}
    assert {f"application.moved.{start}.{end}" for start, end in sent} <= ids
    assert set(Review.State.values) - {"waiting", "taken_back"} == set(mailbox.reviews.TOLD)


def test_each_is_there_in_both_languages_for_the_same_readers(both):
    assert [(each.id, each.reader) for each in both["ko"]] == [
        (each.id, each.reader) for each in both["en"]
    ]
    for korean, english in zip(both["ko"], both["en"], strict=True):
        assert HANGUL.search(korean.mail.subject), korean.id
        assert HANGUL.search(korean.mail.body), korean.id
        for part in (english.mail.subject, english.mail.body, english.mail.html):
            assert not HANGUL.search(part), f"{english.id}: {HANGUL.search(part)} in {part}"


def test_each_has_a_text_and_an_html_part_that_open_the_same_page(both):
    for each in both["ko"] + both["en"]:
        text, html = each.mail.body, each.mail.html
        assert text.strip() and html.startswith("<!doctype html>"), each.id
        assert "<script" not in html and "style=" not in html, each.id
        links = set(re.findall(r"https?://[^\s<>\"]+", text))
        assert links, f"{each.id} opens nothing"
        assert all(link.replace("&", "&amp;") in html for link in links), each.id
        assert "%(" not in text + each.mail.subject, each.id
        assert "\n" not in each.mail.subject


def test_no_korean_sentence_stands_untranslated_in_a_korean_mail(both):
    for each in both["ko"]:
        for line in each.mail.body.splitlines():
            # addresses, and what is written on a form as it stands there
            words = re.sub(r"\S+[.@/]\w\S*|‘[^’]*’|Corridor", "", line)
            latin = re.findall(r"[A-Za-z]{3,}", words)
            assert len(latin) < 4, f"{each.id}: {line}"


def test_looking_sends_nothing_and_leaves_nothing(both):
    mailbox.written("ko")
    assert outbox.outbox == []
    assert not User.objects.filter(email__endswith="@sample.example").exists()
    assert not Organization.objects.filter(is_sample=True).exists()


def test_staff_read_a_mail_in_both_languages():
    staff = User.objects.create_user("staff@example.org", "a long password 1", is_staff=True)
    client = client_of(staff)
    first = client.get(reverse("staff:mails"))
    areas = [tab["url"] for tab in first.context["kinds"]]
    assert {url.removeprefix("?area=") for url in areas} == set(mailbox.AREAS)
    pages = [client.get(reverse("staff:mails") + url) for url in areas]
    listed = [row["id"] for page in pages for row in page.context["mails"]]
    assert sorted(listed) == sorted(each.id for each in mailbox.written("ko"))
    assert "review.sent_back" in listed
    shown = client.get(reverse("staff:mail", args=["application.interview_set"]))
    page = shown.content.decode()
    assert "invite.ics" in page and 'srcdoc="&lt;!doctype html&gt;' in page
    assert {each["language"] for each in shown.context["shown"]} == {"ko", "en"}
    assert client.get(reverse("staff:mail", args=["no.such"])).status_code == 404
