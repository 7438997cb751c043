"""A question of how long ago something was lets one say that it never was."""

from __future__ import annotations

import pytest
from django.utils import translation

from corridor import rules
from corridor.web.answers import AnswersForm

FACT = "candidate.years_since_last_trainee_program"


def form(answer=None, known=None):
    data = None if answer is None else {FACT: answer}
    return AnswersForm(data, facts=[FACT], known={FACT: known}, lang="en")


@pytest.mark.parametrize(("chosen", "kept"), [("99", 99), ("0", 0), ("2", 2), ("", None)])
def test_never_is_chosen_by_word_and_kept_as_the_number_that_rules_read(chosen, kept):
    sent = form(chosen)
    assert sent.is_valid(), sent.errors
    assert sent.answers()[FACT] == kept


@pytest.mark.parametrize(("known", "shown"), [(99, "Never"), (3.5, "3 years ago"),
                                              (40, "10 years ago or more")])  # fmt: skip
def test_an_earlier_answer_is_chosen_again(known, shown):
    with translation.override("en"):
        options = str(form(known=known)[FACT])
    assert f"selected>{shown}<" in options


def test_nobody_reads_that_ninety_nine_years_have_passed():
    spec = rules.facts()[FACT]
    assert spec.say(99, "en") == "never" and spec.say(99, "ko") == "없음"
    assert spec.say(3, "en") == "3 years"
    assert "99" not in spec.question("en") + spec.question("ko")
