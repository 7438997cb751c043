"""Reading a location as people write it: which states, which hubs, whether it is remote.

``resolve("Austin, TX; San Jose, CA")`` needs no database: hubs are those of the committed ground
(``loading.ground``), cities those of ``gazetteer``. What is not understood is said, with a reason.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from corridor.places import gazetteer
from corridor.places.distance import kilometers
from corridor.places.loading import ground

HUB_REACH_KM = 120.0  # a hub further from the city than this is not the city's hub

# Reasons why no state could be named.
EMPTY = "empty"
COUNTRY_ONLY = "country_only"
MANY = "many"
OUTSIDE = "outside"
NOT_FOUND = "not_found"
REASONS: dict[str, Promise] = {
    EMPTY: _("No location is given."),
    COUNTRY_ONLY: _("Only the country is given."),
    MANY: _("Several locations are meant, but none is named."),
    OUTSIDE: _("The location is outside the United States."),
    NOT_FOUND: _("No U.S. state or city was recognized."),
}


@dataclass(frozen=True)
class Place:
    """What a text says about where.

    ``states`` are codes and ``hubs`` slugs, in the order of the text. A city's hub is the nearest
    one within ``HUB_REACH_KM``; a state without a known city gives all of that state's hubs.
    ``city`` with ``latitude`` and ``longitude`` is the first city whose place is known, else the
    first city named. ``unknown`` says that neither a state nor remote work was found, ``reason``
    why (a key of ``REASONS``).
    """

    text: str
    states: tuple[str, ...] = ()
    hubs: tuple[str, ...] = ()
    city: str = ""
    latitude: float | None = None
    longitude: float | None = None
    remote: bool = False
    reason: str = ""

    @property
    def unknown(self) -> bool:
        return not self.states and not self.remote


@lru_cache(maxsize=20_000)
def resolve(text: str) -> Place:
    """Read one location cell. Never raises; an empty or odd text gives an unknown place."""
    plain = _plain(text or "")
    remote = bool(_REMOTE.search(plain))
    rest = _REMOTE.sub(" , ", plain)
    finding = _Finding()
    for part in _SEPARATOR.split(rest):
        finding.read(part)
    if not finding.states and not remote:
        return Place(text, reason=finding.reason(bool(plain)))
    city = finding.cities[0] if finding.cities else None
    return Place(
        text,
        states=tuple(finding.states),
        hubs=tuple(finding.hubs()),
        city=city.name if city else next(iter(finding.unplaced.values()), ""),
        latitude=city.latitude if city else None,
        longitude=city.longitude if city else None,
        remote=remote,
    )


_REMOTE = re.compile(
    r"\b(fully |100% )?(remote(ly)?|work from home|wfh|telework|telecommute|virtual|anywhere)\b"
    r"|원격|재택( ?근무)?",
    re.I,
)
_SEPARATOR = re.compile(r"[;|/\n•·]|\bor\b|\band\b|&|\s\+\s")  # "OR" is Oregon
_MANY = re.compile(
    r"\b(multiple|various|several|nationwide|flexible|hybrid|on-?site)\b|\d+ (more )?locations?\b"
    r"|\blocations?\b|전국|여러",
    re.I,
)
_TAG = re.compile(r"<[^>]*>|\*\*")
_IN_THE = re.compile(r"^((in|within|across|throughout|the|from)\s+(?=\S))+", re.I)
_ZIP = re.compile(r"\b\d{5}(-\d{4})?\b")
_COUNTRY = {"us", "usa", "united states", "united states of america", "america", "미국"}
# Countries (and a few of their parts) that turn up beside U.S. places in job lists.
_ABROAD_NAMES = (
    "canada, mexico, brazil, argentina, chile, colombia, uk, united kingdom, england, scotland, "
    "wales, ireland, france, germany, spain, portugal, italy, switzerland, austria, belgium, "
    "netherlands, sweden, norway, denmark, finland, poland, hungary, romania, czechia, "
    "czech republic, greece, turkey, ukraine, russia, israel, egypt, nigeria, kenya, "
    "south africa, uae, united arab emirates, saudi arabia, qatar, india, pakistan, bangladesh, "
    "sri lanka, china, hong kong, hong kong sar, taiwan, japan, korea, south korea, "
    "republic of korea, vietnam, thailand, malaysia, singapore, indonesia, philippines, "
    "australia, new zealand, ontario, quebec, british columbia, alberta, seoul, busan, "
    "한국, 대한민국, 서울, 부산, 캐나다, 멕시코, 일본, 중국, 독일, 영국"
)
_ABROAD = set(_ABROAD_NAMES.split(", "))


class _Finding:
    """What has been found so far in the parts of one text."""

    def __init__(self) -> None:
        self.states: dict[str, None] = {}
        self.cities: list[gazetteer.City] = []
        self.unplaced: dict[str, str] = {}  # state -> a city named there, its place unknown
        self.bare_states: dict[str, None] = {}
        self.abroad = self.country = self.many = False

    def read(self, part: str) -> None:
        if _MANY.search(part):
            self.many = True
            part = _MANY.sub(" ", part)
        tokens = [token for piece in part.split(",") for token in _tokens(piece)]
        names: list[str] = []  # read, and waiting for their state
        for token, following in zip(tokens, [*tokens[1:], ""], strict=False):
            plain, next_state = gazetteer.key(token), _state(following)
            if next_state and gazetteer.find(token, next_state):
                names.append(token)  # "New York, NY", "Washington, DC", "Ontario, CA"
            elif plain in _COUNTRY:
                self.country = True
            elif plain in _ABROAD:
                self.abroad = True
                names.clear()
            elif not (code := _state(token)):
                names.append(token)
            elif gazetteer.key(following) not in _ABROAD:
                if len(tokens) == 1 and (city := _city_not_state(token, code)):
                    self._found(city)
                else:
                    self._in_state(code, names)
                names = []
        for name in names:
            self._without_state(name)

    def _in_state(self, code: str, names: list[str]) -> None:
        self.states.setdefault(code)
        if not names:
            self.bare_states.setdefault(code)
        for name in names:
            city = gazetteer.find(name, code)
            if city:
                self._found(city)
            elif name is names[-1]:
                self.unplaced.setdefault(code, name)
            else:
                self._without_state(name)

    def _without_state(self, name: str) -> None:
        city = gazetteer.find(name)
        if city:
            self._found(city)
        else:
            code, rest = _state_within(name)
            if code:
                self._in_state(code, [rest])

    def _found(self, city: gazetteer.City) -> None:
        self.states.setdefault(city.state)
        if city not in self.cities:
            self.cities.append(city)

    def hubs(self) -> list[str]:
        slugs: dict[str, None] = {}
        for city in self.cities:
            hub = _nearest_hub(city)
            if hub:
                slugs.setdefault(hub)
        known = {city.state for city in self.cities}
        for state in self.states:
            if state in self.unplaced or (state in self.bare_states and state not in known):
                for slug in _hubs_of(state):
                    slugs.setdefault(slug)
        return list(slugs)

    def reason(self, anything: bool) -> str:
        if not anything:
            return EMPTY
        if self.many:
            return MANY
        if self.abroad:
            return OUTSIDE
        return COUNTRY_ONLY if self.country else NOT_FOUND


def _plain(text: str) -> str:
    """Without markup, emoji, brackets, postal codes and doubled spaces."""
    text = unicodedata.normalize("NFKC", text)
    text = _TAG.sub(" ; ", text)
    text = "".join(
        " " if unicodedata.category(char) in ("So", "Sk", "Cf", "Cs", "Co", "Cn", "Mn") else char
        for char in text
    )
    text = re.sub(r"[()\[\]{}:]", " , ", text)
    text = re.sub(r"\s+[-–—]\s+", " , ", text)
    text = re.sub(r"\b(US|USA)-([A-Z]{2})(-|\b)", r"\2 , ", text)
    text = _ZIP.sub(" ", text)
    return re.sub(r"[ \t]+", " ", text).strip(" ,;")


def _tokens(piece: str) -> list[str]:
    """The words between two commas, as one token; "미국 조지아주" as two."""
    piece = _IN_THE.sub("", piece.strip(" .-*")).strip()
    if not piece:
        return []
    if piece.casefold().startswith("미국 "):
        return ["미국", *_tokens(piece[3:])]
    return [piece]


def _state(token: str) -> str:
    """The code of the state that a token names, or nothing."""
    return _state_codes().get(gazetteer.key(token), "")


def _state_within(name: str) -> tuple[str, str]:
    """The state that begins or ends a name, and the rest: "텍사스주 오스틴", "Austin TX"."""
    words = name.split()
    for cut in range(len(words) - 1, 0, -1):
        first, last = " ".join(words[:cut]), " ".join(words[cut:])
        if _state(last) and (len(last) > 2 or last.isupper()):  # "in" is not Indiana
            return _state(last), first
        if _state(first) and len(first) > 2:
            return _state(first), last
    return "", ""


def _city_not_state(token: str, code: str) -> gazetteer.City | None:
    """The city meant by a word that stands alone and could be a state: "New York", "LA"."""
    city = gazetteer.find(token)
    return city if city and (city.state == code or len(token) == 2) else None


@cache
def _state_codes() -> dict[str, str]:
    """Names of states in the form ``gazetteer.key`` gives, and codes, to codes."""
    codes: dict[str, str] = {}
    for state in ground().states.values():
        korean = state.name_ko.removesuffix("주")
        for name in (state.code, state.name_en, f"{state.name_en} state", korean, korean + "주"):
            codes[gazetteer.key(name)] = state.code
    codes |= {"washington dc": "DC", "워싱턴 dc": "DC"}
    return codes


@lru_cache(maxsize=4096)
def _nearest_hub(city: gazetteer.City) -> str | None:
    distance, slug = min(
        (kilometers(city.latitude, city.longitude, hub.latitude, hub.longitude), hub.slug)
        for hub in ground().hubs.values()
    )
    return slug if distance <= HUB_REACH_KM else None


@cache
def _hubs_of(state: str) -> tuple[str, ...]:
    return tuple(hub.slug for hub in ground().hubs.values() if hub.state == state)
