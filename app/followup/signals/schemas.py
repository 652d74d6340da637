"""A device, the account of its maker, and a signal."""

from marshmallow import ValidationError, fields, validates

from app.followup.signals.codes import DEVICE_LABELS, SIGNAL_LABELS, DeviceKind, SignalKind
from app.forms import BaseSchema, Code, Day, Line
from app.japanese import narrow


class Serial(Line):
    """A device's number as its maker writes it: half-width, without outer spaces."""

    def _deserialize(self, value: object, attr: object, data: object, **kwargs: object) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)  # type: ignore[arg-type]
        return narrow(text)


class DeviceSchema(BaseSchema):
    """One device in one home."""

    serial = Serial(
        required=True,
        shortest=1,
        longest=40,
        metadata={"label": "機器の番号", "hint": "機器やメーカーの画面にある番号のとおり。"},
    )
    kind = Code(DeviceKind, DEVICE_LABELS, required=True, metadata={"label": "種類"})
    fitted_on = Day(required=True, metadata={"label": "取り付けた日"})


class SenderSchema(BaseSchema):
    """Whose server will send signals."""

    name = Line(
        required=True, shortest=1, longest=60, metadata={"label": "メーカー・サービスの名前"}
    )


class SignalSchema(BaseSchema):
    """What a device sends. `at` with its time zone."""

    device = Serial(required=True, shortest=1, longest=40, metadata={"label": "機器の番号"})
    at = fields.AwareDateTime(
        required=True,
        metadata={"label": "時刻"},
        error_messages={
            "invalid": "時刻を 2026-12-01T09:00:00+09:00 のように送ってください。",
            "invalid_awareness": "時刻に時差（+09:00 など）を付けてください。",
        },
    )
    kind = Code(SignalKind, SIGNAL_LABELS, required=True, metadata={"label": "知らせ"})

    @validates("at")
    def _a_year_databases_know(self, value: object, **_kwargs: object) -> None:
        year = getattr(value, "year", 0)
        if not 2000 <= year <= 2100:
            raise ValidationError("2000年から2100年までの時刻を送ってください。")


class SignalAnswerSchema(BaseSchema):
    """Taken in now, or before."""

    taken_in = fields.Boolean()


class DeviceAnswerSchema(BaseSchema):
    """A device as the API tells it."""

    id = fields.Integer()
    version = fields.Integer()
    serial = fields.String()
    kind = fields.String()
    fitted_on = fields.Date()
    removed_on = fields.Date(allow_none=True)
