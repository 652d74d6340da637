"""The rules of 住居確保給付金 as plain arithmetic: inputs in, a guide (目安) out; nothing decided.

Sources: 生活困窮者自立支援法と同法施行規則, and what municipalities publish (杉並区, 文京区,
松山市, 海老名市 …). Towns differ in the comparison (以下 or 未満), in rounding and in the standard
amounts, so all three are inputs. Every condition answers met, failed or unknown; unknown never
decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from app.benefits.codes import COMPARISON_LABELS, Comparison, Known, Reason, Verdict

RULE_VERSION = "benefits-1"
YEARS, MOST_YEARS, LEAST_BLOCKED_DAYS = 2, 4, 30
FIRST_MONTHS, MOST_MONTHS = 3, 9
ROUNDINGS = {"up": ROUND_CEILING, "down": ROUND_FLOOR, "half_up": ROUND_HALF_UP}
MOVING_SINCE = date(2025, 4, 1)


@dataclass(frozen=True)
class TownRule:
    """What a municipality's ordinance settles, in yen; `source` says where it was read."""

    standard: int
    ceiling: int
    assets_times: int = 6
    assets_cap: int = 1_000_000
    comparison: Comparison = Comparison.UP_TO
    round_to: int = 100
    rounding: str = "up"
    source: str = ""
    certain: bool = False

    @property
    def assets_limit(self) -> int:
        """The most the household may have saved."""
        return min(self.standard * self.assets_times, self.assets_cap)

    def within(self, amount: int, limit: int) -> bool:
        """Whether an income is inside the limit as this town compares."""
        return amount <= limit if self.comparison is Comparison.UP_TO else amount < limit


@dataclass(frozen=True)
class Condition:
    """One condition: its name, how it stands, and why in a sentence with its numbers."""

    name: str
    verdict: Verdict
    why: str


@dataclass(frozen=True)
class RentCase:
    """What is known of a household that asks for the rent benefit; amounts in yen a month.

    `rent` is the rent alone, without 共益費. `blocked_days` are days on which illness, care or the
    like kept the person from looking for work. `months_had` are months already granted.
    """

    applies_on: date
    reason: Reason
    left_on: date | None = None
    blocked_days: int = 0
    main_earner: Known = Known.UNKNOWN
    income: int | None = None
    savings: int | None = None
    rent: int | None = None
    months_had: int = 0


@dataclass(frozen=True)
class Estimate:
    """A guide: the conditions, the amount a month (None while unknown) and how long at most."""

    conditions: tuple[Condition, ...]
    amount: int | None
    amount_why: str
    months_now: int
    months_left: int

    @property
    def verdict(self) -> Verdict:
        """Failed if any condition fails, unknown if any is unknown, else met."""
        verdicts = {one.verdict for one in self.conditions}
        for worst in (Verdict.FAILED, Verdict.UNKNOWN):
            if worst in verdicts:
                return worst
        return Verdict.MET


def years_later(day: date, years: int) -> date:
    """The same day some years on; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def last_day_to_apply(left_on: date, blocked_days: int) -> date:
    """Two years from leaving; days blocked count on from 30, up to four years in all."""
    plain = years_later(left_on, YEARS)
    if blocked_days < LEAST_BLOCKED_DAYS:
        return plain
    return min(plain + timedelta(days=blocked_days), years_later(left_on, MOST_YEARS))


def rent_estimate(asked: RentCase, town: TownRule) -> Estimate:
    """The rent benefit as far as it can be told."""
    amount, why = _amount(asked, town)
    left = max(MOST_MONTHS - asked.months_had, 0)
    return Estimate(
        (
            _reason(asked),
            _earner(asked.main_earner),
            _income(asked, town),
            _savings(asked.savings, town),
            _duration(asked.months_had, left),
        ),
        amount,
        why,
        min(FIRST_MONTHS, left),
        left,
    )


def _reason(asked: RentCase) -> Condition:
    name = "対象になる理由"
    if asked.reason is Reason.OTHER:
        return Condition(name, Verdict.FAILED, "離職・廃業でも、やむを得ない減収でもありません。")
    if asked.reason is Reason.REDUCED:
        why = "収入が、離職や廃業と同じ程度まで減ったかを確かめてください。"
        return Condition(name, Verdict.MET, why)
    if asked.left_on is None:
        return Condition(name, Verdict.UNKNOWN, "離職・廃業した日を聞いてください。")
    last = last_day_to_apply(asked.left_on, asked.blocked_days)
    extended = asked.blocked_days >= LEAST_BLOCKED_DAYS
    span = "2年と、求職できなかった日数" if extended else "2年"
    met = asked.left_on <= asked.applies_on <= last
    why = f"離職・廃業から{span}以内（{_said(last)}まで）の申請が条件です。"
    if asked.left_on > asked.applies_on:
        why = "離職・廃業の日が申請の日より後です。日付を確かめてください。"
    return Condition(name, Verdict.MET if met else Verdict.FAILED, why)


def _earner(known: Known) -> Condition:
    name = "主に生計を支えていた"
    words = {
        Known.YES: (Verdict.MET, "そのとき（減収では申請の月に）世帯の生計を主に支えていました。"),
        Known.NO: (Verdict.FAILED, "世帯の生計を主に支えていた人の離職・減収が条件です。"),
        Known.UNKNOWN: (Verdict.UNKNOWN, "世帯の生計を主に支えていたか聞いてください。"),
    }
    return Condition(name, *words[known])


def _income(asked: RentCase, town: TownRule) -> Condition:
    name = "世帯の収入（申請の月）"
    if asked.income is None or asked.rent is None:
        missing = "世帯の月収" if asked.income is None else "家賃"
        return Condition(name, Verdict.UNKNOWN, f"{missing}を聞いてください。")
    limit = income_limit(asked.rent, town)
    inside = town.within(asked.income, limit)
    why = (
        f"月収{asked.income:,}円。目安は基準額{town.standard:,}円＋家賃"
        f"{min(asked.rent, town.ceiling):,}円＝{limit:,}円"
        f"{COMPARISON_LABELS[town.comparison]}です。"
    )
    return Condition(name, Verdict.MET if inside else Verdict.FAILED, why)


def income_limit(rent: int, town: TownRule) -> int:
    """基準額 and the rent, the latter up to the ceiling."""
    return town.standard + min(rent, town.ceiling)


def _savings(savings: int | None, town: TownRule) -> Condition:
    name = "世帯の預貯金"
    limit = town.assets_limit
    if savings is None:
        return Condition(
            name, Verdict.UNKNOWN, f"預貯金を聞いてください（目安は{limit:,}円まで）。"
        )
    why = (
        f"預貯金{savings:,}円。目安は基準額の{town.assets_times}倍（上限{town.assets_cap:,}円）＝"
        f"{limit:,}円までです。"
    )
    return Condition(name, Verdict.MET if savings <= limit else Verdict.FAILED, why)


def _duration(had: int, left: int) -> Condition:
    name = "支給の期間"
    if left == 0:
        return Condition(
            name, Verdict.FAILED, f"すでに{had}か月受けています（最長{MOST_MONTHS}か月）。"
        )
    why = f"3か月ごと、最長{MOST_MONTHS}か月。これまで{had}か月、残りは{left}か月です。"
    return Condition(name, Verdict.MET, why)


def _amount(asked: RentCase, town: TownRule) -> tuple[int | None, str]:
    if asked.income is None or asked.rent is None:
        return None, "月収と家賃が分かると、額の目安が出ます。"
    if asked.income <= town.standard:
        amount = min(asked.rent, town.ceiling)
        why = f"月収が基準額{town.standard:,}円以下なので、家賃（限度額{town.ceiling:,}円まで）。"
    else:
        plain = town.standard + asked.rent - asked.income
        amount = min(_rounded(plain, town), town.ceiling)
        why = (
            f"基準額{town.standard:,}円＋家賃{asked.rent:,}円−月収{asked.income:,}円＝{plain:,}円"
            f"（限度額{town.ceiling:,}円まで）。"
        )
    return max(amount, 0), why


def _rounded(amount: int, town: TownRule) -> int:
    """To the town's step; a benefit that comes to anything is at least one step."""
    if amount <= 0:
        return 0
    steps = (Decimal(amount) / town.round_to).quantize(Decimal(1), ROUNDINGS[town.rounding])
    return max(int(steps), 1) * town.round_to


# ---------------------------------------------------------------------------------- moving


@dataclass(frozen=True)
class MovingLine:
    """One cost of the move; `covered` is None where neither list names it."""

    label: str
    amount: int | None
    covered: bool | None


@dataclass(frozen=True)
class MovingCase:
    """What is known of a household that asks for the moving-cost benefit."""

    applies_on: date
    reason: Reason
    fell_on: date | None = None
    main_earner: Known = Known.UNKNOWN
    income: int | None = None
    savings: int | None = None
    rent: int | None = None
    budget_advised: Known = Known.UNKNOWN
    lines: Sequence[MovingLine] = ()


@dataclass(frozen=True)
class MovingEstimate:
    """A guide: conditions, what the covered costs come to, and what is left to pay otherwise."""

    conditions: tuple[Condition, ...]
    covered: int
    cap: int
    amount: int
    uncovered: int
    unknown_lines: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """As `Estimate.verdict`."""
        return Estimate(self.conditions, None, "", 0, 0).verdict


def moving_estimate(asked: MovingCase, town: TownRule, *, cap: int) -> MovingEstimate:
    """The moving-cost benefit as far as it can be told; `cap` by the destination's ceiling."""
    covered = sum(one.amount or 0 for one in asked.lines if one.covered)
    uncovered = sum(one.amount or 0 for one in asked.lines if not one.covered)
    amount = min(covered, cap)
    unknown = tuple(one.label for one in asked.lines if one.covered is None or one.amount is None)
    as_rent = RentCase(
        asked.applies_on, asked.reason, income=asked.income, rent=asked.rent, savings=asked.savings
    )
    return MovingEstimate(
        (
            _since(asked.applies_on),
            _fall(asked),
            _earner(asked.main_earner),
            _income(as_rent, town),
            _savings(asked.savings, town),
            _budget(asked.budget_advised),
        ),
        covered,
        cap,
        amount,
        uncovered + covered - amount,
        unknown,
    )


def _since(day: date) -> Condition:
    met = day >= MOVING_SINCE
    why = "2025年4月1日からの制度です。"
    return Condition("制度の始まり", Verdict.MET if met else Verdict.FAILED, why)


def _fall(asked: MovingCase) -> Condition:
    name = "収入の著しい減少"
    if asked.reason is Reason.OTHER:
        return Condition(name, Verdict.FAILED, "世帯の収入が著しく減ったことが条件です。")
    if asked.fell_on is None:
        return Condition(name, Verdict.UNKNOWN, "収入が減った時期を聞いてください。")
    last = years_later(asked.fell_on, YEARS)
    met = asked.fell_on <= asked.applies_on <= last
    why = f"減ったときから2年以内（{_said(last)}まで）の申請が条件です。"
    return Condition(name, Verdict.MET if met else Verdict.FAILED, why)


def _budget(known: Known) -> Condition:
    words = {
        Known.YES: (Verdict.MET, "家計改善支援などで、転居で家計が良くなると認められています。"),
        Known.NO: (Verdict.FAILED, "転居で家計が良くなるとは認められていません。"),
        Known.UNKNOWN: (
            Verdict.UNKNOWN,
            "家計改善支援で、転居で家計が良くなるかを見てもらってください。",
        ),
    }
    return Condition("家計改善支援の見立て", *words[known])


def _said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


# --------------------------------------------------------------------------------- running


def month_end(day: date, months: int) -> date:
    """The last day of the benefit that begins in the month of `day` and runs so many months."""
    total = day.year * 12 + day.month - 1 + months
    return date(total // 12, total % 12 + 1, 1) - timedelta(days=1)
