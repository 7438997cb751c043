"""Where U.S. cities lie: GeoNames places with at least 1,000 people (``data/us_cities.tsv``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_CITIES = Path(__file__).parent / "data" / "us_cities.tsv"

# Without its state a name is believed only when it is big and nobody else of that name is close.
_KNOWN_ALONE = 100_000
_TIMES_THE_NEXT = 4

# What people write for a city that GeoNames calls otherwise, or for a place next to one it lists.
_ALSO_CALLED = {
    "new york": ("New York City", "NY"),
    "nyc": ("New York City", "NY"),
    "new york metro": ("New York City", "NY"),
    "manhattan": ("Manhattan", "NY"),
    "bronx": ("The Bronx", "NY"),
    "sf": ("San Francisco", "CA"),
    "san francisco bay": ("San Francisco", "CA"),
    "sf bay": ("San Francisco", "CA"),
    "bay": ("San Francisco", "CA"),
    "silicon valley": ("San Jose", "CA"),
    "la": ("Los Angeles", "CA"),
    "dc": ("Washington", "DC"),
    "washington dc": ("Washington", "DC"),
    "washington dc-baltimore": ("Washington", "DC"),
    "dmv": ("Washington", "DC"),
    "dallas-fort worth": ("Dallas", "TX"),
    "dallas fort worth": ("Dallas", "TX"),
    "dfw": ("Dallas", "TX"),
    "twin cities": ("Minneapolis", "MN"),
    "minneapolis-saint paul": ("Minneapolis", "MN"),
    "raleigh-durham": ("Durham", "NC"),
    "research triangle": ("Durham", "NC"),
    "research triangle park": ("Durham", "NC"),
    "rtp": ("Durham", "NC"),
    "hampton roads": ("Newport News", "VA"),
    "upstate south carolina": ("Greenville", "SC"),
    "philly": ("Philadelphia", "PA"),
    "chicagoland": ("Chicago", "IL"),
    "vegas": ("Las Vegas", "NV"),
    "slc": ("Salt Lake City", "UT"),
    "atl": ("Atlanta", "GA"),
}
_BESIDE = {
    ("newbury park", "CA"): "Thousand Oaks",
    ("santa clara county", "CA"): "Santa Clara",
    ("tysons corner", "VA"): "Tysons",
    ("dulles", "VA"): "Sterling",
    ("malta", "NY"): "Ballston Spa",
    ("east fishkill", "NY"): "Fishkill",
    ("university park", "PA"): "State College",
    ("moon township", "PA"): "Coraopolis",
    ("moon", "PA"): "Coraopolis",
    ("warrendale", "PA"): "Cranberry Township",
    ("annapolis junction", "MD"): "Fort Meade",
    ("clear lake", "TX"): "Webster",
    ("ellabell", "GA"): "Pembroke",
    ("bryan county", "GA"): "Richmond Hill",
    ("jackson county", "GA"): "Jefferson",
    ("glendale", "KY"): "Elizabethtown",
    ("stanton", "TN"): "Brownsville",
    ("branchburg", "NJ"): "Somerville",
    ("superior township", "MI"): "Ypsilanti",
    ("superior charter township", "MI"): "Ypsilanti",
    ("van buren", "MI"): "Belleville",
    ("denver international airport", "CO"): "Commerce City",
    ("redstone arsenal", "AL"): "Huntsville",
    ("ascension parish", "LA"): "Donaldsonville",
}
_SHORT = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}
_AREA = re.compile(
    r"^(the )?greater |^metro |"
    r" (metropolitan area|metroplex|metro area|metro|area|region|vicinity|downtown)$"
)


@dataclass(frozen=True)
class City:
    """A place with its state's code, degrees north and east, and people."""

    name: str
    state: str
    latitude: float
    longitude: float
    population: int


def find(name: str, state: str = "") -> City | None:
    """The city of that name, in that state if one is given; None if unknown or not told apart.

    English in any case and spelling of St./Saint, with "Greater … Area" around it or not, or a
    Korean name.
    """
    plain = key(name)
    if not plain:
        return None
    if state:
        return _cities().get((plain, state)) or _beside(plain, state) or _called(plain, state)
    return _called(plain, "") or _cities_alone().get(plain)


def key(name: str) -> str:
    """A name as it is compared: small letters, no dots, St. and Ft. in full, no "Area"."""
    plain = re.sub(r"[.’']", "", name.casefold()).strip()
    plain = re.sub(r"\s+", " ", plain)
    while (shorter := _AREA.sub("", plain).strip()) != plain:
        plain = shorter
    return " ".join(_SHORT.get(word, word) for word in plain.split(" "))


def _beside(plain: str, state: str) -> City | None:
    near = _BESIDE.get((plain, state))
    return _cities().get((key(near), state)) if near else None


def _called(plain: str, state: str) -> City | None:
    name, home = _ALSO_CALLED.get(plain, ("", ""))
    return _cities().get((key(name), home)) if name and state in ("", home) else None


@cache
def _cities() -> dict[tuple[str, str], City]:
    return dict(_named())


@cache
def _cities_alone() -> dict[str, City]:
    """Names that mean one city even without a state."""
    by_name: dict[str, list[City]] = {}
    for (plain, _), city in _named():
        by_name.setdefault(plain, []).append(city)
    alone = {}
    for plain, cities in by_name.items():
        first, *rest = sorted(cities, key=lambda city: -city.population)
        lone = not rest or first.population >= _TIMES_THE_NEXT * rest[0].population
        if lone and first.population >= _KNOWN_ALONE:
            alone[plain] = first
    return alone


@cache
def _named() -> tuple[tuple[tuple[str, str], City], ...]:
    """Each (name, state) with its city; the file has the most people first, and they win."""
    found: dict[tuple[str, str], City] = {}
    for line in _CITIES.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, state, lat, lon, people, *korean = line.split("\t")
        city = City(name, state, float(lat), float(lon), int(people))
        for called in (name, *(korean[0].split("|") if korean else ())):
            found.setdefault((key(called), state), city)
            if "가" <= called[-1] <= "힣":
                found.setdefault((key(called).replace(" ", ""), state), city)
    return tuple(found.items())
