"""A text as the characters that a reader sees: an emoji of several code points, a letter with its accent.

They are Unicode's extended grapheme clusters (UAX 29), as the `regex` library cuts them.
"""

import unicodedata

from tools.registry import ToolError

MAX_TEXT = 100_000
MAX_MARKS = 30  # as in the stream-safe text format of UAX 15

_TOWER = rf"\p{{M}}{{{MAX_MARKS + 1}}}"


def clusters(text: str) -> list[str]:
    """Return the characters of a text, composed (NFC). Raises `ToolError` as `bounded` does."""
    return _found(r"\X", unicodedata.normalize("NFC", bounded(text)))


def bounded(text: str) -> str:
    """Return the text. Raises `ToolError` above `MAX_TEXT` code points, and for a tower of accents.

    Python puts accents in order by comparing each with all before it: a hundred thousand would take minutes.
    """
    if len(text) > MAX_TEXT:
        raise ToolError(f"The text is too long: {len(text)} characters, of which {MAX_TEXT} are allowed.")
    if not text.isascii() and _found(_TOWER, text):
        raise ToolError(f"More than {MAX_MARKS} accents stand on one letter: leave them out.")
    return text


def _found(pattern: str, text: str) -> list[str]:
    import regex  # type: ignore[import-untyped]  # noqa: PLC0415 - it takes 50 ms, and few turns need it

    found: list[str] = regex.findall(pattern, text)
    return found


def folded(text: str) -> str:
    """Return a text for comparing without case; accents stay."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", bounded(text)).casefold())


def alphabetical(text: str) -> tuple[str, str]:
    """Return what to sort a text by: its letters without case and accents, then the text itself."""
    bare = (c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return "".join(bare), text


def is_letter(cluster: str) -> bool:
    """Whether a character is a letter of some alphabet."""
    return cluster[0].isalpha()
