"""What an agreement, a food drive, an amount per kilogram and the wishes' window take."""

from datetime import date
from typing import Any

from marshmallow import ValidationError, validate, validates_schema

from app.forms import BaseSchema, Day, Line, Whole, YesNo

MOST_DAYS = 3650
WINDOWS = (30, 90)


class AgreementSchema(BaseSchema):
    """What a donor and the food bank agreed on, from a day on."""

    starts_on = Day(required=True, metadata={"label": "いつから"})
    ends_on = Day(
        load_default=None,
        allow_none=True,
        metadata={
            "label": "いつまで（任意）",
            "hint": "空けると、次の協定が始まるまで続きます",
        },
    )
    least_days = Whole(
        least=0,
        most=MOST_DAYS,
        load_default=None,
        allow_none=True,
        metadata={
            "label": "受け入れの日に残っている日数（任意）",
            "unit": "日以上",
            "hint": "期限までの日数がこれより短い物を受け入れたとき、知らせます",
        },
    )
    pass_on = YesNo(
        yes="渡してよい",
        no="渡さない",
        metadata={"label": "ほかの団体へ渡してよいか", "kind": "radios"},
    )
    recall_contact = Line(
        load_default="",
        metadata={"label": "回収のときに伝える相手（任意）", "hint": "例 品質管理室 042-000-0000"},
    )
    conditions = Line(
        load_default="", longest=1000, metadata={"label": "条件（任意）", "hint": "例 転売しない"}
    )
    document = Line(
        load_default="",
        metadata={"label": "書類の場所・番号（任意）", "hint": "例 協定書つづり 12"},
    )

    @validates_schema
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        """The end is not before the beginning."""
        _check_order(data)


class EditAgreementSchema(AgreementSchema):
    """The same, on the version somebody saw."""

    version = Whole(required=True, metadata={"label": "版", "kind": "hidden"})


def _check_order(data: dict[str, Any]) -> None:
    ends: date | None = data.get("ends_on")
    if ends is not None and "starts_on" in data and ends < data["starts_on"]:
        raise ValidationError("はじめの日より後の日を入れてください。", "ends_on")


class DriveSchema(BaseSchema):
    """A food drive: where and when food is collected."""

    name = Line(
        required=True, shortest=1, metadata={"label": "名前", "hint": "例 秋のフードドライブ"}
    )
    place = Line(required=True, shortest=1, metadata={"label": "場所", "hint": "例 市役所1階"})
    starts_on = Day(required=True, metadata={"label": "いつから"})
    ends_on = Day(required=True, metadata={"label": "いつまで"})

    @validates_schema
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        """The end is not before the beginning."""
        _check_order(data)


class EditDriveSchema(DriveSchema):
    """The same, on the version somebody saw."""

    version = Whole(required=True, metadata={"label": "版", "kind": "hidden"})


class GiftRateSchema(BaseSchema):
    """What a kilogram is reckoned at; an empty amount ends telling values."""

    version = Whole(required=True, metadata={"label": "版", "kind": "hidden"})
    yen_per_kg = Whole(
        least=1,
        most=100_000,
        load_default=None,
        allow_none=True,
        metadata={
            "label": "1kgあたりの額",
            "unit": "円",
            "hint": "空けると、額はどこにも出ません",
        },
    )
    as_of = Day(load_default=None, allow_none=True, metadata={"label": "いつの額か"})
    source = Line(
        load_default="",
        metadata={"label": "出所", "hint": "だれの、何という資料の額か"},
    )

    @validates_schema
    def say_whose(self, data: dict[str, Any], **_: Any) -> None:
        """An amount needs its day and its source."""
        if data.get("yen_per_kg") is None:
            return
        missing = {
            name: ["額を入れるときは、これも入れてください。"]
            for name in ("as_of", "source")
            if not data.get(name)
        }
        if missing:
            raise ValidationError(missing)


class WindowSchema(BaseSchema):
    """How far back what fell short is looked at."""

    days = Whole(
        least=None,
        load_default=WINDOWS[0],
        validate=validate.OneOf(WINDOWS, error="30日か90日を選んでください。"),
        metadata={"label": "さかのぼる日数"},
    )
