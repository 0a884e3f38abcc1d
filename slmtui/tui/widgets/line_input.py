"""One line to type in, from which whatever could not be seen is taken out."""

from textual.widgets import Input

from slmtui.tui.plain import plain


class LineInput(Input):
    """An Input that no pasted escape or hidden mark gets into."""

    def validate_value(self, value: str) -> str:
        """Return the value on one line, clean."""
        return plain(value).replace("\n", " ")


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    show_alone(LineInput(placeholder="Type something"))
