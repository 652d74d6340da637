"""The words by which lists and the safety-net register name the groups a landlord accepts."""

from app.housing.codes import GROUP_LABELS, Group
from app.japanese import narrow

COLUMN_GROUPS = {
    "elderly": Group.ELDERLY,
    "disabled": Group.DISABLED,
    "public_assistance": Group.PUBLIC_ASSISTANCE,
    "foreigners": Group.FOREIGN,
    "families": Group.SINGLE_PARENT,
    "violence_victims": Group.DV,
    "former_prisoners": Group.EX_OFFENDER,
}
"""The council's own columns, by the field each is read as."""

_OTHER_WORDS = {
    Group.ELDERLY: ("高齢者世帯", "高齢"),
    Group.DISABLED: ("障がい者", "障害者等", "障害者世帯"),
    Group.PUBLIC_ASSISTANCE: (
        "生活保護受給者", "被保護者", "生保", "低額所得者(生活保護受給者)", "低額所得者(生保)",
        "低額所得者(生活保護)",
    ),
    Group.FOREIGN: ("外国籍",),
    Group.SINGLE_PARENT: ("ひとり親", "ひとり親世帯", "母子・父子"),
    Group.DV: ("DV", "配偶者暴力被害者"),
    Group.EX_OFFENDER: (
        "矯正施設退所者", "矯正施設退所者等", "保護観察対象者", "保護観察対象者等",
        "更生保護対象者",
    ),
    Group.LOW_INCOME: ("低額所得者(生活保護受給者を除く)", "低額所得者(生保以外)", "低所得者"),
    Group.DISASTER: ("被災者(発災後3年以内)",),
    Group.MAJOR_DISASTER: (
        "大臣指定災害被災者", "大規模災害被災者", "東日本大震災等の被災者",
    ),
    Group.PHYSICAL: ("身体障がい者", "身体障害"),
    Group.INTELLECTUAL: ("知的障がい者", "知的障害"),
    Group.MENTAL: ("精神障がい者", "精神障害"),
    Group.OTHER_DISABILITY: ("その他障害者", "その他の障がい者", "その他障害"),
    Group.CHILD_REARING: (
        "子育て者", "子育て", "子どもを養育している者", "子どもを養育する者", "子育て世帯等",
    ),
    Group.CHINA_RETURNEE: ("中国残留邦人",),
    Group.ABDUCTION_RETURNEE: ("拉致被害者", "拉致被害者等", "帰国被害者"),
    Group.NEEDY: ("生活困窮者等",),
    Group.HANSEN: ("ハンセン病", "ハンセン病療養所入所者"),
    Group.CRIME_VICTIM: ("犯罪被害者",),
    Group.CHILD_ABUSE: ("児童虐待", "児童虐待被害者", "児童虐待を受けた者等"),
    Group.ATOMIC_BOMB: ("原爆被爆者", "被爆者"),
    Group.CARE_LEAVER: ("児童養護施設等退所者", "社会的養護退所者"),
    Group.LGBT: ("LGBT等", "性的マイノリティ"),
    Group.UIJ_TURN: ("UIJターンによる転入者",),
    Group.SUPPORTER: ("要配慮者の生活支援者", "住宅確保要配慮者の支援者", "支援者"),
}  # fmt: skip


def _key(word: str) -> str:
    return narrow(word).replace(" ", "").casefold()


_GROUP_OF = {_key(label): group for group, label in GROUP_LABELS.items()} | {
    _key(word): group for group, words in _OTHER_WORDS.items() for word in words
}


def group_named(word: str) -> Group | None:
    """The group a word stands for, in any of its spellings; None for an unknown one."""
    return _GROUP_OF.get(_key(word))


def column_words() -> dict[str, tuple[str, ...]]:
    """Heads of a column of its own for each group that the council's list has none for, by the
    group's code.
    """
    own = set(COLUMN_GROUPS.values())
    return {
        group.value: (label, *_OTHER_WORDS.get(group, ()))
        for group, label in GROUP_LABELS.items()
        if group not in own
    }
