"""A place in the text of a grammar, and the smallest things that are read from it."""

LAST_CHARACTER = 0x10FFFF
_DIGITS = frozenset("0123456789")
_HEX = frozenset("0123456789abcdefABCDEF")
_HEX_LENGTHS = {"x": 2, "u": 4, "U": 8}
_ESCAPES = {"t": "\t", "r": "\r", "n": "\n", "\\": "\\", '"': '"', "[": "[", "]": "]", "-": "-"}


class GrammarError(Exception):
    """A grammar is wrong, or would hurt llama.cpp; the text says where and why, for the user."""


class Reader:
    """A place in the text, and the smallest things that are read from it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.at = 0
        for at, character in enumerate(text):
            if character == "\0" or "\ud800" <= character <= "\udfff":
                raise self.error(f"the character U+{ord(character):04X} cannot stand in a grammar", at)

    def error(self, what: str, at: int | None = None) -> GrammarError:
        """Return the error that says what is wrong, with the line and the column (by default, here)."""
        at = self.at if at is None else at
        line = self._text.count("\n", 0, at) + 1
        column = at - self._text.rfind("\n", 0, at)
        return GrammarError(f"line {line}, column {column}: {what}")

    def peek(self, ahead: int = 0) -> str:
        """Return the character there, or an empty text after the end."""
        return self._text[self.at + ahead : self.at + ahead + 1]

    def found(self) -> str:
        """Return what stands here, for an error."""
        return f"{self.peek()!r} stands here" if self.peek() else "the grammar ends here"

    def take(self, expected: str, what: str) -> None:
        """Go over a text that must stand here. Raises `GrammarError`, which begins with `what`."""
        if not self._text.startswith(expected, self.at):
            raise self.error(f"{what}, but {self.found()}")
        self.at += len(expected)

    def space(self, *, newlines: bool) -> None:
        """Go over spaces and comments, and over ends of lines only where a rule can go on after them."""
        blank = " \t\r\n" if newlines else " \t"
        while (character := self.peek()) and character in blank + "#":
            self.at += 1
            while character == "#" and self.peek() not in {"", "\r", "\n"}:
                self.at += 1

    def run(self, characters: frozenset[str]) -> str:
        """Return the longest run of these characters, empty where there is none."""
        start = self.at
        while self.peek() in characters:
            self.at += 1
        return self._text[start : self.at]

    def number(self, what: str) -> int:
        """Return the number that must stand here. Raises `GrammarError`, which begins with `what`."""
        digits = self.run(_DIGITS)
        if not digits:
            raise self.error(f"{what}, but {self.found()}")
        if len(digits) > 12:
            raise self.error(f"the number {digits[:12]}… is too large", self.at - len(digits))
        return int(digits)

    def code_point(self) -> int:
        """Return one character of a text in quotes or of a class, written plainly or as an escape."""
        character = self.peek()
        self.at += 1
        return self._escape() if character == "\\" else ord(character)

    def _escape(self) -> int:
        kind = self.peek()
        start = self.at - 1
        self.at += 1
        if kind in _ESCAPES:
            return ord(_ESCAPES[kind])
        if kind not in _HEX_LENGTHS:
            raise self.error(f"there is no escape \\{kind}: to write a backslash, write two", start)
        digits = self._text[self.at : self.at + _HEX_LENGTHS[kind]]
        if len(digits) < _HEX_LENGTHS[kind] or not _HEX.issuperset(digits):
            raise self.error(f"after \\{kind} stand {_HEX_LENGTHS[kind]} hexadecimal digits", start)
        self.at += len(digits)
        if int(digits, 16) > LAST_CHARACTER:
            raise self.error("there is no character above U+10FFFF", start)
        return int(digits, 16)
