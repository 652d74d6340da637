"""Results about homes in sentences a clerk can read aloud.

Everything is made from the structured parts of a `Ranking`; a stay-away zone is in none of them.
``names`` gives the words for group codes ("elderly": "高齢単身"), the usual ones by default.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from string import Formatter

from matching.changes import Change, ChangeKind, Grantor
from matching.conditions import Ask, Asked
from matching.homes import Candidate, Excluded, FailureCount
from matching.near_misses import NearMiss
from matching.need import Support
from matching.phrases import (
    CONFIDENTIAL_GROUPS,
    FAILED,
    FLOOR_NAMES,
    GRANTED,
    GROUP_NAMES,
    LABELS,
    LEAD,
    QUESTIONS,
    SHORT,
    SUPPORT_NAMES,
    TAGS,
    TERMS,
    WHAT_IFS,
    Names,
)
from matching.questions import Question
from matching.reasons import Reason
from matching.what_if import WhatIf


def _fill(template: str, *, amount: int = 0, subject: str = "", names: Names = GROUP_NAMES) -> str:
    words = {name: _WORDS[name](amount, subject, names) for name in _named_in(template)}
    return template.format(**words)


_WORDS: Mapping[str, Callable[[int, str, Names], str]] = {
    "amount": lambda amount, _subject, _names: f"{amount:,}",
    "yen": lambda amount, _subject, _names: f"{amount:,}円",
    "far": lambda amount, _subject, _names: (
        f"{amount / 1000:.1f}km" if amount >= 1000 else f"{amount}m"
    ),
    "area": lambda amount, _subject, _names: f"{amount / 100:g}㎡",
    "subject": lambda _amount, subject, _names: subject,
    "group": lambda _amount, subject, names: names.get(subject, subject),
    "floor": lambda _amount, subject, _names: FLOOR_NAMES.get(subject, subject),
    "support": lambda _amount, subject, _names: SUPPORT_NAMES.get(subject, subject),
}


@cache
def _named_in(template: str) -> tuple[str, ...]:
    """List what a phrase wants to have filled in; there are only so many phrases."""
    return tuple(name for _, name, _, _ in Formatter().parse(template) if name)


@cache
def _codes(supports: Support) -> tuple[str, ...]:
    return tuple(str(support.name).lower() for support in supports)


def home_sentences(candidate: Candidate, names: Names = GROUP_NAMES) -> str:
    """Say why a home fits, nearly fits or may fit.

    Parameters
    ----------
    candidate : Candidate
        Of any of the three lists.
    names : mapping of str
        Words for group codes.

    Returns
    -------
    str
        One to five sentences.

    Examples
    --------
    >>> seen = (Reason("under_limit", 2000), Reason("ground"), Reason("nearest", 1100, "病院"),
    ...         Reason("accepts_if", 0, "elderly", Support.WATCHING))
    >>> one = Candidate(1, 87.0, (), seen, Support.NONE, (), None, False)
    >>> home_sentences(one, {"elderly": "高齢単身"})
    '上限より2,000円低く、1階で、病院に最も近い部屋です。貸主は高齢単身を見守り付きなら可としています。'
    """
    parts = [near_sentences(candidate.near, names)] if candidate.near else []
    settled = not candidate.near and not candidate.asks
    parts += [_lead(candidate.reasons) or "条件にすべて合う部屋です。" * settled]
    parts += [*_stances(candidate.reasons, names)]
    parts += [*_costs(candidate.reasons), *_freshness(candidate.reasons)]
    if candidate.asks:
        asked = "、".join(f"「{ask_sentence(ask, names)}」" for ask in candidate.asks)
        still = "ほかに" if candidate.near else "まだ"
        parts.append(f"{still}分からないことが{len(candidate.asks)}つあります。{asked}")
    return "".join(parts)


def _lead(reasons: Iterable[Reason]) -> str:
    found = [reason for reason in reasons if reason.code in LEAD]
    if not found:
        return ""
    words = [
        _fill(LEAD[reason.code][reason is found[-1]], amount=reason.amount, subject=reason.subject)
        for reason in found
    ]
    return "、".join(words) + "部屋です。"


def _stances(reasons: Iterable[Reason], names: Names) -> list[str]:
    found = []
    for reason in reasons:
        who = names.get(reason.subject, reason.subject)
        if reason.code == "accepts":
            found.append(f"貸主は{who}を受け入れています。")
        elif reason.code == "accepts_if":
            terms = "・".join(TERMS[code] for code in _codes(reason.supports))
            found.append(f"貸主は{who}を{terms or '条件付き'}なら可としています。")
    return found


def _costs(reasons: Iterable[Reason]) -> list[str]:
    amounts = {reason.code: reason.amount for reason in reasons}
    if "initial_covered" not in amounts:
        return []
    cost, covered = amounts["initial_cost"], amounts["initial_covered"]
    return [f"初期費用 {cost:,}円のうち {covered:,}円は給付の対象です（目安）。"]


def _freshness(reasons: Iterable[Reason]) -> list[str]:
    words = {
        "stale": "空きの確認は{amount}日前です。先に空きを確かめてください。",
        "never_confirmed": "空きはまだ確かめていません。先に空きを確かめてください。",
    }
    return [
        _fill(words[reason.code], amount=reason.amount)
        for reason in reasons
        if reason.code in words
    ]


def home_tags(candidate: Candidate, names: Names = GROUP_NAMES) -> tuple[str, ...]:
    """Return the reasons as short tags.

    Examples
    --------
    >>> seen = (Reason("ground"), Reason("accepts_if", 0, "elderly"), Reason("stale", 18))
    >>> home_tags(Candidate(1, 87.0, (), seen, Support.NONE, (), None, True))
    ('1階', '高齢の方 条件付き', '18日前の確認')
    """
    return tuple(
        _fill(TAGS[reason.code], amount=reason.amount, subject=reason.subject, names=names)
        for reason in candidate.reasons
    )


def to_do(supports: Support) -> tuple[str, ...]:
    """Return what has to be arranged, as a list.

    Examples
    --------
    >>> to_do(Support.WATCHING | Support.PROXY_PAYMENT)
    ('見守り契約', '代理納付の届')
    """
    return tuple(SUPPORT_NAMES[code] for code in _codes(supports))


def near_sentences(near: NearMiss, names: Names = GROUP_NAMES) -> str:
    """Say what is in the way and which changes, granted by whom, would do.

    Examples
    --------
    >>> lower = Change(ChangeKind.LOWER_RENT, Grantor.LANDLORD, 2000)
    >>> near_sentences(NearMiss("rent", "", (lower,)))
    '家賃が2,000円だけ上限を超えます。貸主が家賃を2,000円下げられれば合います。'
    """
    first = near.options[0]
    if near.key in SHORT:
        problem = _fill(SHORT[near.key], amount=first.amount, subject=near.subject)
    elif first.kind == ChangeKind.ARRANGE_SUPPORT:
        problem = _fill("「{support}」がまだ用意できません。", subject=first.subject)
    else:
        problem = _fill(FAILED[near.key] + "。", subject=near.subject, names=names)
    ways = "、または".join(change_words(change, names) for change in near.options)
    return f"{problem}{ways}合います。"


def change_words(change: Change, names: Names = GROUP_NAMES) -> str:
    """Say one change as a condition ("…れば"), with who grants it.

    Examples
    --------
    >>> change_words(Change(ChangeKind.WAIT, Grantor.HOUSEHOLD, 3))
    '世帯が3日待てれば'
    """
    if change.kind == ChangeKind.ARRANGE_SUPPORT:
        who = "保証会社の審査で" if change.by == Grantor.GUARANTOR_COMPANY else "相談窓口で"
        template = who + "「{support}」を用意できれば"
    elif change.kind == ChangeKind.RAISE_RENT_LIMIT:
        by_desk = change.by == Grantor.DESK
        template = "相談窓口で上限を{yen}上げられれば" if by_desk else "世帯があと{yen}払えれば"
    else:
        template = GRANTED[change.kind]
    return _fill(template, amount=change.amount, subject=change.subject, names=names)


def ask_sentence(ask: Ask, names: Names = GROUP_NAMES) -> str:
    """Put one question into words; what must not be told is asked as a general rule.

    Examples
    --------
    >>> ask_sentence(Ask(Asked.LANDLORD, "accepts", "elderly"))
    '貸主は高齢の方を受け入れますか'
    """
    words = _fill(QUESTIONS[ask.whom][ask.about], subject=ask.subject, names=names)
    if ask.whom == Asked.LANDLORD and ask.subject in CONFIDENTIAL_GROUPS:
        return f"{words}（ふだんの決まりとして聞き、世帯の事情は伝えない）"
    return words


def question_sentence(question: Question, names: Names = GROUP_NAMES) -> str:
    """Say what an answer would bring.

    Examples
    --------
    >>> ask = Ask(Asked.LANDLORD, "accepts", "elderly")
    >>> question_sentence(Question(ask, 8, 4, 6))
    '「貸主は高齢の方を受け入れますか」を確かめると、最大4件が「合う」になります。'
    """
    words = ask_sentence(question.ask, names)
    if question.unlocks:
        return f"「{words}」を確かめると、最大{question.unlocks:,}件が「合う」になります。"
    return f"「{words}」が{question.touches:,}件で分かっていません。"


def excluded_sentences(excluded: Excluded, names: Names = GROUP_NAMES) -> str:
    """Say every reason why a home does not fit.

    Examples
    --------
    >>> from matching.homes import Failure
    >>> excluded_sentences(Excluded(1, (Failure("rent", ""), Failure("distance", "病院"))))
    '家賃が上限を超えています。病院から遠すぎます。'
    """
    return "".join(
        _fill(FAILED[failure.key] + "。", subject=failure.subject, names=names)
        for failure in excluded.failures
    )


def failure_sentence(count: FailureCount, names: Names = GROUP_NAMES) -> str:
    """Say how many homes one condition takes away.

    Examples
    --------
    >>> from matching.homes import Failure
    >>> failure_sentence(FailureCount(Failure("rent", ""), 12, 3))
    '家賃で12件が合いません。うち3件は、合わないのはこの条件だけです。'
    """
    label = _fill(LABELS[count.failure.key], subject=count.failure.subject, names=names)
    words = f"{label}で{count.homes:,}件が合いません。"
    only = f"うち{count.only:,}件は、合わないのはこの条件だけです。"
    return words + (only if count.only else "")


def what_if_sentence(what: WhatIf, names: Names = GROUP_NAMES) -> str:
    """Say how many homes a change would add.

    Examples
    --------
    >>> change = Change(ChangeKind.RAISE_RENT_LIMIT, Grantor.DESK, 2000)
    >>> what_if_sentence(WhatIf("rent", change, 3))
    '家賃 ＋2,000円で 3件ふえる'
    """
    change = what.change
    template = WHAT_IFS[change.kind]
    words = _fill(template, amount=change.amount, subject=change.subject, names=names)
    return f"{words} {what.more:,}件ふえる"
