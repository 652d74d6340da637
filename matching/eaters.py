"""How much energy the people of a household need a day."""

from dataclasses import dataclass
from enum import StrEnum

from matching.errors import FoodError

INFANT_MONTHS = 12
ADULT_MONTHS = 18 * 12
OLDEST_MONTHS = 130 * 12
NURSING_KCAL = 350
PREGNANCY_KCAL = (0, 50, 250, 450)

# (from this age in months, male, female), kcal a day, activity ふつう.
_TABLE = (
    (0, 550, 500),
    (6, 650, 600),
    (9, 700, 650),
    (12, 950, 900),
    (3 * 12, 1300, 1250),
    (6 * 12, 1550, 1450),
    (8 * 12, 1850, 1700),
    (10 * 12, 2250, 2100),
    (12 * 12, 2600, 2400),
    (15 * 12, 2850, 2300),
    (18 * 12, 2600, 1950),
    (30 * 12, 2750, 2050),
    (50 * 12, 2650, 1950),
    (65 * 12, 2350, 1850),
    (75 * 12, 2250, 1750),
)


class Sex(StrEnum):
    """For the energy table only; not known is ``None`` and takes the mean."""

    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True, slots=True)
class Eater:
    """One person who eats from a parcel.

    Attributes
    ----------
    age_months : int or None
        Not known counts as an adult of mean need.
    sex : Sex or None
    nursing : bool
    trimester : int
        0, or 1 to 3 of a pregnancy.
    """

    age_months: int | None = None
    sex: Sex | None = None
    nursing: bool = False
    trimester: int = 0

    def __post_init__(self) -> None:
        """Refuse ages and trimesters nobody has."""
        if self.age_months is not None and not 0 <= self.age_months <= OLDEST_MONTHS:
            raise FoodError("年齢は0か月から130歳までで入れてください。")
        if not 0 <= self.trimester < len(PREGNANCY_KCAL):
            raise FoodError("妊娠の時期は0から3で入れてください。")

    @property
    def infant(self) -> bool:
        """Tell whether this is a child under twelve months."""
        return self.age_months is not None and self.age_months < INFANT_MONTHS


def kcal_a_day(eater: Eater) -> float:
    """Return the energy one person needs a day.

    Parameters
    ----------
    eater : Eater

    Returns
    -------
    float
        kcal; the mean of the two sexes where the sex is not known, of the adult rows where the age
        is not known.

    References
    ----------
    厚生労働省「日本人の食事摂取基準（2025年版）」, estimated energy requirement, activity ふつう.

    Examples
    --------
    >>> kcal_a_day(Eater(67 * 12, Sex.MALE)), kcal_a_day(Eater(67 * 12)), kcal_a_day(Eater(5))
    (2350.0, 2100.0, 525.0)
    """
    if eater.age_months is None:
        rows = [row for row in _TABLE if row[0] >= ADULT_MONTHS]
    else:
        rows = [[row for row in _TABLE if row[0] <= eater.age_months][-1]]
    columns = {Sex.MALE: (1,), Sex.FEMALE: (2,), None: (1, 2)}[eater.sex]
    amounts = [row[column] for row in rows for column in columns]
    more = NURSING_KCAL * eater.nursing + PREGNANCY_KCAL[eater.trimester]
    return sum(amounts) / len(amounts) + more
