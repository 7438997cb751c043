"""What can go wrong: in the rule data (mend a file) or in the facts given (mend an answer)."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, or None when nothing is close."""
    known = list(known)
    found = get_close_matches(name, known, n=1, cutoff=0.6)
    if not found and "." not in name:  # "natonality" for "candidate.nationality"
        tails = {full.rpartition(".")[2]: full for full in known}
        found = [tails[tail] for tail in get_close_matches(name, list(tails), n=1, cutoff=0.6)]
    return found[0] if found else None


class RuleDataError(Exception):
    """The rule data cannot be loaded. Says file, line (1-based) and how to mend it."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        self.file, self.line, self.problem = file, line, problem
        super().__init__(f"{file}:{line}: {problem}")


class FactError(ValueError):
    """A fact that was handed in cannot be used. `fact` is its name as it was given."""

    def __init__(self, fact: str, problem: str) -> None:
        self.fact, self.problem = fact, problem
        super().__init__(f"{fact}: {problem}")


class UnknownFact(FactError):
    """No rule and no question knows this fact. `nearest` is the likeliest meant one."""

    def __init__(self, fact: str, known: Iterable[str]) -> None:
        self.nearest = nearest(fact, known)
        hint = f"; did you mean {self.nearest}?" if self.nearest else ""
        super().__init__(fact, f"unknown fact{hint}")


class Contradiction(FactError):
    """`fact` cannot be true beside `others`. `text(lang)` says so to a reader."""

    def __init__(self, fact: str, others: tuple[str, ...], ko: str, en: str) -> None:
        self.others, self.ko, self.en = others, ko, en
        super().__init__(fact, f"contradicts {', '.join(others)}: {en}")

    def text(self, lang: str) -> str:
        return self.ko if lang.lower().startswith("ko") else self.en


class WrongType(FactError):
    """The value is not of the fact's type, or outside its range."""


class UnknownPathway(KeyError):
    """No pathway has this id."""

    def __init__(self, pathway: str, known: Iterable[str]) -> None:
        self.pathway, self.nearest = pathway, nearest(pathway, known)
        hint = f"; did you mean {self.nearest}?" if self.nearest else ""
        super().__init__(f"unknown pathway {pathway!r}{hint}")

    def __str__(self) -> str:
        return str(self.args[0])
