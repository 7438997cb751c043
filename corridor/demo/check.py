"""`run.py --check`: one look at everything that should work, through the processes themselves."""

from __future__ import annotations

import http.cookiejar
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from io import StringIO

from django.core.management import CommandError, call_command

from corridor.candidates.models import Candidate
from corridor.common import vectors
from corridor.common.models import Described
from corridor.demo.loading import SIGN_INS
from corridor.programs.models import Program

Say = Callable[[str], None]
EMBEDDED_WITHIN_S = 900.0
MODELS: tuple[type[Described], ...] = (Program, Candidate)


def check(address: str, say: Say, alive: Callable[[], None]) -> None:
    """Raises CommandError with what failed. `alive` is called while waiting: it looks after the
    processes."""
    await_vectors(say, alive)
    told = match_everybody(say)
    look_at_pages(Visitor(address), say)
    print(f"\n{told}", flush=True)
    say("All is well")


def await_vectors(say: Say, alive: Callable[[], None]) -> None:
    """Until the worker has embedded everybody and everything."""
    started = shown = time.monotonic()
    whole = sum(model._default_manager.exclude(text_hash="").count() for model in MODELS)
    say(f"The worker embeds {whole} texts")
    while left := _left():
        alive()
        if time.monotonic() > started + EMBEDDED_WITHIN_S:
            raise CommandError(
                f"{left} of {whole} texts have no vector yet; see var/logs/worker.log"
            )
        if time.monotonic() > shown + 5:
            shown = time.monotonic()
            say(f"  {whole - left} of {whole}")
        time.sleep(0.5)
    say(f"  all {whole} in {time.monotonic() - started:.0f} s")


def _left() -> int:
    space = vectors.space()
    if space is None:
        return sum(model._default_manager.exclude(text_hash="").count() for model in MODELS)
    return sum(vectors.stale(model, space.revision).count() for model in MODELS)


def match_everybody(say: Say) -> str:
    """The run's figures, and one sample candidate's best three as that person reads them."""
    say("Matching everybody, through Celery")
    told = StringIO()
    call_command("match_run", wait=True, stdout=told)
    return told.getvalue()


class Visitor:
    """A browser as plain as can be: cookies, forms, no scripts."""

    def __init__(self, address: str) -> None:
        self.address = address
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)

    def open(self, path: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        """The page's text and final address. Raises CommandError unless it is a 200."""
        data = urllib.parse.urlencode(form).encode() if form else None
        try:
            with self._opener.open(self.address + path, data, timeout=60) as page:
                return page.read().decode(), page.url
        except urllib.error.HTTPError as error:
            raise CommandError(f"{path} answered {error.code}; see var/logs/web.log") from error
        except OSError as error:
            raise CommandError(f"{path} did not answer: {error}") from error

    def sign_in(self, email: str, password: str) -> None:
        page, _url = self.open("/ko/account/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        if token is None:
            raise CommandError("The sign-in page has no form.")
        form = {"login": email, "password": password, "csrfmiddlewaretoken": token[1]}
        _page, url = self.open("/ko/account/login/", form)
        if "/account/login/" in url:
            raise CommandError(f"{email} could not sign in.")


def look_at_pages(visitor: Visitor, say: Say) -> None:
    say("Looking at the key pages")
    program = Program.objects.filter(is_sample=True, status=Program.Status.PUBLISHED).first()
    if program is None or program.hub is None:
        raise CommandError("The demo corridor has no published program at a hub.")
    programs = f"/ko/programs/{program.pk}/"
    public = ["/ko/", "/en/", "/ko/programs/", "/en/programs/", programs, "/ko/hubs/"]
    public += [f"/en/hubs/{program.hub.slug}/", "/api/v1/schema/"]
    _look(visitor, public, say)
    title = program.title_ko or program.title_en
    if title and title.split()[0] not in visitor.open(programs)[0]:
        raise CommandError(f"{programs} does not show its program's title.")
    role, email, password = SIGN_INS[0]
    visitor.sign_in(email, password)
    say(f"  signed in as the {role}")
    _look(visitor, ["/ko/me/", "/ko/me/matches/", "/ko/me/profile/"], say)


def _look(visitor: Visitor, paths: list[str], say: Say) -> None:
    for path in paths:
        visitor.open(path)  # once for what a process reads only the first time
        started = time.monotonic()
        visitor.open(path)
        say(f"  {path} {1000 * (time.monotonic() - started):.0f} ms")
