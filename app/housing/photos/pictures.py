"""A picture somebody handed in, made anew: smaller, upright, without place or camera in it."""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

from app.errors import InvalidError

LONGEST_EDGE = 1600
THUMBNAIL_EDGE = 400
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 60_000_000
"""More than any phone takes; a small file that unfolds to more is refused before it is read."""
FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True)
class Picture:
    """A JPEG of at most 1600 pixels and its thumbnail; no metadata in either."""

    width: int
    height: int
    full: bytes
    thumbnail: bytes


def read_picture(content: bytes, name: str) -> Picture:
    """Make a picture of an upload. Raises InvalidError for what is no picture or is too large.

    Only the pixels are carried over, so EXIF, GPS, colour profiles and comments stay behind; the
    turn that EXIF asks for is done before.
    """
    if len(content) > MOST_BYTES:
        raise _refused(f"「{name}」は10MBを超えています。小さくしてから選んでください。")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of sizes we refuse ourselves
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise _refused(f"「{name}」は画素が多すぎます。小さくしてから選んでください。")
                opened.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
                return _made_anew(opened)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise _refused(
            f"「{name}」は画像として開けません。JPEG・PNG・WebP の写真を選んでください。"
        ) from error


def _made_anew(opened: Image.Image) -> Picture:
    image = _in_eight_bits(opened)
    image.thumbnail((LONGEST_EDGE, LONGEST_EDGE), Image.Resampling.LANCZOS)  # copies are small now
    upright = ImageOps.exif_transpose(image)
    if upright.mode in {"RGBA", "LA"}:
        clear = upright.convert("RGBA")
        plain = Image.new("RGB", clear.size, "white")  # a plan drawn on nothing stays readable
        plain.paste(clear, mask=clear.getchannel("A"))
    else:
        plain = upright.convert("RGB")
    small = plain.copy()
    small.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE), Image.Resampling.LANCZOS)
    return Picture(plain.width, plain.height, _jpeg(plain), _jpeg(small))


def _in_eight_bits(opened: Image.Image) -> Image.Image:
    """A picture whose pixels can be averaged: no palette, no single bits, no 16-bit grey."""
    if opened.mode.startswith("I"):
        return opened.point(lambda grey: grey * (1 / 256)).convert("L")  # a plain "L" cuts to white
    if opened.mode in {"P", "PA"}:
        return opened.convert("RGBA")
    return opened.convert("L") if opened.mode == "1" else opened


def _jpeg(image: Image.Image) -> bytes:
    bare = Image.frombytes("RGB", image.size, image.tobytes())
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return out.getvalue()


def _refused(sentence: str) -> InvalidError:
    return InvalidError(sentence, fields={"files": [sentence]}, code="no_picture")
