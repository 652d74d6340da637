"""Amounts and minutes as a person types them about a home, read and never guessed."""

from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, validate

from app.forms import Whole
from app.japanese import MoneyKind, half_up, narrow, parse_walk, parse_yen

NEGOTIABLE_WORDS = frozenset({"応談", "要相談", "応相談", "相談"})
"""What is written where the landlord named no rent."""


def is_negotiable(value: Any) -> bool:
    """Whether somebody typed 「応談」 in place of an amount."""
    return isinstance(value, str) and narrow(value).replace(" ", "") in NEGOTIABLE_WORDS


class Amount(Whole):
    """Yen: 41000, 41,000円, ４.１万円. Months of rent only where `months` allows them."""

    def __init__(self, label: str, *, most: int, months: bool = False, **kwargs: Any) -> None:
        meta = {"label": label, "unit": "円", "inputmode": "text", **kwargs.pop("metadata", {})}
        kwargs.setdefault("load_default", None)
        super().__init__(most=most, allow_none=True, metadata=meta, **kwargs)
        self.months = months

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str):
            return super()._deserialize(value, attr, data, **kwargs)
        money = parse_yen(value[:60])
        if money.kind is MoneyKind.MONTHS and self.months:
            return money.months
        if money.kind in {MoneyKind.AMOUNT, MoneyKind.NONE}:
            return money.yen
        if money.kind is MoneyKind.INCLUDED:
            raise ValidationError("家賃に含むときは空けて、「共益費込み」に印を付けてください。")
        if money.kind is MoneyKind.MONTHS:
            raise ValidationError("月数ではなく、円で入力してください（例 41000）。")
        raise ValidationError(
            f"「{value[:20]}」は金額として読めません。41000 か 4.1万円 のように入力してください。"
        )


def months_in_yen(data: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Values typed as months of rent, in yen. Raises ValidationError while the rent is open."""
    rent = data.get("rent")
    counted = {name: value for name in names if isinstance(value := data.get(name), Decimal)}
    if counted and rent is None:
        sentence = "家賃が決まっていないので月数では数えられません。円で入力してください。"
        raise ValidationError({name: [sentence] for name in counted})
    return {**data, **{name: half_up(months * (rent or 0)) for name, months in counted.items()}}


class SquareMetres(fields.Decimal):
    """A floor area to two places."""

    def __init__(self, *, longest: int = 9_999, **kwargs: object) -> None:
        check = validate.Range(
            min=Decimal("0.01"), max=longest, error="0より大きい広さを入れてください（例 22.4）。"
        )
        super().__init__(places=2, allow_nan=False, validate=check, **kwargs)  # type: ignore[arg-type]


class Minutes(Whole):
    """Minutes on foot, or the metres of road, of which 80 make a minute: 「12」「12分」「800m」."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        meta = {"label": label, "unit": "分", "inputmode": "text", "hint": "分、または 800m"}
        super().__init__(
            least=1, most=300, load_default=None, allow_none=True, metadata=meta, **kwargs
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, str):
            read = parse_walk(value[:40])
            if read.walk_minutes is None or read.bus_minutes is not None:
                raise ValidationError("徒歩の分数か距離を入力してください（例 12分、800m）。")
            value = read.walk_minutes
        return super()._deserialize(value, attr, data, **kwargs)
