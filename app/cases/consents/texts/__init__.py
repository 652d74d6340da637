"""The consent text in every version that was ever read out or signed. Files are never edited:
a change of wording is a new file, named by the month it came into use.
"""

from pathlib import Path

_FOLDER = Path(__file__).parent


def versions() -> tuple[str, ...]:
    """All versions, oldest first."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.txt")))


def current_version() -> str:
    """The version to read out today."""
    return versions()[-1]


def text_of(version: str) -> str:
    """The words of one version. Raises LookupError for a version that never was."""
    if version not in versions():
        raise LookupError(version)
    return (_FOLDER / f"{version}.txt").read_text(encoding="utf-8")
