"""The ground as committed: enough of it, all of it sourced, nothing in the wrong place."""

from __future__ import annotations

from datetime import date

import pytest

from corridor.places import usmap
from corridor.places.distance import kilometers
from corridor.places.loading import ground

SECTORS = (
    "semiconductors batteries automobiles shipbuilding steel biopharma power-grid water "
    "ports-logistics ai-software robotics aerospace-defense"
)


def test_the_twelve_sectors_are_there_in_both_languages() -> None:
    assert set(ground().sectors) == set(SECTORS.split())
    for sector in ground().sectors.values():
        assert sector.name_ko and sector.name_en and sector.summary_ko and sector.summary_en


def test_there_are_fifty_states_with_dc_and_puerto_rico() -> None:
    assert len(ground().states) == 52
    assert {"DC", "PR", "AK", "HI"} <= ground().states.keys()


def test_there_are_at_least_45_hubs_and_40_projects() -> None:
    assert len(ground().hubs) >= 45
    assert len(ground().projects) >= 40


def test_every_sector_has_a_hub() -> None:
    covered = {slug for hub in ground().hubs.values() for slug in hub.sectors}
    assert covered == set(ground().sectors)


def test_every_hub_has_a_university_and_an_employer() -> None:
    for hub in ground().hubs.values():
        kinds = {anchor.kind for anchor in hub.anchors}
        assert "university" in kinds, hub.slug
        assert kinds & {"firm", "agency"}, hub.slug


def test_every_fact_has_a_source_and_a_day_that_has_been() -> None:
    sourced = [*ground().hubs.values(), *ground().projects.values()]
    sourced += [anchor for hub in ground().hubs.values() for anchor in hub.anchors]
    for fact in sourced:
        assert fact.source.source_title and fact.source.source_publisher, fact
        assert date(2015, 1, 1) < fact.as_of <= date.today(), fact


def test_every_project_can_be_read_up_on() -> None:
    for project in ground().projects.values():
        assert project.source.evidence in {"primary", "secondary"}, project.slug
        assert project.source.source_url.startswith("http"), project.slug


def test_no_two_hubs_stand_on_the_same_spot() -> None:
    hubs = list(ground().hubs.values())
    for index, one in enumerate(hubs):
        for other in hubs[index + 1 :]:
            apart = kilometers(one.latitude, one.longitude, other.latitude, other.longitude)
            assert apart > 10, (one.slug, other.slug)


def test_every_hub_lies_on_the_map() -> None:
    for hub in ground().hubs.values():
        point = usmap.project(hub.latitude, hub.longitude)
        assert point, hub.slug
        assert 0 <= point[0] <= usmap.WIDTH and 0 <= point[1] <= usmap.HEIGHT, hub.slug


def test_the_map_draws_every_state_but_puerto_rico() -> None:
    assert usmap.states().keys() == ground().states.keys() - {"PR"}
    assert all(path.startswith("M") and path.endswith("Z") for path in usmap.states().values())
    assert sum(len(path) for path in usmap.states().values()) < 30_000


@pytest.mark.parametrize(
    ("lat", "lon", "x", "y"),
    [
        # d3.geoAlbersUsa().scale(1300).translate([487.5, 305]): the corners of shapes in us-atlas
        (38.7, -96.6, 487.5, 305.0),  # the center of the lower 48
        (58.5, -156.0, 88.4, 566.3),  # the center of Alaska's inset
        (19.9, -160.0, 221.0, 580.6),  # the center of Hawaii's inset
    ],
)
def test_the_projection_is_that_of_the_shapes(lat: float, lon: float, x: float, y: float) -> None:
    assert usmap.project(lat, lon) == pytest.approx((x, y), abs=0.05)


@pytest.mark.parametrize("state", ["TX", "ME", "FL", "WA", "HI", "MI"])
def test_the_middle_of_a_state_falls_into_its_outline(state: str) -> None:
    inside = {
        "TX": (31.5, -99.3),
        "ME": (45.3, -69.2),
        "FL": (28.0, -81.7),
        "WA": (47.4, -120.5),
        "HI": (19.6, -155.5),
        "MI": (44.3, -84.6),
    }
    point = usmap.project(*inside[state])
    assert point and any(_inside(ring, point) for ring in _rings(usmap.states()[state]))


def test_a_place_off_the_map_has_no_point() -> None:
    assert usmap.project(37.57, 126.98) is None  # Seoul
    assert usmap.project(18.47, -66.11) is None  # San Juan


def _rings(path: str) -> list[list[tuple[float, float]]]:
    import re

    rings = []
    for ring in path.split("Z")[:-1]:
        start, _, steps = ring[1:].partition("l")
        x, y = (float(number) for number in start.split(","))
        points = [(x, y)]
        numbers = [float(n) for n in re.findall(r"-?(?:\d+\.\d+|\d+|\.\d+)", steps)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            points.append((x, y))
        rings.append(points)
    return rings


def _inside(ring: list[tuple[float, float]], point: tuple[float, float]) -> bool:
    x, y = point
    odd = False
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd
