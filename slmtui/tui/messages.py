"""Messages that cross screens and widgets; all others are nested in the widget that sends them."""

from textual.message import Message


class LinkChosen(Message):
    """A link in an answer was clicked. It is shown, never opened: the address comes from a model."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
