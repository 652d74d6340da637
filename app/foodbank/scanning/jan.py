"""JAN/EAN/UPC codes: reading what was scanned or typed, and its check digit."""

import re

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
