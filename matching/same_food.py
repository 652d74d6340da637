"""How much of one thing a household eats: a box holds meals, not what a shelf is to be rid of.

These are this service's own numbers (参考・要確認): no guideline says how many of one tin may lie
in a box. They follow meals. A staple comes with each of the three meals of a day. A main dish and a
dish of vegetables come with two of them. Of fruit one tin (about 190 g) or one piece is a day's
worth: 健康日本21 aims at 200 g a day. After a week of the same dish something else is due; staples,
a baby's milk and water are the same every day. What is sold by weight, as rice in bags of 5 kg, is
measured by its energy alone: so few bags last that the count is never reached. What holds no more
than half of what a meal takes from its group, as a porridge of 90 kcal, may come two at a time.

The limit comes before the days a food group lasts: twelve porridges a day would not be eaten, so
counting them as days would promise what is not there. A person who packs may put in more.
Below it, the same thing more than once a day is planned only where the days need it: that comes
before using up what expires soon.
"""

from matching.lots import FoodGroup

A_DAY = {
    FoodGroup.STAPLE: 3,
    FoodGroup.PROTEIN: 2,
    FoodGroup.VEGETABLE: 2,
    FoodGroup.FRUIT: 1,
}
# kcal: half of one helping, an adult's mean 2,200 kcal a day shared out as `parcel_model` does.
SMALL = {
    FoodGroup.STAPLE: 183,
    FoodGroup.PROTEIN: 137,
    FoodGroup.VEGETABLE: 27,
    FoodGroup.FRUIT: 55,
}
SAME_DAYS = 7  # for so many days the same, except what is the same every day
ANY_NUMBER = 10**9


def most_of_one(group: FoodGroup, people: int, days: int) -> int:
    """Return how many helpings of one item a household can eat.

    Parameters
    ----------
    group : FoodGroup
    people : int
        Who eats of it: infants are fed apart.
    days : int
        Days wanted.

    Returns
    -------
    int
        `ANY_NUMBER` or more where only need and stock limit it.

    Examples
    --------
    >>> [most_of_one(group, 1, 3) for group in (FoodGroup.STAPLE, FoodGroup.FRUIT)]
    [9, 3]
    >>> [most_of_one(group, 2, 14) for group in (FoodGroup.STAPLE, FoodGroup.FRUIT)]
    [84, 14]
    >>> most_of_one(FoodGroup.INFANT, 1, 3) >= ANY_NUMBER
    True
    """
    return A_DAY.get(group, ANY_NUMBER) * once_a_day(group, people, days)


def once_a_day(group: FoodGroup, people: int, days: int) -> int:
    """Return how many helpings of one item are eaten when nobody has it twice a day.

    Examples
    --------
    >>> once_a_day(FoodGroup.STAPLE, 2, 10), once_a_day(FoodGroup.PROTEIN, 2, 10)
    (20, 14)
    """
    return people * (min(days, SAME_DAYS) if group in A_DAY.keys() - {FoodGroup.STAPLE} else days)


def units_of_one(group: FoodGroup, kcal: int) -> int:
    """Return how many units make a helping: two of what is small.

    Examples
    --------
    >>> [units_of_one(FoodGroup.STAPLE, kcal) for kcal in (90, 365, 17_100)]
    [2, 1, 1]
    """
    return 2 if kcal <= SMALL.get(group, -1) else 1


def rule_words(group: FoodGroup) -> str:
    """Say the limit: so many a person and day, for so many days.

    Examples
    --------
    >>> rule_words(FoodGroup.STAPLE), rule_words(FoodGroup.FRUIT)
    ('1人1日3点まで、小さい物は倍', '1人1日1点・7日分まで、小さい物は倍')
    """
    week = "" if group == FoodGroup.STAPLE else f"・{SAME_DAYS}日分"
    return f"1人1日{A_DAY[group]}点{week}まで、小さい物は倍"
