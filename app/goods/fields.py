"""Fields goods are typed in: lengths and weights, with sentences that say what a number is."""

import unicodedata
from typing import Any

from app.forms import Whole
from app.goods.codes import MOST_CM, MOST_KG


class Centimetres(Whole):
    """A length in whole centimetres; blank is not known. 「60cm」 is understood, 2m is asked."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            least=1,
            most=MOST_CM,
            load_default=None,
            allow_none=True,
            error_messages={
                "invalid": "cm の数字だけで入力してください（例 60。2m は 200）。",
                "too_large": f"1以上{MOST_CM}以下の数で入力してください。",
            },
            **kwargs,
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        return super()._deserialize(without_unit(value, "cm"), attr, data, **kwargs)


class Kilograms(Whole):
    """A weight in whole kilograms; blank is not known."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            least=1,
            most=MOST_KG,
            load_default=None,
            allow_none=True,
            error_messages={"invalid": "kg の数字だけで入力してください（例 38）。"},
            **kwargs,
        )


def without_unit(value: Any, unit: str) -> Any:
    """What was typed, in whatever width, without the unit that stands beside the field."""
    if isinstance(value, str):
        return unicodedata.normalize("NFKC", value).strip().lower().removesuffix(unit).strip()
    return value


def cm(label: str, hint: str = "") -> Centimetres:
    """A length with its label."""
    return Centimetres(metadata={"label": label, "unit": "cm", "hint": hint})
