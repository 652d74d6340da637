"""The stages of a dwelling that decide what can be cooked, and who said which."""

from enum import StrEnum


class Dwelling(StrEnum):
    """Before the move the household eats where it is; on the first night nothing runs yet."""

    BEFORE_MOVE_IN = "before_move_in"
    FIRST_NIGHT = "first_night"
    GAS_OPENED = "gas_opened"


DWELLING_LABELS = {
    Dwelling.BEFORE_MOVE_IN: "入居の前（いまいる所で食べる）",
    Dwelling.FIRST_NIGHT: "入居の日・ガスが開通する前",
    Dwelling.GAS_OPENED: "ガスが開通したあと",
}


class SaidBy(StrEnum):
    """The placement's dates, or a person who asked for the parcel; a person is not overruled."""

    PLACEMENT = "placement"
    PERSON = "person"
