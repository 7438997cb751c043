"""Locations as people write them."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from corridor.places import gazetteer
from corridor.places import resolve as reading
from corridor.places.loading import ground
from corridor.places.resolve import resolve


@pytest.mark.parametrize(
    ("text", "states", "hubs", "city"),
    [
        ("Richardson, TX, US", ["TX"], ["dallas-tx"], "Richardson"),
        ("austin, tx", ["TX"], ["austin-tx"], "austin"),
        ("Austin, TX 78701", ["TX"], ["austin-tx"], "Austin"),
        ("Austin TX", ["TX"], ["austin-tx"], "Austin"),
        ("US-TX-Austin", ["TX"], ["austin-tx"], "Austin"),
        ("Phoenix, Arizona, United States of America", ["AZ"], ["phoenix-az"], "Phoenix"),
        ("NYC", ["NY"], ["new-york-ny"], "New York City"),
        ("New York", ["NY"], ["new-york-ny"], "New York City"),
        ("New York, NY, US", ["NY"], ["new-york-ny"], "New York City"),
        ("San Francisco Bay Area", ["CA"], ["san-jose-ca"], "San Francisco"),
        ("Washington, DC", ["DC"], ["washington-dc"], "Washington"),
        ("Washington", ["WA"], ["seattle-wa"], ""),
        ("Ontario, CA", ["CA"], ["los-angeles-ca"], "Ontario"),
        ("Beaverton, OR", ["OR"], ["portland-or"], "Beaverton"),
        ("Vancouver, WA", ["WA"], ["portland-or"], "Vancouver"),
        ("West Lafayette, IN", ["IN"], ["west-lafayette-in"], "West Lafayette"),
        ("LA", ["CA"], ["los-angeles-ca"], "Los Angeles"),
        ("Baton Rouge, LA", ["LA"], ["baton-rouge-la"], "Baton Rouge"),
        ("St Louis, MO", ["MO"], [], "St. Louis"),
        ("Austin, Texas Metropolitan Area", ["TX"], ["austin-tx"], "Austin"),
        ("Greater Boston Area", ["MA"], ["boston-ma"], "Boston"),
        ("Ellabell, GA", ["GA"], ["savannah-ga"], "Pembroke"),
        ("📍 Seattle, WA 🌲", ["WA"], ["seattle-wa"], "Seattle"),
        ("Hybrid - Houston, TX", ["TX"], ["houston-tx"], "Houston"),
        ("San Juan, PR", ["PR"], [], "San Juan"),
        ("Sioux Falls, SD", ["SD"], [], "Sioux Falls"),
    ],
)
def test_a_city_gives_its_state_and_the_hub_within_reach(
    text: str, states: list[str], hubs: list[str], city: str
) -> None:
    place = resolve(text)
    assert (list(place.states), list(place.hubs)) == (states, hubs)
    assert place.city.casefold() == city.casefold()
    assert not place.unknown and not place.remote


@pytest.mark.parametrize(
    ("text", "states", "hubs"),
    [
        ("Austin, TX; San Jose, CA", ["TX", "CA"], ["austin-tx", "san-jose-ca"]),
        ("Austin, TX, San Jose, CA", ["TX", "CA"], ["austin-tx", "san-jose-ca"]),
        ("Austin, Dallas, TX", ["TX"], ["austin-tx", "dallas-tx"]),
        ("Kansas City, MO or Austin, TX", ["MO", "TX"], ["austin-tx"]),
        ("Dallas/Fort Worth, TX", ["TX"], ["dallas-tx"]),
        ("**2 locations** NYC</br>Chicago, IL", ["NY", "IL"], ["new-york-ny", "chicago-il"]),
    ],
)
def test_a_cell_may_name_several_cities(text: str, states: list[str], hubs: list[str]) -> None:
    place = resolve(text)
    assert sorted(place.states) == sorted(states)
    assert sorted(place.hubs) == sorted(hubs)


@pytest.mark.parametrize(
    ("text", "state", "hub"),
    [
        ("텍사스주 오스틴", "TX", "austin-tx"),
        ("미국 조지아주 애틀랜타", "GA", "atlanta-ga"),
        ("조지아", "GA", "savannah-ga"),
        ("워싱턴주 시애틀", "WA", "seattle-wa"),
        ("뉴욕", "NY", "new-york-ny"),
        ("산호세, 캘리포니아", "CA", "san-jose-ca"),
        ("디트로이트, 미시간", "MI", "detroit-mi"),
    ],
)
def test_korean_names_are_read(text: str, state: str, hub: str) -> None:
    place = resolve(text)
    assert place.states == (state,)
    assert hub in place.hubs


@pytest.mark.parametrize("text", ["Georgia", "GA, US", "Georgia, United States", "조지아주"])
def test_a_state_without_a_city_gives_all_its_hubs(text: str) -> None:
    of_georgia = {hub.slug for hub in ground().hubs.values() if hub.state == "GA"}
    assert set(resolve(text).hubs) == of_georgia
    assert resolve(text).latitude is None


def test_a_city_nobody_knows_keeps_its_state() -> None:
    place = resolve("Zzyzxville, GA, US")
    assert place.states == ("GA",) and place.city == "Zzyzxville" and place.latitude is None


@pytest.mark.parametrize(
    "text", ["Remote", "Remote, US", "Anywhere in the US", "WFH", "원격", "재택근무"]
)
def test_remote_work_is_known_without_a_state(text: str) -> None:
    place = resolve(text)
    assert place.remote and not place.unknown and not place.states


def test_remote_work_may_be_tied_to_a_state() -> None:
    assert resolve("Remote - Texas").states == ("TX",)
    assert resolve("휴스턴 재택").hubs == ("houston-tx",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", reading.EMPTY),
        (" 🙂 ", reading.EMPTY),
        ("US", reading.COUNTRY_ONLY),
        ("United States", reading.COUNTRY_ONLY),
        ("Multiple locations", reading.MANY),
        ("전국 여러 지역", reading.MANY),
        ("Bengaluru, Karnataka, India", reading.OUTSIDE),
        ("Ontario, Canada", reading.OUTSIDE),
        ("Cambridge, England, UK", reading.OUTSIDE),
        ("서울", reading.OUTSIDE),
        ("Springfield", reading.NOT_FOUND),  # there are too many to choose one
        ("Nowhere, ZZ", reading.NOT_FOUND),
        ("!!!", reading.NOT_FOUND),
    ],
)
def test_what_is_not_understood_is_said_with_a_reason(text: str, reason: str) -> None:
    place = resolve(text)
    assert place.unknown and place.reason == reason and not place.hubs


def test_every_reason_reads_in_korean() -> None:
    with override("en"):
        english = {key: str(text) for key, text in reading.REASONS.items()}
    with override("ko"):
        for key, text in reading.REASONS.items():
            assert str(text) != english[key] and "가" <= str(text)[-3] <= "힣"


def test_every_by_name_stands_for_a_city_that_is_listed() -> None:
    for name in gazetteer._ALSO_CALLED:
        assert gazetteer.find(name), name
    for name, state in gazetteer._BESIDE:
        assert gazetteer.find(name, state), name


def test_every_hub_is_found_by_its_own_city() -> None:
    for hub in ground().hubs.values():
        place = resolve(f"{hub.city}, {hub.state}")
        assert place.latitude is not None and hub.slug in place.hubs, hub.slug
