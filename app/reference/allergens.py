"""The dated national lists of allergens; a food profile names allergens exactly as these do."""

import csv
from datetime import date
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "allergens.csv"


@lru_cache(maxsize=4)
def allergen_names(day: date) -> tuple[str, ...]:
    """Every allergen on a list in force on `day`, in the order of the lists, each once.

    A name that has left the lists stays on old packs; callers keep what was recorded before.
    """
    with _FILE.open(encoding="utf-8") as lines:
        rows = [
            row
            for row in csv.DictReader(lines)
            if row["valid_from"] <= day.isoformat()
            and (not row["valid_to"] or day.isoformat() <= row["valid_to"])
        ]
    return tuple(dict.fromkeys(row["name"] for row in rows))
