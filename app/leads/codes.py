"""The codes of lists, of their people and of calls, with their words."""

from enum import StrEnum


class ImportState(StrEnum):
    """Where a file that was handed in stands."""

    PREVIEW = "preview"
    TAKEN_IN = "taken_in"
    REFUSED = "refused"


IMPORT_STATE_LABELS = {
    ImportState.PREVIEW: "確かめ中",
    ImportState.TAKEN_IN: "取り込み済み",
    ImportState.REFUSED: "取り込まない",
}


class RowOutcome(StrEnum):
    """What a row does or did; held rows stay as they were typed until somebody mends them."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REPEAT = "repeat"
    HELD = "held"


ROW_OUTCOME_LABELS = {
    RowOutcome.NEW: "新しい",
    RowOutcome.CHANGED: "変わった",
    RowOutcome.SAME: "同じ",
    RowOutcome.REPEAT: "重複",
    RowOutcome.HELD: "取り込めない",
}


class LeadState(StrEnum):
    """Whether somebody is still to be called."""

    OPEN = "open"
    LINKED = "linked"
    DECLINED = "declined"
    DONE = "done"


LEAD_STATE_LABELS = {
    LeadState.OPEN: "これから",
    LeadState.LINKED: "相談につないだ",
    LeadState.DECLINED: "望まない",
    LeadState.DONE: "済み",
}


class CallResult(StrEnum):
    """What became of one call, letter or talk. TAKEN_BACK undoes a slip of the finger."""

    SPOKE = "spoke"
    ABSENT = "absent"
    LATER = "later"
    WRONG_NUMBER = "wrong_number"
    REFUSED = "refused"
    LETTER = "letter"
    LINKED = "linked"
    TAKEN_BACK = "taken_back"


RESULT_LABELS = {
    CallResult.SPOKE: "話せた",
    CallResult.ABSENT: "留守",
    CallResult.LATER: "後日",
    CallResult.WRONG_NUMBER: "番号違い",
    CallResult.REFUSED: "拒否",
    CallResult.LETTER: "手紙を出した",
    CallResult.LINKED: "相談につないだ",
    CallResult.TAKEN_BACK: "取り消し",
}
RESULT_TAGS = {
    CallResult.SPOKE: "good",
    CallResult.ABSENT: "",
    CallResult.LATER: "info",
    CallResult.WRONG_NUMBER: "warn",
    CallResult.REFUSED: "",
    CallResult.LETTER: "",
    CallResult.LINKED: "good",
    CallResult.TAKEN_BACK: "",
}

# What a press of a button may record; linking and taking back are acts of their own.
TAPPED = (
    CallResult.SPOKE, CallResult.ABSENT, CallResult.LATER, CallResult.WRONG_NUMBER,
    CallResult.REFUSED, CallResult.LETTER,
)  # fmt: skip
BY_PHONE = frozenset(TAPPED) - {CallResult.LETTER}
REACHED = frozenset({CallResult.SPOKE, CallResult.LATER, CallResult.REFUSED, CallResult.LINKED})
"""Somebody was spoken to, whatever they said."""


class AgreedHow(StrEnum):
    """How a person agreed to be received as a consultation."""

    PHONE = "phone"
    COUNTER = "counter"
    WRITTEN = "written"


AGREED_HOW_LABELS = {
    AgreedHow.PHONE: "電話で聞いた",
    AgreedHow.COUNTER: "窓口で聞いた",
    AgreedHow.WRITTEN: "書面・返信で",
}
