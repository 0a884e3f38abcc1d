"""What the bytes of a file say as text, if they are text at all."""

from tools.plain_text import plain


class NotTextError(Exception):
    """The bytes are no text; the message says what they are instead, in a few words."""


def decoded(data: bytes) -> str:
    """Return the plain text of UTF-8 bytes, or of UTF-16 behind a mark. Raises `NotTextError`."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotTextError("not UTF-8 text") from error
    if "\0" in text:
        raise NotTextError("binary")
    return plain(text)
