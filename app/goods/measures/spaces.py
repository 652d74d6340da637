"""The space a thing will stand in: as written with the need, else as measured in the home."""

from app.goods.codes import GoodsKind
from app.goods.models import GoodsNeed, HomeMeasures

Space = tuple[int | None, int | None, int | None]
"""Width, depth and height in cm; None is not known."""

_MEASURED = {
    GoodsKind.FRIDGE: ("fridge_width_cm", "fridge_depth_cm", "fridge_height_cm"),
    GoodsKind.WASHER: ("washer_width_cm", "washer_depth_cm", None),
    GoodsKind.GAS_STOVE: ("stove_width_cm", None, None),
    GoodsKind.CURTAIN: ("window_width_cm", None, "window_height_cm"),
}


def space_of(need: GoodsNeed, measures: HomeMeasures | None) -> Space:
    """Each side by itself: what somebody wrote for this need goes before the home's measure."""
    names = _MEASURED.get(need.kind, (None, None, None))
    width, depth, height = (
        getattr(measures, name) if measures is not None and name else None for name in names
    )
    return (
        need.space_width_cm or width,
        need.space_depth_cm or depth,
        need.space_height_cm or height,
    )
