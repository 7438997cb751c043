"""Saved searches: told of what is new, once, in one's own language, and stopped by one press."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from corridor.candidates import aside
from corridor.candidates.models import Candidate, SavedSearch
from corridor.matching import saved
from corridor.matching.tasks import tell_saved_searches
from tests.matching import people
from tests.web.desks import client_of, open_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def me() -> Candidate:
    made = people.candidate()
    made.user.language = "en"
    made.user.save()
    return made


def keep(me: Candidate, query: str = "kind=internship", **more) -> SavedSearch:
    kept = {"name": "Internships", "alert": "mail", **more}
    search = saved.save(me, by=me.user, query=query, **kept)
    earlier = timezone.now() - timedelta(days=1)
    SavedSearch.objects.filter(pk=search.pk).update(told_until=earlier, seen_until=earlier)
    return SavedSearch.objects.get(pk=search.pk)


def old(program) -> None:
    program.published_at = timezone.now() - timedelta(days=5)
    program.save()


def test_what_is_new_is_mailed_once_with_text_and_html(me):
    keep(me)
    old(open_program(people.host(), "Old place"))
    open_program(people.host(), "New place")
    open_program(people.host(), "A crew", kind="dispatch")
    assert tell_saved_searches() == {"searches": 1, "mails": 1}
    assert tell_saved_searches() == {"searches": 1, "mails": 0}
    (letter,) = mail.outbox
    assert letter.subject == "1 new program in “Internships”" and letter.to == [me.user.email]
    ((html, kind),) = letter.alternatives
    assert kind == "text/html"
    for part in (letter.body, html):
        assert "New place" in part and "Old place" not in part and "A crew" not in part


def test_the_mail_is_in_its_readers_language(me):
    me.user.language = "ko"
    me.user.save()
    keep(me)
    open_program(people.host())
    tell_saved_searches()
    (letter,) = mail.outbox
    assert "새 프로그램이 1개" in letter.subject and "그만 받기" in letter.body
    assert "/ko/programs/" in letter.body and "You get" not in letter.body


def test_what_came_before_the_search_was_saved_is_not_new(me):
    open_program(people.host())
    saved.save(me, by=me.user, query="kind=internship", name="x", alert="mail")
    assert tell_saved_searches()["mails"] == 0


def test_a_search_for_the_page_alone_counts_and_mails_nothing(me):
    search = keep(me, alert="site")
    open_program(people.host())
    assert tell_saved_searches()["mails"] == 0
    search.refresh_from_db()
    assert search.unseen == 1
    client = client_of(me.user)
    assert "1 new" in client.get("/en/me/searches/").content.decode()
    answer = client.post(f"/en/me/searches/{search.pk}/", {"open": "1"})
    assert answer["Location"].endswith("/programs/?kind=internship&order=new")
    search.refresh_from_db()
    assert search.unseen == 0
    tell_saved_searches()
    search.refresh_from_db()
    assert search.unseen == 0


def test_a_program_put_aside_and_a_closed_account_are_told_of_nothing(me):
    keep(me)
    program = open_program(people.host())
    aside.put_aside(me, program, by=me.user, reason="pay")
    assert tell_saved_searches()["mails"] == 0
    aside.take_back(me, program.pk, by=me.user)
    me.user.is_active = False
    me.user.save()
    assert tell_saved_searches() == {"searches": 0, "mails": 0}


def test_a_mail_that_the_server_refuses_is_sent_the_next_time(me, monkeypatch):
    keep(me)
    open_program(people.host())

    def refuse(*_arguments, **_more):
        raise OSError("no server")

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
        assert tell_saved_searches() == {"searches": 0, "mails": 0}
    assert tell_saved_searches()["mails"] == 1


def test_one_press_stops_the_mails_and_opening_the_address_does_not(me):
    search = keep(me)
    open_program(people.host())
    tell_saved_searches()
    (letter,) = mail.outbox
    address = re.search(r"<(.+)>", letter.extra_headers["List-Unsubscribe"])[1]
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = "/" + address.split("/", 3)[3]
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(path).status_code == 200
    search.refresh_from_db()
    assert search.alert == "mail"
    for _press in range(2):
        answer = stranger.post(path, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    search.refresh_from_db()
    assert search.alert == "site"
    assert stranger.post(path.replace("stop/", "stop/x")).status_code == 404


def test_the_same_search_in_another_order_is_the_same_search(me):
    for query in ("q=PLC&kind=internship&page=3", "kind=internship&order=new&q=PLC"):
        saved.save(me, by=me.user, query=query, name="", alert="mail")
    assert SavedSearch.objects.get().query == "q=PLC&kind=internship"


def test_a_search_is_saved_from_the_page_of_results_and_one_for_everything_is_refused(me):
    client = client_of(me.user)
    page = client.get("/en/programs/?q=PLC").content.decode()
    assert "Save this search" in page and 'name="query" value="q=PLC"' in page
    client.post("/en/me/searches/", {"query": "q=PLC", "name": "PLC", "alert": "mail"})
    assert SavedSearch.objects.get().name == "PLC"
    answer = client.post("/en/me/searches/", {"query": "page=2"}, follow=True)
    assert "finds everything" in answer.content.decode()
    assert "Save this search" not in Client().get("/en/programs/?q=PLC").content.decode()


def test_nobody_changes_or_opens_the_search_of_another(me):
    search = keep(me)
    other = people.candidate("lee@example.org")
    client = client_of(other.user)
    for deed in ("open", "delete", "alert"):
        assert client.post(f"/en/me/searches/{search.pk}/", {deed: "1"}).status_code == 404
    with pytest.raises(PermissionDenied):
        saved.delete(search, by=other.user)


def test_there_is_an_end_to_how_many_are_kept(me):
    for number in range(saved.MOST + 2):
        client_of(me.user).post("/en/me/searches/", {"query": f"q=word{number}", "alert": "site"})
    assert me.saved_searches.count() == saved.MOST
