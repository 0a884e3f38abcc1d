"""The files that go with the prompt, or why one of them cannot."""

from collections.abc import Sequence

from textual.content import Content

from slmtui.tui import format as fmt
from slmtui.tui.plain import plain_line
from slmtui.tui.widgets.plain_static import PlainStatic

Figures = tuple[str, int]
"""A file's path, and about how many tokens it is."""


class AttachmentLine(PlainStatic):
    """`+ notes.txt ~312 tokens`, one line for all; hidden while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self.display = False

    def show_files(self, files: Sequence[Figures], problem: str = "") -> None:
        """Draw the files, or what is wrong with one."""
        said = f"✗ {plain_line(problem)}" if problem else _files(files)
        self.display = bool(said)
        self.set_class(bool(problem), "-problem")
        self.show(Content(said))


def _files(files: Sequence[Figures]) -> str:
    return " · ".join(f"+ {plain_line(path, 60)} ~{fmt.count(tokens)} tokens" for path, tokens in files)


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    shown = AttachmentLine()
    shown.show_files([("docs/notes.txt", 312)])
    show_alone(shown)
