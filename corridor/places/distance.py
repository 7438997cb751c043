"""Distance on the globe."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG


def kilometers(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance between two points in degrees, in kilometers (haversine)."""
    south, north = radians(lat1), radians(lat2)
    rise = sin((north - south) / 2) ** 2
    run = sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(rise + cos(south) * cos(north) * run))
