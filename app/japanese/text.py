"""Names, codes and telephone numbers: how two spellings of the same thing are recognised.

Everything here makes **keys for comparing and sorting**, or tidies codes. The typed text is what
is stored: NFKC turns ㈱ into (株) and ① into 1, which must never happen to a name somebody wrote.
"""

import re
import unicodedata
from dataclasses import dataclass

import jaconv
import phonenumbers

DASHES = "‐‑‒–—―−－─━﹣⁃˗-"
"""Every sign typed as a hyphen, from U+2010 to the box-drawing line; not the long vowel ー."""

_DASH = re.compile(f"[{re.escape(DASHES)}]")
_SPACE = re.compile(r"\s+")
_KANJI_DIGITS = {sign: number for number, sign in enumerate("〇一二三四五六七八九")}
_KANJI = r"\u3400-\u9fff々〇"


def narrow(text: str) -> str:
    """Half-width digits, letters and dashes, full-width kana, single spaces: for reading, not for
    storing.
    """
    folded = _DASH.sub("-", unicodedata.normalize("NFKC", _DASH.sub("-", text)))
    return _SPACE.sub(" ", folded).strip()


def kanji_number(text: str) -> int | None:
    """ "十二" → 12, "二十" → 20, "〇" → 0; None for anything but a numeral below 100."""
    if not text or not set(text) <= set(_KANJI_DIGITS) | {"十"} or text.count("十") > 1:
        return None
    if "十" not in text:
        return int("".join(str(_KANJI_DIGITS[sign]) for sign in text))
    tens, ones = text.split("十")
    if len(tens) > 1 or len(ones) > 1:
        return None
    return (_KANJI_DIGITS[tens] if tens else 1) * 10 + (_KANJI_DIGITS[ones] if ones else 0)


# -- kana ----------------------------------------------------------------------------------------

_SMALL = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_VOWEL_ROWS = {
    "ア": "アカサタナハマヤラワガザダバパ",
    "イ": "イキシチニヒミリヰギジヂビピ",
    "ウ": "ウクスツヌフムユルグズヅブプヴ",
    "エ": "エケセテネヘメレヱゲゼデベペ",
    "オ": "オコソトノホモヨロヲゴゾドボポ",
}
_VOWEL_OF = {kana: vowel for vowel, row in _VOWEL_ROWS.items() for kana in row}


def kana_search_key(text: str) -> str:
    """One spelling for searching a name: ひらがな, カタカナ and ｶﾀｶﾅ agree, spaces and case do not
    count.
    """
    return _SPACE.sub("", jaconv.hira2kata(narrow(text))).casefold()


def kana_sort_key(text: str) -> tuple[str, str]:
    """The order of a Japanese index (五十音順).

    Small kana sort as large ones, ー as the vowel it lengthens, voiced kana beside their unvoiced
    kin; the exact spelling decides only between names that are equal so far. Code-point order
    would put ァ before ア and ヴ after ン.
    """
    spelled = kana_search_key(text).translate(_SMALL)
    lengthened = ""
    for sign in spelled:
        lengthened += _VOWEL_OF.get(lengthened[-1:], sign) if sign == "ー" else sign
    unvoiced = "".join(
        sign for sign in unicodedata.normalize("NFD", lengthened) if sign not in "\u3099\u309a"
    )
    return unvoiced, spelled


def kana_heading(text: str) -> str:
    """The index heading a reading stands under: "ガ" under カ, "" when it has no reading."""
    return kana_sort_key(text)[0][:1]


# Forms of one character that the same name is written with here and there (旧字体・異体字).
_OLD_KANJI = str.maketrans(
    "髙﨑澤濵濱邊邉齋齊廣國嶋嶌櫻瀧龍澁德眞惠榮壽圓學實寶萬與曾條靜莊舘瀨槇祐祿",
    "高崎沢浜浜辺辺斎斉広国島島桜滝竜渋徳真恵栄寿円学実宝万与曽条静荘館瀬槙祐禄",
)


def spelling_key(text: str) -> str:
    """One spelling for finding what is there already: kana, widths, old and new kanji agree.

    Wider than a key for storing: 髙橋 and 高橋 are shown to a person as perhaps the same.
    """
    return kana_search_key(building_key(text)).translate(_OLD_KANJI)


# -- addresses and buildings ---------------------------------------------------------------------

_PREFECTURE_NAMES = """
北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都
神奈川県 新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府
大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県
福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県
"""
PREFECTURES = tuple(_PREFECTURE_NAMES.split())
"""In the order of their codes 1 to 47 (JIS X 0401)."""

PREFECTURE = re.compile("|".join(PREFECTURES))
_KE = re.compile(rf"(?<=[{_KANJI}ぁ-ん])[ヶケヵがガ](?=[{_KANJI}])")
_TSU = re.compile(rf"(?<=[{_KANJI}])[ツッつっ](?=[{_KANJI}])")
_KANJI_COUNT = re.compile(r"([〇一二三四五六七八九十]+)(?=丁目|番地|番(?![町場館街])|号)")
_LONG_VOWEL_AS_DASH = re.compile(r"(?<=\d)ー(?=\d)")
_BLOCK_WORDS = re.compile(r"(?<=\d)(?:丁目|番地の?|番(?![町場館街])の?|号(?!棟|館)|の(?=\d))")


def town_spelling(name: str) -> str:
    """One spelling for 緑ケ丘/緑ヶ丘/緑が丘 and 四ツ谷/四ッ谷/四つ谷, with 一丁目 as 1丁目."""
    folded = _TSU.sub("ツ", _KE.sub("ケ", narrow(name).replace(" ", "")))
    return _KANJI_COUNT.sub(_kanji_count, folded)


def _kanji_count(found: re.Match[str]) -> str:
    number = kanji_number(found[1])
    return found[1] if number is None else str(number)


def address_key(text: str) -> str:
    """An address for comparison: "神奈川県座間市広野台4丁目19番21号" and
    "座間市広野台４－１９－２１" agree.

    The prefecture is left out (most lists omit it), widths, dashes, 丁目/番地/番/号 and the
    spellings of :func:`town_spelling` are unified. What follows the house number is kept, so a
    building typed into the address still makes a difference.
    """
    plain = town_spelling(text)
    if found := PREFECTURE.match(plain):
        plain = plain[found.end() :]
    hyphened = _BLOCK_WORDS.sub("-", _LONG_VOWEL_AS_DASH.sub("-", plain))
    hyphened = re.sub(r"-+", "-", hyphened)
    hyphened = re.sub(r"-(?=[^\d-])", "", hyphened).rstrip("-")
    return re.sub(r"(?<!\d)0+(?=\d)", "", hyphened).casefold()


_ROMAN = {
    "viii": 8,
    "vii": 7,
    "iii": 3,
    "vi": 6,
    "iv": 4,
    "ix": 9,
    "ii": 2,
    "v": 5,
    "x": 10,
    "i": 1,
}
_ROMAN_END = re.compile(r"(?<![a-z])(viii|vii|iii|iv|ix|vi|ii|v|x|i)(?=棟|号棟|番館|号館|$)")
_ORDINAL = re.compile(r"第([一二三四五六七八九十]+)")
_DASH_IN_KATAKANA = re.compile(r"(?<=[ァ-ヴ])-(?=[ァ-ヴ])")
_BUILDING_NOISE = re.compile(r"[\s・･.,'’\"()「」『』]")


def building_key(text: str) -> str:
    """A building's name for comparison: Ａ棟/A棟, Ⅱ/II/２, 第二/第2, spaces and dots agree."""
    plain = _BUILDING_NOISE.sub("", narrow(text)).casefold()
    plain = _KE.sub("ケ", _DASH_IN_KATAKANA.sub("ー", plain).replace("ヶ", "ケ"))
    plain = _ORDINAL.sub(lambda found: f"第{kanji_number(found[1]) or found[1]}", plain)
    return _ROMAN_END.sub(lambda found: str(_ROMAN[found[1]]), plain)


_ROOM_WORDS = re.compile(r"(?:号室|号|室)$")


def room_key(text: str) -> str:
    """A room for comparison: "204号室", "２０４" and "204" agree; "A-101" stays different from
    "101".
    """
    plain = _ROOM_WORDS.sub("", narrow(text).replace(" ", "")).casefold()
    return re.sub(r"^0+(?=\d)", "", plain)


# -- codes ---------------------------------------------------------------------------------------


def postal_code(text: str) -> str | None:
    """ "〒２５２ー００１２" → "252-0012"; None when there are not seven digits."""
    digits = re.sub(r"[〒\-ー\s]", "", narrow(text))
    return f"{digits[:3]}-{digits[3:]}" if re.fullmatch(r"[0-9]{7}", digits) else None


@dataclass(frozen=True)
class Phone:
    """A telephone number as typed, its digits for calling and comparing, and its usual spelling."""

    as_typed: str
    digits: str | None = None
    shown: str | None = None
    problem: str | None = None


PHONE_NUMBER = re.compile(
    r"[0０][\d０-９]{1,4}[-‐－ー−(（][\d０-９]{1,4}[-‐－ー−)）][\d０-９]{3,4}|(?<!\d)0\d{9,10}(?!\d)"
)
"""A telephone number within other words."""


def parse_phone(text: str) -> Phone:
    """Read a Japanese telephone number; the first number counts when several stand in one cell.

    A leading zero lost in Excel is put back. A number that the numbering plan does not know keeps
    its typed form and gets a question: a person mends it.
    """
    plain = re.split(r"[、,;/\n]", narrow(text).replace("ー", "-"))[0].strip()
    if not plain:
        return Phone(text)
    try:
        number = phonenumbers.parse(plain, "JP")
    except phonenumbers.NumberParseException:
        return Phone(
            text, problem=f"「{text}」は電話番号として読めません。市外局番から書いてください。"
        )
    if not phonenumbers.is_valid_number(number):
        return Phone(
            text, problem=f"「{text}」は桁数か市外局番が合いません。電話番号を確かめてください。"
        )
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return Phone(text, re.sub(r"\D", "", shown), shown)
