"""Distances along the ground from plain arithmetic on earth-centred points.

The places of homes are kept as WGS84 points in metres from the earth's centre, worked out once. A
distance is then a few multiplications a pair instead of an iterative geodesic, which is what lets a
household be compared with every home of a prefecture while somebody waits at the counter.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
_ECCENTRICITY_2 = FLATTENING * (2 - FLATTENING)
_POLAR = 1 / (1 - _ECCENTRICITY_2)
_TINY = 1e-300
_BLOCK = 4096  # points at a time: what is in between then stays in the processor's cache


def earth_xyz(lat: npt.ArrayLike, lon: npt.ArrayLike) -> Floats:
    """Turn latitude and longitude into earth-centred metres.

    Parameters
    ----------
    lat, lon : array_like
        WGS84 degrees, of any one shape. ``nan`` (place not known) stays ``nan``.

    Returns
    -------
    ndarray
        Shape ``(3, ...)``: x, y, z on the ellipsoid at height 0.

    References
    ----------
    National Geospatial-Intelligence Agency, *World Geodetic System 1984*, NGA.STND.0036, 2014, §4.

    Examples
    --------
    >>> earth_xyz(0.0, 90.0).round(3).tolist()
    [0.0, 6378137.0, 0.0]
    """
    phi, lam = np.radians(np.asarray(lat, float)), np.radians(np.asarray(lon, float))
    normal = SEMI_MAJOR_M / np.sqrt(1 - _ECCENTRICITY_2 * np.sin(phi) ** 2)
    across = normal * np.cos(phi)
    up = normal * (1 - _ECCENTRICITY_2) * np.sin(phi)
    return np.stack(np.broadcast_arrays(across * np.cos(lam), across * np.sin(lam), up))


def chord_m(a: Floats, b: Floats) -> Floats:
    """Measure the straight line through the ground between earth-centred points.

    Within 20 km it is less than 1 cm shorter than the way along the ground.

    Parameters
    ----------
    a, b : ndarray
        Shapes ``(3, ...)`` that broadcast against each other.

    Returns
    -------
    ndarray
        Metres.

    Examples
    --------
    >>> float(chord_m(earth_xyz(35.0, 139.0), earth_xyz(35.0, 139.1)).round(2))
    9128.82
    """
    gap = a - b
    length: Floats = np.sqrt(gap[0] * gap[0] + gap[1] * gap[1] + gap[2] * gap[2])
    return length


def arc_m(a: Floats, b: Floats) -> Floats:
    """Measure the way along the ground between earth-centred points.

    The chord is bent back onto a circle with the ellipsoid's own curvature half-way, in the
    direction travelled (Euler's theorem for normal sections). Errors against Karney's geodesic stay
    under 1 mm at 100 km. The series instead of an arcsine keeps every element's result independent
    of its place in the array, so the order of the homes never changes a distance.

    Parameters
    ----------
    a, b : ndarray
        Shapes ``(3, ...)`` that broadcast against each other.

    Returns
    -------
    ndarray
        Metres, ``nan`` where either place is not known.

    References
    ----------
    C. F. F. Karney, "Algorithms for geodesics", *Journal of Geodesy* 87 (2013), 43-55.
    W. Torge and J. Müller, *Geodesy*, 4th ed. (2012), §4.1.3 (radii of curvature).

    Examples
    --------
    >>> float(arc_m(earth_xyz(35.0, 139.0), earth_xyz(35.0, 139.1)).round(2))
    9128.82
    >>> float(arc_m(earth_xyz(35.0, 139.0), earth_xyz(35.0, 139.0)))
    0.0
    """
    shape = np.broadcast_shapes(a.shape[1:], b.shape[1:])
    if len(shape) != 1 or shape[0] <= _BLOCK:
        return _arc_m(a, b)
    found = np.empty(shape)
    for start in range(0, shape[0], _BLOCK):
        block = slice(start, start + _BLOCK)
        found[block] = _arc_m(*(p if p.shape[1] == 1 else p[:, block] for p in (a, b)))
    return found


def _arc_m(a: Floats, b: Floats) -> Floats:
    gap, middle = a - b, (a + b) / 2
    gap *= gap
    middle *= middle
    chord2 = gap[0] + gap[1] + gap[2]
    bend = chord2 + gap[2] * (_POLAR - 1)
    across = middle[0] + middle[1]
    inside, steep = across + middle[2] * _POLAR, across + middle[2] * _POLAR**2
    # (chord × curvature)²: the quadratic form of the ellipsoid along the way over its gradient,
    # with the middle of the chord lifted onto the surface; 0 for a point and itself.
    turn = bend * bend / np.maximum(chord2, _TINY)
    x2 = turn * inside / (steep * (4 * SEMI_MAJOR_M**2))
    series = 1 + x2 * (1 / 6 + x2 * (3 / 40 + x2 * (15 / 336 + x2 * (105 / 3456))))
    along: Floats = np.sqrt(chord2) * series
    return along
