"""What every picture is drawn with: colours, words, numbers, and the frame round its parts."""

from collections.abc import Iterable

from markupsafe import Markup

from app.reports.tables import Value

INK, SOFT, LINE = "#1a1a1a", "#595959", "#b3b3b3"
SHADES = ("#0031d8", "#767676")
FONT = "Noto Sans JP, Noto Sans CJK JP, sans-serif"
WIDTH = 340  # about the width of a phone, so that words stay as large as they are meant
SIZE = 13


EDGE = Markup(' stroke="#fff" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke"')


def text(
    x: float,
    y: float,
    words: str,
    *,
    anchor: str = "start",
    fill: str = INK,
    edged: bool = False,
) -> Markup:
    """A line of words; whoever wrote them, they stay words. `edged` in white where something may
    lie behind them.
    """
    return Markup(
        '<text x="{}" y="{}" font-size="{}" font-family="{}" text-anchor="{}" fill="{}"{}>{}</text>'
    ).format(short(x), short(y), SIZE, FONT, anchor, fill, EDGE if edged else Markup(""), words)


def frame(
    height: float,
    parts: Iterable[Markup],
    *,
    width: float = WIDTH,
    name: tuple[str, str] = ("", ""),
) -> Markup:
    """The picture round its parts; `name` is an id of the page's own and what it shows, for
    pictures that screen readers are to name instead of passing over.
    """
    key, words = name
    about = Markup('aria-hidden="true"')
    title = Markup("")
    if key:
        about = Markup('role="img" aria-labelledby="{}"').format(key)
        title = Markup('<title id="{}">{}</title>').format(key, words)
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {} {}" {}>{}{}</svg>'
    ).format(short(width), short(height), about, title, Markup("").join(parts))


def short(value: float) -> str:
    """A coordinate without needless digits."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def number(value: Value) -> float | None:
    """A cell as something to draw; hidden numbers are not drawn at all."""
    return float(value) if isinstance(value, int | float) else None


def cut(name: str, longest: float = 11) -> str:
    """A name that fits into a picture, in signs as wide as 「あ」; the table has the whole.

    Figures and Latin letters are half as wide.
    """
    if _wide(name) <= longest:
        return name
    while _wide(name) > longest - 1:
        name = name[:-1]
    return f"{name}…"


def _wide(name: str) -> float:
    return sum(0.6 if sign.isascii() else 1 for sign in name)
