"""One row of a list as a home, with what has to be asked about it."""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.geocoding import municipalities_with_town, split_address
from app.housing.homes.keys import HomeKey, home_key
from app.housing.lists.cells import (
    Acceptance,
    Answer,
    Available,
    Guarantor,
    Station,
    parse_acceptance,
    parse_available,
    parse_guarantor,
    parse_lift,
    parse_station,
)
from app.housing.lists.columns import FIELD_NAMES, GROUPS, SYNONYMS, ListHead
from app.japanese import (
    Built,
    Floor,
    Measure,
    Money,
    MoneyKind,
    Phone,
    Walk,
    narrow,
    parse_built,
    parse_floor,
    parse_number,
    parse_phone,
    parse_walk,
    parse_yen,
)
from app.sheets import SheetRow, cell_text

LEAST_RENT = 1_000
"""Less than this is a rent typed in units of 10,000 yen ("4.1" or "4" for 41,000)."""


class Severity(StrEnum):
    """Whether a row was held back or taken in with a question."""

    HELD = "held"
    QUESTION = "question"


@dataclass(frozen=True)
class RowProblem:
    """What a person should decide about a row. ``what`` is a field of the mapping; ``column`` its
    head as the list has it, or None when the list has no such column.
    """

    row: int
    column: str | None
    what: str
    sentence: str
    severity: Severity


@dataclass(frozen=True)
class ParsedHome:
    """One home of a list. Names are as typed; amounts, areas and dates keep their typed form
    inside.

    ``municipality`` is "" when it is neither written nor found; ``municipality_guessed`` says that
    it was found by the town's name among the municipalities of the same list.
    """

    row: int
    key: HomeKey
    building: str
    room: str
    address: str
    municipality: str
    municipality_guessed: bool
    layout: str
    area: Measure
    rent_yen: int
    rent: Money
    fee: Money
    deposit: Money
    key_money: Money
    built: Built
    floor: Floor
    lift: bool | None
    station: Station
    walk: Walk
    guarantor: Guarantor
    acceptance: dict[str, Acceptance]
    pets: Acceptance
    available: Available
    agent: str
    landlord: str
    phone: Phone
    remarks: str
    as_typed: dict[str, str] = field(repr=False)

    @property
    def area_m2(self) -> Decimal | None:
        """The floor area in square metres, as far as it is known."""
        return self.area.value

    @property
    def fee_included(self) -> bool:
        """Whether the fee (共益費) is part of the rent."""
        return self.fee.kind is MoneyKind.INCLUDED


class RowReader:
    """Reads one row and collects what to ask about it."""

    def __init__(self, row: SheetRow, head: ListHead, today: date, places: tuple[str, ...]) -> None:
        self.number = row.number
        self.problems: list[RowProblem] = []
        self._row = row
        self._head = head
        self._today = today
        self._places = places
        self.as_typed = {
            head.labels.get(column, f"（{column}列目）"): cell_text(cell)
            for column, cell in enumerate(row.cells, 1)
            if column in head.labels or cell_text(cell)
        }

    def home(self) -> ParsedHome | None:
        """The home, or None when the row has to be held back; then a problem says why."""
        building, address = self._needed("building"), self._needed("address")
        rent = self._rent()
        municipality, guessed = self._municipality(address)
        if any(problem.severity is Severity.HELD for problem in self.problems):
            return None
        lift, lift_problem = parse_lift(self._text("lift"))
        self._ask("lift", lift_problem)
        guarantor, guarantor_problem = parse_guarantor(self._text("guarantor"))
        self._ask("guarantor", guarantor_problem)
        return ParsedHome(
            row=self.number,
            key=home_key(address, building, self._text("room"), municipality=municipality),
            building=building,
            room=self._text("room"),
            address=address,
            municipality=municipality,
            municipality_guessed=guessed,
            layout=narrow(self._text("layout")).replace(" ", "").upper(),
            area=self._area(),
            rent_yen=rent.yen or 0,
            rent=rent,
            fee=self._money("fee"),
            deposit=self._money("deposit"),
            key_money=self._money("key_money"),
            built=self._built(),
            floor=self._floor(),
            lift=lift,
            station=parse_station(self._text("station")),
            walk=self._walk(),
            guarantor=guarantor,
            acceptance=self._acceptance(),
            pets=self._accepted("pets"),
            available=self._available(),
            agent=self._text("agent"),
            landlord=self._text("landlord"),
            phone=self._phone(),
            remarks=self._text("remarks"),
            as_typed=self.as_typed,
        )

    def _text(self, what: str) -> str:
        column = self._head.columns.get(what)
        if column is None or column > len(self._row.cells):
            return ""
        return cell_text(self._row.cells[column - 1]).strip()

    def _say(self, what: str, sentence: str, severity: Severity) -> None:
        label = self._head.labels.get(self._head.columns.get(what, 0))
        self.problems.append(RowProblem(self.number, label, what, sentence, severity))

    def _ask(self, what: str, sentence: str | None) -> None:
        if sentence:
            self._say(what, sentence, Severity.QUESTION)

    def _needed(self, what: str) -> str:
        text = self._text(what)
        if not text:
            sentence = f"{FIELD_NAMES[what]}がありません。{FIELD_NAMES[what]}を書き足してください。"
            self._say(what, sentence, Severity.HELD)
        return text

    def _rent(self) -> Money:
        """The rent; a rent that is not an amount holds the row back, it is never guessed."""
        rent = parse_yen(self._text("rent"))
        if rent.kind is MoneyKind.BLANK:
            self._needed("rent")
        elif rent.kind is not MoneyKind.AMOUNT:
            sentence = (
                f"家賃が「{rent.as_typed}」で、金額が分かりません。"
                "貸主か取扱店に聞いて入れてください。"
            )
            self._say("rent", sentence, Severity.HELD)
        elif rent.yen is not None and rent.yen < LEAST_RENT:
            sentence = f"家賃が{rent.yen}円になります。「万円」の書き忘れでないか確かめてください。"
            self._say("rent", sentence, Severity.HELD)
        return rent

    def _municipality(self, address: str) -> tuple[str, bool]:
        stated, street = split_address(address)
        if not address:
            return "", False
        if stated:
            if not street:
                sentence = f"所在地が「{address}」だけです。町名と番地を書き足してください。"
                self._say("address", sentence, Severity.HELD)
            return stated.name, False
        found = municipalities_with_town(address, self._places)
        if len(found) == 1:
            return found[0], True
        if found:
            names = "と".join(found)
            sentence = f"「{address}」は{names}にある町名です。どの市か選んでください。"
        else:
            sentence = f"「{address}」の市区町村が分かりません。市区町村を書き足してください。"
        self._ask("address", sentence)
        return "", False

    def _money(self, what: str) -> Money:
        money = parse_yen(self._text(what))
        self._ask(what, money.problem)
        return money

    def _area(self) -> Measure:
        area = parse_number(self._text("area"))
        self._ask("area", area.problem)
        if area.value is not None and not 3 <= area.value <= 500:
            self._ask("area", f"面積が{area.value}㎡になります。桁を確かめてください。")
        return area

    def _built(self) -> Built:
        built = parse_built(self._text("built"), today=self._today)
        self._ask("built", built.problem)
        return built

    def _floor(self) -> Floor:
        """The floor, with the storeys from their own column where a list has one."""
        floor = parse_floor(self._text("floor"))
        self._ask("floor", floor.problem)
        storeys = parse_number(self._text("storeys").removesuffix("階建").removesuffix("階"))
        if floor.of_floors is None and storeys.value is not None:
            return Floor(floor.as_typed, floor.floor, int(storeys.value), floor.problem)
        return floor

    def _walk(self) -> Walk:
        """Minutes from their own column, else from behind the station's name."""
        text = self._text("walk")
        if not text and (found := re.search(r"(?:バス|徒歩|歩).*分", self._text("station"))):
            text = found[0]
        walk = parse_walk(text)
        self._ask("walk", walk.problem)
        return walk

    def _accepted(self, what: str) -> Acceptance:
        acceptance = parse_acceptance(self._text(what))
        self._ask(what, acceptance.problem)
        return acceptance

    def _acceptance(self) -> dict[str, Acceptance]:
        """Per group: from its own column, else from the register's list of groups and conditions.

        The register names only the groups that are not refused; the others stay unknown.
        """
        families = ("ひとり親・子育て", "ひとり親")
        listed = re.split(r"[、,・/\n]\s*", self._text("acceptance").replace(*families))
        conditions = {}
        for part in re.split(r"[；;\n]", self._text("conditions")):
            name, _, words = part.partition("：")
            conditions[name.strip().replace(*families)] = words.strip()
        answers = {}
        for group in GROUPS:
            if group in self._head.columns:
                answers[group] = self._accepted(group)
                continue
            name = next((name for name in SYNONYMS[group] if name in listed), None)
            words = conditions.get(name or "", "")
            answers[group] = parse_acceptance(words or "可") if name else Acceptance(Answer.UNKNOWN)
            answers[group] = replace(
                answers[group], as_typed=f"{name}：{words}" if words else name or ""
            )
        return answers

    def _available(self) -> Available:
        available = parse_available(self._text("available"), today=self._today)
        self._ask("available", available.problem)
        return available

    def _phone(self) -> Phone:
        phone = parse_phone(self._text("phone"))
        self._ask("phone", phone.problem)
        return phone
