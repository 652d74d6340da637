"""The forms of the morning's mail."""

from typing import Any

import jaconv
from marshmallow import Schema, ValidationError, fields, validate

from app.forms import Line
from app.mail.codes import CLOCKS


class MailAddress(Line):
    """A mail address; full-width letters, as a Japanese keyboard leaves them, are put right."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        typed = str(super()._deserialize(value, attr, data, **kwargs))
        address: str = jaconv.z2h(typed, kana=False, ascii=True, digit=True)
        message = "メールアドレスの形になっていません。例：hanako@example.jp"
        if not address.isascii():
            raise ValidationError(message)
        validate.Email(error=message)(address)
        return address


class ReminderSchema(Schema):
    """Where and when the morning's mail goes."""

    address = MailAddress(
        required=True,
        metadata={
            "label": "メールアドレス",
            "hint": "仕事用のもの。6桁の番号を送り、届くことを確かめてから使います。",
            "kind": "email",
            "inputmode": "email",
            "autocomplete": "email",
        },
    )
    sends_at = fields.String(
        required=True,
        validate=validate.OneOf(
            [clock for clock, _label in CLOCKS], error="一覧から選んでください。"
        ),
        metadata={"label": "送る時刻", "kind": "select", "choices": CLOCKS},
    )
    on_holidays = fields.Boolean(load_default=False, metadata={"label": "土日・祝日も送る"})


class AddressCodeSchema(Schema):
    """The number that proves that the mail has arrived."""

    code = Line(
        required=True,
        longest=20,
        metadata={
            "label": "メールに書いてある6桁の番号",
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
        },
    )
