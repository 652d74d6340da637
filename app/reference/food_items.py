"""What one unit of a common food holds and needs, as a start for the food bank's own items.

Every figure is a reference to be confirmed (参考・要確認): the pack in hand always wins. A name
that only resembles a row takes its group and cooking over, and its amounts by the weight the name
states; a name nobody knows takes nothing over, because a guess would be eaten.
"""

import csv
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from app.japanese import narrow

_FILE = Path(__file__).parent / "data" / "food_items.csv"
_NOTHING = "-"
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)(kg|g|ml|l)(?:[x×*](\d+))?", re.IGNORECASE)
_IN_KG = {"kg": Decimal(1), "l": Decimal(1), "g": Decimal("0.001"), "ml": Decimal("0.001")}


@dataclass(frozen=True)
class FoodReference:
    """One row. ``equipment`` are sets any one of which is enough, ``((),)`` when nothing is needed;
    ``ingredients`` are codes people may refuse, None when nobody looked; ``kcal`` and
    ``weight_kg`` are of one unit.
    """

    name: str
    spellings: tuple[str, ...]
    food_group: str
    kcal: int | None
    weight_kg: Decimal | None
    equipment: tuple[tuple[str, ...], ...]
    chewing_class: int | None
    infant_months: tuple[int, int] | None
    formula: bool
    ingredients: tuple[str, ...] | None
    certainty: str
    source: str
    note: str


def food_name_key(name: str) -> str:
    """One spelling for comparing names of food: width, spaces and case do not count."""
    return re.sub(r"\s", "", narrow(name)).casefold()


@lru_cache(maxsize=1)
def shipped_food_items() -> tuple[FoodReference, ...]:
    """The rows that come with the program."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(_reference(row) for row in csv.DictReader(lines))


def _reference(row: dict[str, str]) -> FoodReference:
    sets = () if row["equipment"] == _NOTHING else tuple(row["equipment"].split("|"))
    months = (int(row["infant_from"]), int(row["infant_to"])) if row["infant_from"] else None
    listed = row["ingredients"]
    return FoodReference(
        name=row["name"],
        spellings=tuple(word for word in row["spellings"].split("|") if word),
        food_group=row["food_group"],
        kcal=int(row["kcal"]),
        weight_kg=Decimal(row["weight_kg"]),
        equipment=tuple(tuple(one.split("+")) for one in sets) or ((),),
        chewing_class=int(row["chewing_class"]) if row["chewing_class"] else None,
        infant_months=months,
        formula=bool(row["formula"]),
        ingredients=_codes(listed),
        certainty=row["certainty"],
        source=row["source"],
        note=row["note"],
    )


def _codes(listed: str) -> tuple[str, ...] | None:
    if not listed:
        return None
    return () if listed == _NOTHING else tuple(listed.split("|"))


def find_food(name: str, rows: tuple[FoodReference, ...] | None = None) -> FoodReference | None:
    """The row for a name as written: the same name, else the one whose spelling is its first word.

    A resembling name never takes ingredients or infants' months over: those differ from one
    product to the next. 「水ようかん」 does not resemble 「水」: the word has to end there.

    >>> find_food("ツナ缶　３缶").kcal, find_food("精米 10kg").kcal, find_food("謎の缶詰")
    (570, 34200, None)
    """
    rows = shipped_food_items() if rows is None else rows
    key = food_name_key(name)
    same = next((row for row in rows if food_name_key(row.name) == key), None)
    if same is not None:
        return same
    plain = narrow(name).casefold()
    found = [
        (len(word), row)
        for row in rows
        for word in (narrow(word).casefold() for word in row.spellings)
        if re.match(rf"{re.escape(word)}(?:$|[\s\d(・])", plain)
    ]
    if not found:
        return None
    row = max(found, key=lambda pair: pair[0])[1]
    return None if row.infant_months else _resembling(row, name)


def _resembling(row: FoodReference, name: str) -> FoodReference:
    mine, theirs = stated_weight(name), stated_weight(row.name)
    unknown = replace(row, ingredients=None, chewing_class=None, kcal=None, weight_kg=None)
    if mine is None or theirs is None or row.kcal is None or row.weight_kg is None:
        return unknown
    ratio = mine / theirs
    return replace(
        unknown,
        kcal=round(row.kcal * ratio),
        weight_kg=(row.weight_kg * ratio).quantize(Decimal("0.001")),
    )


def stated_weight(name: str) -> Decimal | None:
    """The weight a name states, in kg; a litre counts as a kilogram.

    >>> stated_weight("水 2L×6"), stated_weight("ビスケット")
    (Decimal('12'), None)
    """
    found = _AMOUNT.search(narrow(name))
    if found is None:
        return None
    weight = Decimal(found[1]) * _IN_KG[found[2].lower()] * int(found[3] or 1)
    return weight if weight > 0 else None
