"""Benchmarks of distances: how far off they are, and how long all homes take."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from bench_table import Row, in_turn
from geopy.distance import geodesic

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from matching.geo import arc_m, chord_m, earth_xyz

HERE = 35.4886, 139.4075
JAPAN = (24.0, 46.0), (123.0, 146.0)
SAMPLE = 1_000


def loop_rows(count: int, rank: float, runs: int) -> Iterator[Row]:
    """All homes to one place, against one geopy call a home as most peers do it.

    ``rank`` is how long a whole ranking of as many homes took in this run.
    """
    rng = np.random.default_rng(1)
    lat, lon = HERE[0] + rng.normal(0, 0.03, count), HERE[1] + rng.normal(0, 0.03, count)
    homes, place = earth_xyz(lat, lon), earth_xyz(*HERE)[:, None]
    points = list(zip(lat[:SAMPLE].tolist(), lon[:SAMPLE].tolist(), strict=True))
    chord, arc, sampled = in_turn(
        [
            lambda: chord_m(homes, place),
            lambda: arc_m(homes, place),
            lambda: [geodesic(HERE, point).m for point in points],
        ],
        runs,
    )
    loop = sampled / SAMPLE * count
    against = f"geopy.distance.geodesic a home (extrapolated from {SAMPLE:,})"
    for form, taken in (("straight", chord), ("along the ground, as ranking does it", arc)):
        yield Row(
            f"Distances of {count:,} homes to one place, {form}",
            against,
            loop / taken,
            "≥ 10,000",
            loop / taken >= 10_000,
            f"{taken / count * 1e9:.0f} ns against {loop / count * 1e6:.0f} µs a home",
            short=f"{loop / chord:,.0f} straight, {loop / arc:,.0f} along the ground. Bending the"
            f" chord back onto the ellipsoid costs {arc / chord:.1f} chords and takes the largest"
            f" error within 20 km from 8 mm to nothing; of the {rank * 1000:.1f} ms of a ranking it"
            f" is {arc * 1000:.1f}.",
        )
    yield Row(
        f"A whole ranking of {count:,} homes against that loop, which measures distances only",
        against,
        loop / rank,
        "reported",
        True,
        f"{rank * 1000:.1f} ms",
    )


def error_row(km: float, form: Callable[..., np.ndarray], limit_m: float, pairs: int) -> Row:
    """Random pairs all over Japan: anywhere up to 20 km apart, or all at 100 km."""
    rng = np.random.default_rng(3)
    worst = 0.0
    for _ in range(pairs):
        start = rng.uniform(*JAPAN[0]), rng.uniform(*JAPAN[1])
        far = km if km > 20 else rng.uniform(0, km)
        end = geodesic(kilometers=far).destination(start, rng.uniform(0, 360))
        there = end.latitude, end.longitude
        found = float(form(earth_xyz(*start), earth_xyz(*there)))
        worst = max(worst, abs(found - geodesic(start, there).m))
    name = {chord_m: "straight", arc_m: "along the ground"}[form]
    return Row(
        f"Largest distance error {'at' if km > 20 else 'within'} {km:g} km, {name}",
        "geopy.distance.geodesic",
        worst,
        f"≤ {limit_m:g} m",
        worst <= limit_m,
        f"metres, {pairs:,} random pairs over Japan",
        worst <= limit_m,
    )


def error_rows(pairs: int) -> Iterator[Row]:
    """The straight line as far as a town reaches, the way along the ground beyond."""
    yield error_row(20, chord_m, 0.01, pairs)
    yield error_row(20, arc_m, 0.001, pairs)
    yield error_row(100, arc_m, 0.001, pairs)
