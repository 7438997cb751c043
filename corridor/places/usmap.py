"""The map of the United States: state outlines and where a point falls among them.

Both share one frame: d3's ``geoAlbersUsa`` at scale 1300, translated to (487.5, 305), which is
what the us-atlas shapes were projected with. The 48 states, Alaska and Hawaii each have their
own equal-area conic projection (Snyder, *Map Projections: A Working Manual*, USGS 1987, p. 98),
the last two set in below the southwest. Puerto Rico lies outside that frame.
"""

from __future__ import annotations

import re
from functools import cache
from math import cos, radians, sin, sqrt
from pathlib import Path
from typing import NamedTuple

WIDTH, HEIGHT = 975, 610
VIEWBOX = f"0 0 {WIDTH} {HEIGHT}"

_SHAPES = Path(__file__).parent / "data" / "state_shapes.tsv"
_SCALE, _X, _Y = 1300.0, 487.5, 305.0


@cache
def states() -> dict[str, str]:
    """State code (fifty states and DC) to its SVG path in ``VIEWBOX``."""
    lines = _SHAPES.read_text(encoding="utf-8").splitlines()
    return {line[:2]: line[3:] for line in lines if not line.startswith("#")}


def project(lat: float, lon: float) -> tuple[float, float] | None:
    """Where a point (degrees, WGS 84) lies in ``VIEWBOX``; None where the map does not reach."""
    for part in _PARTS:
        x, y = part.conic.place(lat, lon)
        x, y = part.dx + part.size * x, part.dy + part.size * y
        west, north, east, south = part.frame
        if west <= x <= east and north <= y <= south:
            return _X + _SCALE * x, _Y + _SCALE * y
    return None


@cache
def bounds(code: str) -> tuple[float, float, float, float]:
    """The rectangle (left, top, right, bottom) of a state's outline. Raises KeyError.

    The outlines use M (absolute), l (relative lines) and Z alone.
    """
    x = y = 0.0
    xs: list[float] = []
    ys: list[float] = []
    for command, run in re.findall(r"([MlZ])([^MlZ]*)", states()[code]):
        numbers = [float(number) for number in re.findall(r"-?\d*\.?\d+", run)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = (dx, dy) if command == "M" else (x + dx, y + dy)
            xs.append(x)
            ys.append(y)
    return min(xs), min(ys), max(xs), max(ys)


class _Conic:
    """An equal-area conic of the unit sphere. ``place`` gives plane coordinates, y downward,
    from ``center``, which is (degrees east of the meridian, latitude)."""

    def __init__(
        self, parallels: tuple[float, float], meridian: float, center: tuple[float, float]
    ) -> None:
        south, north = radians(parallels[0]), radians(parallels[1])
        self.n = (sin(south) + sin(north)) / 2
        self.c = 1 + sin(south) * (2 * self.n - sin(south))
        self.meridian = meridian
        self.origin = self._plane(center[1], center[0] + meridian)

    def place(self, lat: float, lon: float) -> tuple[float, float]:
        x, y = self._plane(lat, lon)
        return x - self.origin[0], y - self.origin[1]

    def _plane(self, lat: float, lon: float) -> tuple[float, float]:
        east = (lon - self.meridian + 180.0) % 360.0 - 180.0  # Alaska crosses the 180th meridian
        rho = sqrt(self.c - 2 * self.n * sin(radians(lat))) / self.n
        angle = radians(east) * self.n
        return rho * sin(angle), rho * cos(angle)


class _Part(NamedTuple):
    """One of the three maps: its projection, its size against the lower 48, where its center is
    set, and the rectangle it may fill (west, north, east, south), all in units of the scale."""

    conic: _Conic
    size: float
    dx: float
    dy: float
    frame: tuple[float, float, float, float]


_PARTS = (
    _Part(_Conic((29.5, 45.5), -96, (-0.6, 38.7)), 1, 0, 0, (-0.455, -0.238, 0.455, 0.238)),
    _Part(_Conic((55, 65), -154, (-2, 58.5)), 0.35, -0.307, 0.201, (-0.425, 0.12, -0.214, 0.234)),
    _Part(_Conic((8, 18), -157, (-3, 19.9)), 1, -0.205, 0.212, (-0.214, 0.166, -0.115, 0.234)),
)
