"""What kinds of mail there are, how far one has come, and why it could not leave."""

from enum import StrEnum


class MailKind(StrEnum):
    ADDRESS_CHECK = "address_check"
    MORNING = "morning"
    REPORT_VIEW = "report_view"


class MailState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    NOTHING_TO_SAY = "nothing_to_say"
    FAILED = "failed"


class MailProblem(StrEnum):
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    UNWRITTEN = "unwritten"


KIND_LABELS = {
    MailKind.ADDRESS_CHECK: "アドレスの確認",
    MailKind.MORNING: "朝のメール",
    MailKind.REPORT_VIEW: "数字のいつもの見方",
}

STATE_LABELS = {
    MailState.WAITING: "これから送ります",
    MailState.SENDING: "送っています",
    MailState.SENT: "送りました",
    MailState.NOTHING_TO_SAY: "書くことがなく、送っていません",
    MailState.FAILED: "送れませんでした",
}

PROBLEM_LABELS = {
    MailProblem.UNREACHABLE: "メールのサーバーにつながりませんでした",
    MailProblem.REFUSED: "相手のサーバーが受け取りませんでした。アドレスを確かめてください",
    MailProblem.UNWRITTEN: "書くことができませんでした。システム管理者に連絡してください",
}

CLOCKS = [
    (f"{hour:02}:{minute:02}", f"{hour}時{'30分' if minute else ''}")
    for hour in range(5, 13)
    for minute in (0, 30)
]
"""The times to choose from, as they are kept and as they are read."""
