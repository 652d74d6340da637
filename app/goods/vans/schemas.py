"""What a van day asks, what a tap on the way takes, and the answers of the API."""

from marshmallow import fields

from app.forms import BaseSchema, Day, Whole
from app.goods.fields import cm
from app.goods.items.schemas import VERSION


class VanSchema(BaseSchema):
    """Which day, and the van's inside; what is left blank is not looked at."""

    on = Day(load_default=None, allow_none=True, metadata={"label": "日"})
    van_width_cm = cm("荷台の幅", "内側")
    van_depth_cm = cm("荷台の奥行き")
    van_height_cm = cm("荷台の高さ")
    van_kg = Whole(
        least=1, most=10_000, load_default=None, allow_none=True,
        metadata={"label": "積める重さ", "unit": "kg"},
    )  # fmt: skip


class VanDeedSchema(BaseSchema):
    """One tap on the way: the thing as it was when the page was opened, and the page's day."""

    version = Whole(**VERSION)
    on = Day(load_default=None, allow_none=True, metadata={"label": "日", "kind": "hidden"})


class VanThingSchema(BaseSchema):
    """A thing at a stop."""

    item_id = fields.Integer()
    item = fields.String()
    version = fields.Integer()
    deed = fields.String()
    for_whom = fields.String()


class VanStopSchema(BaseSchema):
    """A stop in its place of the day."""

    arrives = fields.String()
    what = fields.String()
    where = fields.String()
    things = fields.List(fields.Nested(VanThingSchema))


class VanApartSchema(BaseSchema):
    """A thing in no order, and why."""

    item_id = fields.Integer()
    item = fields.String()
    where = fields.String()
    why = fields.String()


class VanDaySchema(BaseSchema):
    """A day of the van: stops in order, things in the order of loading, and what does not fit."""

    on = fields.Date()
    stops = fields.List(fields.Nested(VanStopSchema))
    loading = fields.List(fields.String())
    apart = fields.List(fields.Nested(VanApartSchema))
    warnings = fields.List(fields.String())
    metres = fields.Integer()
    ends = fields.String()
