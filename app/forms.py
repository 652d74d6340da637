"""One schema for a page's form and the API's JSON; `Form` undoes what browsers do to values.

A browser sends every value as text, leaves out unticked boxes and sends "" for untouched fields.
`Form` turns that back into the shape the schema expects, loads it with the schema the API uses,
and keeps what was typed beside what was wrong with it, so that a refused page loses nothing.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate
from werkzeug.datastructures import MultiDict

from app.db import today
from app.japanese import Precision, parse_date

REQUIRED = "入力してください。"

# Marshmallow's messages, said once for the whole project.
fields.Field.default_error_messages |= {
    "required": REQUIRED,
    "null": REQUIRED,
    "validator_failed": "この値は使えません。",
}
fields.String.default_error_messages |= {
    "invalid": "文字で入力してください。",
    "invalid_utf8": "読み取れない文字が含まれています。",
}
fields.Integer.default_error_messages |= {
    "invalid": "数字だけで入力してください（例 41000）。",
    "too_large": "数が大きすぎます。",
}
fields.Number.default_error_messages |= {
    "invalid": "数字で入力してください。",
    "too_large": "数が大きすぎます。",
}
fields.Decimal.default_error_messages |= {"special": "数字で入力してください。"}
fields.Boolean.default_error_messages |= {"invalid": "はい・いいえのどちらかにしてください。"}
fields.Date.default_error_messages |= {
    "invalid": "日付を読み取れません。2026-12-30 のように入力してください。",
    "format": "日付を読み取れません。",
}
fields.List.default_error_messages |= {"invalid": "一覧の形で送ってください。"}
fields.Nested.default_error_messages |= {"type": "項目の組の形で送ってください。"}
fields.Enum.default_error_messages |= {
    "unknown": "選択肢から選んでください: {choices}",
}
Schema.error_messages |= {
    "unknown": "この項目は受け付けていません。",
    "type": "項目の組の形で送ってください。",
    "invalid": "項目の組の形で送ってください。",
}

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class BaseSchema(Schema):
    """Every schema's base: unknown fields are refused, because a typo must not be dropped."""

    class Meta:
        unknown = RAISE
        ordered = True


class Line(fields.String):
    """One line of text as typed: outer spaces go, inner ones and every character stay."""

    def __init__(self, *, longest: int = 200, shortest: int = 0, **kwargs: Any) -> None:
        checks = list(kwargs.pop("validate", []) or [])
        message = f"{longest}文字までで入力してください。"
        checks.append(validate.Length(max=longest, error=message))
        if shortest:
            checks.append(validate.Length(min=shortest, error=REQUIRED))
        super().__init__(validate=checks, **kwargs)
        self.longest = longest

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs)).strip()
        if _CONTROL.search(text):
            raise ValidationError("使えない文字が含まれています。入力し直してください。")
        if "\n" in text or "\r" in text:
            raise ValidationError("改行を入れずに入力してください。")
        return text


class Prose(fields.String):
    """Several lines of text as typed; line ends become \\n, nothing else changes."""

    def __init__(self, *, longest: int = 5000, shortest: int = 0, **kwargs: Any) -> None:
        message = f"{longest}文字までで入力してください。"
        checks = [validate.Length(max=longest, error=message)]
        if shortest:
            checks.append(validate.Length(min=shortest, error=REQUIRED))
        super().__init__(validate=checks, **kwargs)
        self.longest = longest

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if _CONTROL.search(text):
            raise ValidationError("使えない文字が含まれています。入力し直してください。")
        return text.strip()


class Whole(fields.Integer):
    """A whole number. A form's full-width digits and commas are understood, 4.5 is refused."""

    def __init__(self, *, least: int | None = 0, most: int = 2_000_000_000, **kwargs: Any) -> None:
        low = f"{least:,}以上" if least is not None else ""
        message = f"{low}{most:,}以下の数で入力してください。"
        kwargs.setdefault("validate", validate.Range(least, most, error=message))
        super().__init__(strict=True, **kwargs)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).replace(",", "").strip()
            value = re.sub(r"(円|人|個|kg|㎡|m2)$", "", value).strip()
            if not re.fullmatch(r"[-−]?\d{1,18}", value):
                raise self.make_error("invalid", input=value)
            value = int(value.replace("−", "-"))
        number = super()._deserialize(value, attr, data, **kwargs)
        if number is None:
            raise self.make_error("invalid", input=value)
        return int(number)


class Code(fields.Enum[Any]):
    """One code of a StrEnum, by value; `labels` are the words on screen."""

    def __init__(self, codes: type[StrEnum], labels: Mapping[Any, str], **kwargs: Any) -> None:
        super().__init__(codes, by_value=fields.String(), **kwargs)
        self.labels = labels


class Codes(fields.List[Any]):
    """Several codes of a StrEnum, each once, in the order of the enumeration."""

    def __init__(self, codes: type[StrEnum], labels: Mapping[Any, str], **kwargs: Any) -> None:
        super().__init__(fields.Enum(codes, by_value=fields.String()), **kwargs)
        self.codes = codes
        self.labels = labels

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and len(value) > 200:
            raise ValidationError("選択が多すぎます。")
        chosen = set(super()._deserialize(value, attr, data, **kwargs))
        return [code for code in self.codes if code in chosen]


class Ref(fields.String):
    """「12.5」: record 12 as version or change 5 left it, which is what somebody saw of it; 「12」
    however it is by now.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text):
            raise ValidationError("一覧から選び直してください。")
        return text


def told_apart(refs: Sequence[str]) -> dict[int, int | None]:
    """Refs as services take them: record → what was seen of it, None where nothing is said."""
    parts = (ref.partition(".") for ref in refs)
    return {int(number): int(seen) if dot else None for number, dot, seen in parts}


class YesNo(fields.Field[bool]):
    """A question with three answers: yes, no, and not known – which is None and no guess."""

    labels: Mapping[Any, str]

    def __init__(self, *, yes: str = "はい", no: str = "いいえ", **kwargs: Any) -> None:
        kwargs.setdefault("load_default", None)
        super().__init__(allow_none=True, **kwargs)
        self.labels = {"yes": yes, "no": no, "unknown": "未確認"}

    @staticmethod
    def code(value: Any) -> str:
        """The answer as forms and programs name it."""
        return "unknown" if value is None else "yes" if value else "no"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool):
            return value
        if not isinstance(value, str) or value not in self.labels:
            raise ValidationError("はい・いいえ・未確認のどれかにしてください。")
        return {"yes": True, "no": False}.get(value)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str:
        return self.code(value)


class Day(fields.Date):
    """A date, as 2026-12-30 or in any way Japanese people write one (R8.12.30, 令和8年12月30日)."""

    def __init__(
        self, *, earliest: date = date(1900, 1, 1), latest: date = date(2100, 12, 31), **kwargs: Any
    ) -> None:
        message = f"{earliest.year}年から{latest.year}年までの日付を入力してください。"
        kwargs.setdefault("validate", validate.Range(earliest, latest, error=message))
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", value.strip()):
            return _written_day(value)
        if isinstance(value, str):
            value = value.strip()
        day: date = super()._deserialize(value, attr, data, **kwargs)
        return day


def _written_day(text: str) -> date:
    """A day in any Japanese spelling; a month or a year alone is not a day."""
    read = parse_date(text, today=today())
    if read.value is None or read.precision is not Precision.DAY:
        raise ValidationError(read.problem or "日まで入力してください（例 2026-12-30、R8.12.30）。")
    return read.value


# ------------------------------------------------------------------------------------- form


@dataclass(frozen=True)
class FormField:
    """All a template needs to draw one field."""

    name: str
    label: str
    kind: str
    value: str
    values: tuple[str, ...]
    errors: tuple[str, ...]
    hint: str
    required: bool
    choices: tuple[tuple[str, str], ...]
    unit: str
    inputmode: str
    autocomplete: str
    maxlength: int | None
    rows: int | None
    folded_after: int | None = None
    blank: str = ""


_KINDS: Sequence[tuple[type, str]] = (
    (Codes, "checkboxes"),
    (Code, "select"),
    (YesNo, "radios"),
    (Day, "date"),
    (Prose, "textarea"),
    (Whole, "number"),
    (fields.Boolean, "checkbox"),
    (fields.Decimal, "number"),
)


class Form:
    """A schema, what was typed, and what was wrong with it."""

    def __init__(
        self,
        schema: Schema,
        *,
        typed: MultiDict[str, str] | None = None,
        initial: Mapping[str, Any] | None = None,
        choices: Mapping[str, Sequence[tuple[Any, str]]] | None = None,
    ) -> None:
        self.schema = schema
        self.choices = choices or {}  # those that depend on who asks, by field name
        self.typed = typed
        self.initial = initial or {}
        self.errors: dict[str, list[str]] = {}
        self.data: dict[str, Any] = {}

    def load(self) -> bool:
        """Validate what was typed; False when something is wrong, then `errors` says what."""
        try:
            self.data = self.schema.load(self.plain(), unknown=EXCLUDE)
        except ValidationError as error:
            self.errors = flatten(error.messages_dict)
            return False
        return True

    def refuse(self, errors: Mapping[str, Sequence[str]]) -> None:
        """Add what a service had to refuse, beside the fields it concerns."""
        for name, messages in errors.items():
            self.errors.setdefault(name, []).extend(messages)

    @property
    def summary(self) -> list[tuple[str | None, str]]:
        """Every error with its field's name, for the linked list at the top of the page."""
        return [
            (None if name == "_" else name, f"{self._label(name)}{message}")
            for name, messages in self.errors.items()
            for message in messages
        ]

    def _label(self, name: str) -> str:
        known = name.partition("-")[0] in self.schema.fields  # a file stands beside the schema
        label = _find(self.schema, name).metadata.get("label", "") if known else ""
        return f"{label}: " if label else ""

    def plain(self) -> dict[str, Any]:
        """What the browser sent, in the shape the schema (and the API) expects."""
        return _plain(self.schema, self.typed or MultiDict(), "")

    def beside(self, now_: Mapping[str, Any]) -> list[dict[str, str]]:
        """What is on record now beside what was typed, where they differ: for a refused change."""
        theirs, mine = (
            Form(self.schema, initial=initial, choices=self.choices)
            for initial in (now_, self.data)
        )
        return [
            {"label": str(definition.metadata.get("label", name)), "theirs": before, "mine": after}
            for name, definition in self.schema.fields.items()
            if not isinstance(definition, fields.Nested)
            and definition.metadata.get("kind") != "hidden"
            and (before := theirs.said(name)) != (after := mine.said(name))
        ]

    def said(self, name: str) -> str:
        """A field's content as a reader would say it."""
        drawn = self[name]
        if drawn.kind == "checkbox":
            return "はい" if drawn.value else "いいえ"
        labels = dict(drawn.choices)
        return "、".join(labels.get(value, value) for value in drawn.values if value)

    def __getitem__(self, name: str) -> FormField:
        return self.field(name)

    def field(self, name: str) -> FormField:
        """One field by its name; names of nested rows look like `members-0-kana`."""
        definition = _find(self.schema, name)
        meta = definition.metadata
        shown = self._shown(name, definition)
        kind = meta.get("kind") or next(
            (kind for type_, kind in _KINDS if isinstance(definition, type_)), "text"
        )
        return FormField(
            name=name,
            label=str(meta.get("label", name)),
            kind=str(kind),
            value=shown[0] if shown else "",
            values=tuple(shown),
            errors=tuple(self.errors.get(name, ())),
            hint=str(meta.get("hint", "")),
            required=definition.required,
            choices=tuple(self._choices(name, definition)),
            unit=str(meta.get("unit", "")),
            inputmode=str(meta.get("inputmode", "numeric" if kind == "number" else "")),
            autocomplete=str(meta.get("autocomplete", "off")),
            maxlength=getattr(definition, "longest", None),
            rows=meta.get("rows"),
            folded_after=meta.get("folded_after"),
            blank=str(meta.get("blank", "")),
        )

    def rows(self, name: str, *, blank: int = 0) -> list[int]:
        """The row numbers to draw for a list of nested rows: those typed, plus blank ones."""
        if self.typed is not None:
            pattern = re.compile(rf"{re.escape(name)}-(\d{{1,3}})-")
            seen = {int(m.group(1)) for key in self.typed if (m := pattern.match(key))}
            return sorted(seen) or list(range(blank))
        count = len(self.initial.get(name) or [])
        return list(range(count + blank))

    def _choices(self, name: str, definition: fields.Field[Any]) -> Iterator[tuple[str, str]]:
        given = self.choices.get(name)
        if given is None:
            yield from _choices(definition)
            return
        yield from ((str(value), label) for value, label in given)

    def _shown(self, name: str, definition: fields.Field[Any]) -> list[str]:
        if self.typed is not None:
            return [str(v) for v in self.typed.getlist(name)]
        value = _dig(self.initial, name)
        if isinstance(definition, YesNo):
            return [definition.code(value)]
        if value is None:
            value = definition.metadata.get("initial")
        if value is None:
            return []
        if isinstance(value, list | tuple | set | frozenset):
            return [_as_text(v) for v in value]
        return [_as_text(value)]


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value)


def _choices(definition: fields.Field[Any]) -> Iterator[tuple[str, str]]:
    given = definition.metadata.get("choices")
    if given is not None:
        yield from ((str(value), str(label)) for value, label in given)
        return
    labels = getattr(definition, "labels", None)
    if labels is not None:
        yield from ((_as_text(code), label) for code, label in labels.items())


def _find(schema: Schema, name: str) -> fields.Field[Any]:
    """The field definition behind a form name, through nested rows."""
    head, _, rest = name.partition("-")
    definition = schema.fields[head]
    if not rest:
        return definition
    inner = definition.inner if isinstance(definition, fields.List) else definition
    assert isinstance(inner, fields.Nested)  # noqa: S101 - a template naming a wrong field
    return _find(inner.schema, re.sub(r"^\d+-", "", rest))


def _dig(values: Any, name: str) -> Any:
    for part in name.split("-"):
        if isinstance(values, Mapping):
            values = values.get(part)
        elif isinstance(values, list | tuple) and part.isdigit():
            values = values[int(part)] if int(part) < len(values) else None
        else:
            values = getattr(values, part, None)
    return values


def _plain(schema: Schema, typed: MultiDict[str, str], prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, definition in schema.load_fields.items():
        key = f"{prefix}{name}"
        if isinstance(definition, fields.List) and isinstance(definition.inner, fields.Nested):
            found[name] = _plain_rows(definition.inner.schema, typed, key)
        elif isinstance(definition, fields.Nested):
            found[name] = _plain(definition.schema, typed, f"{key}-")
        elif isinstance(definition, fields.List):
            found[name] = [v for v in typed.getlist(key) if v != ""]
        elif isinstance(definition, fields.Boolean):
            found[name] = typed.get(key, "") not in {"", "0", "false", "off"}
        elif key in typed:
            value = typed[key]
            if value.strip() == "" and not isinstance(definition, Line | Prose):
                continue  # an untouched field says nothing
            if value == "" and definition.required:
                continue
            found[name] = value
    return found


def _plain_rows(schema: Schema, typed: MultiDict[str, str], key: str) -> list[dict[str, Any]]:
    """Rows in the order of their numbers; a row left wholly blank is not a row."""
    pattern = re.compile(rf"{re.escape(key)}-(\d{{1,3}})-")
    numbers = sorted({int(m.group(1)) for name in typed if (m := pattern.match(name))})
    rows = []
    for number in numbers:
        prefix = f"{key}-{number}-"
        if any(v.strip() for n in typed if n.startswith(prefix) for v in typed.getlist(n)):
            rows.append(_plain(schema, typed, prefix))
    return rows


def flatten(messages: Any, prefix: str = "") -> dict[str, list[str]]:
    """Marshmallow's nested messages as `{"members-0-kana": [sentence]}`."""
    if isinstance(messages, str):
        return {prefix or "_": [messages]}
    if isinstance(messages, list):
        return {prefix or "_": [str(m) for m in messages]}
    flat: dict[str, list[str]] = {}
    for name, inner in messages.items():
        at = "" if name == "_schema" else str(name)
        path = "-".join(part for part in (prefix, at) if part)
        if isinstance(inner, dict) and set(inner) <= {0, 1, 2} and not isinstance(name, int):
            flat.update(_flatten_list(inner, path))
        else:
            flat.update(flatten(inner, path))
    return flat


def _flatten_list(inner: dict[Any, Any], path: str) -> dict[str, list[str]]:
    """Errors inside a list: plain items belong to the list's field, rows keep their number."""
    flat: dict[str, list[str]] = {}
    for number, value in inner.items():
        if isinstance(value, dict):
            flat.update(flatten(value, f"{path}-{number}"))
        else:
            flat.setdefault(path, []).extend(str(v) for v in value)
    return flat
