"""Codes as scanned or typed: JAN/EAN/UPC with their check digit, and what our own labels hold."""

import re
from urllib.parse import urlsplit

from app.errors import InvalidError
from app.japanese import narrow

SCANNED_AGAIN = "もう一度読み取るか、バーコードの下の数字を確かめてください。"


def is_jan(code: str) -> bool:
    """Whether a JAN/EAN code of 8, 12 or 13 digits has the right check digit (modulus 10, weight
    3-1).
    """
    if not re.fullmatch(r"\d{8}|\d{12,13}", code, re.ASCII):
        return False
    weighted = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(code[-2::-1], 1))
    return (10 - weighted % 10) % 10 == int(code[-1])


def digits_of(typed: str) -> str:
    """What was typed without spaces and dashes, in half-width digits."""
    return narrow(typed).replace(" ", "").replace("-", "")


def read_jan(typed: str, *, field: str = "jan") -> str | None:
    """The code as it is kept, None for nothing typed; a UPC of 12 digits becomes the 13 it is.

    Raises InvalidError at `field` that says what is wrong: length or check digit.

    >>> read_jan("４９７４４２９２４９４２４"), read_jan("  ")
    ('4974429249424', None)
    """
    code = digits_of(typed)
    if not code:
        return None
    if not re.fullmatch(r"\d+", code, re.ASCII) or len(code) not in {8, 12, 13}:
        sentence = f"JAN「{typed}」は8桁か13桁の数字ではありません。{SCANNED_AGAIN}"
        raise InvalidError(sentence, fields={field: [sentence]})
    if not is_jan(code):
        sentence = f"JAN「{typed}」の検査数字が合いません。{SCANNED_AGAIN}"
        raise InvalidError(sentence, fields={field: [sentence]})
    return code.zfill(13) if len(code) == 12 else code


# What our own labels hold: an address whose end says which thing it is.
_OURS = re.compile(r"/food/(shelves|lots|parcels)/(\d{1,9})", re.ASCII)


def on_label(scanned: str) -> tuple[str, int] | None:
    """Which of our things a label's address names, by kind and number; None for anything else.

    >>> on_label("https://tsunagi.example.jp/food/shelves/12")
    ('shelves', 12)
    """
    try:
        path = urlsplit(scanned.strip()).path
    except ValueError:
        return None
    ours = _OURS.fullmatch(path)
    return (ours[1], int(ours[2])) if ours else None


def lot_on_label(scanned: str) -> int | None:
    """The number of the lot whose sticker was scanned."""
    kind, number = on_label(scanned) or ("", 0)
    return number if kind == "lots" else None
