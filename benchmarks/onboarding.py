"""How long a new person needs from signing up to first matches, estimated from a real walk.

    python3 run.py                                  # the demo, in another terminal
    .venv/bin/python benchmarks/onboarding.py --site http://127.0.0.1:8000 [--out onboarding.json]

Chromium walks the journey on a phone (360 px, Korean) as a new student, once for each CV: sign up,
choose the CV, look at what was read, save, first matches. Counted: screens, taps, keys, choices,
and what stands on each screen to be read. Measured: how long the server is waited for. Nobody was
watched with a clock, so the person's part is an estimate by the keystroke-level model (Card,
Moran & Newell, The keystroke-level model for user performance time with interactive systems,
Communications of the ACM 23 (1980), 396-410: K .28 s, P 1.1 s, M 1.35 s). Assumed besides: reading
aloud in one's head at 500 Korean syllables or 250 English words a minute, every word that stands
on a screen (of the matches the head alone: the walk ends when they are there), a swipe for each
screen height that counts as P, and two taps and a choice in the system's file dialog. A Hangul
syllable costs as many keys as it has letters.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import shutil
import time
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
CVS = {"k05.docx": "정유진", "k06.pdf": "강도윤", "k09.hwpx": "한소율"}  # each with its person
K, P, M = 0.28, 1.1, 1.35  # seconds
SYLLABLE, WORD = 60 / 500, 60 / 250
# What eyes see: not the names for screen readers alone, nor what a closed list does not show.
_SEEN = """node => {
    const unseen = '.visually-hidden, option:not(:checked)'
    const hidden = [...node.querySelectorAll(unseen)].map(each => each.textContent.trim())
    return hidden.reduce((text, each) => text.replace(each, ''), node.innerText)
}"""
PASSWORD = "봄날의-용접-8841"
WIDTH, HEIGHT = 360, 780


def keys(text: str) -> int:
    return len(unicodedata.normalize("NFD", text))


@dataclass
class Screen:
    name: str
    taps: int = 0
    keys: int = 0
    fields: int = 0
    choices: int = 0
    syllables: int = 0
    words: int = 0
    waited: float = 0.0

    @property
    def seconds(self) -> float:
        return (
            self.keys * K + self.taps * P + self.choices * M
            + self.syllables * SYLLABLE + self.words * WORD
        )  # fmt: skip


@dataclass
class Walk:
    """One person's way; every act is done in the browser and counted where it is done."""

    page: Page
    screens: list[Screen] = field(default_factory=list)

    def arrive(self, name: str, read: str = "main") -> Screen:
        """A new screen, with all that stands in `read` and in its fields."""
        text = "\n".join(each.evaluate(_SEEN) for each in self.page.locator(read).all())
        values = self.page.locator(f"{read} :is(input[type=text], input:not([type]), textarea)")
        text += "\n".join(each.input_value() for each in values.all())
        self.screens.append(Screen(
            name, syllables=len(re.findall("[가-힣]", text)),
            words=len(re.findall("[A-Za-z][A-Za-z]+", text)),
        ))  # fmt: skip
        return self.screens[-1]

    def tap(self, what: Locator, *, choice: bool = True) -> None:
        self._reach(what)
        what.click()
        self._count(choice)

    def _reach(self, what: Locator) -> None:
        box = what.bounding_box()
        assert box is not None
        beyond = max(0.0, box["y"] + box["height"] - HEIGHT, -box["y"])
        self.screens[-1].taps += -int(-beyond // HEIGHT)  # swipes
        what.scroll_into_view_if_needed()

    def _count(self, choice: bool) -> None:
        self.screens[-1].taps += 1
        self.screens[-1].choices += int(choice)

    def write(self, what: Locator, text: str) -> None:
        self.tap(what)
        what.fill(text)
        self.screens[-1].keys += keys(text)
        self.screens[-1].fields += 1

    def send(self, what: Locator, url: str) -> None:
        """Tap and wait for the next page."""
        self._reach(what)
        self._count(choice=True)
        begun = time.perf_counter()
        what.click()
        self.page.wait_for_url(url)
        self.page.wait_for_load_state()
        self.screens[-1].waited = time.perf_counter() - begun


def walk(page: Page, site: str, cv: Path, name: str) -> list[Screen]:
    made = Walk(page)
    main = page.locator("main")
    page.goto(f"{site}/ko/account/signup/")
    made.arrive("sign up")
    made.tap(page.get_by_label("학생", exact=True))
    made.write(page.locator("[name=name]"), name)
    made.write(page.locator("[name=email]"), f"saebom.{secrets.token_hex(2)}@sample.example")
    made.write(page.locator("[name=password1]"), PASSWORD)
    made.send(main.locator("button[type=submit]").first, "**/ko/me/cv/")
    screen = made.arrive("choose a CV")
    made._count(choice=True)  # the button that opens the system's dialog
    page.get_by_label("이력서 파일").set_input_files(cv)
    screen.taps, screen.choices = screen.taps + 2, screen.choices + 1  # in the system's dialog
    made.send(page.get_by_role("button", name="이력서 읽기"), "**/me/cv/review/")
    screen = made.arrive("what was read")
    # Every value is looked at against its line.
    screen.choices += main.locator("input[type=checkbox]:visible").count()
    screen.choices += main.locator("q").count()
    made.send(page.get_by_role("button", name="표시한 것 저장").last, "**/ko/me/matches/")
    made.arrive("first matches", read="main .page-head")
    return made.screens


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--site", required=True)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    told: dict[str, Any] = {"load": os.getloadavg()[0], "cvs": {}}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for file, person in CVS.items():
            context = browser.new_context(
                viewport={"width": WIDTH, "height": HEIGHT}, locale="ko-KR"
            )
            page = context.new_page()
            page.set_default_timeout(90_000)
            cv = ROOT / "tests" / "candidates" / "cv" / file
            screens = walk(page, given.site, cv, person)
            context.close()
            told["cvs"][file] = [vars(each) | {"seconds": each.seconds} for each in screens]
            print(f"\n{file}")
            print("screen             taps  keys fields choices syllables words  estimate  waited")
            for each in screens:
                print(f"{each.name:18} {each.taps:4} {each.keys:5} {each.fields:6} {each.choices:7}"
                      f" {each.syllables:9} {each.words:5} {each.seconds:9.1f} {each.waited:7.2f}")
            acted, waited = sum(s.seconds for s in screens), sum(s.waited for s in screens)
            print(f"{len(screens)} screens, {sum(s.taps for s in screens)} taps, "
                  f"{sum(s.fields for s in screens)} typed fields; "
                  f"{acted:.0f} s estimated + {waited:.1f} s waited = "
                  f"{(acted + waited) / 60:.1f} minutes")
        browser.close()
    print(f"\nload {told['load']:.1f}")
    if given.out:
        given.out.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
