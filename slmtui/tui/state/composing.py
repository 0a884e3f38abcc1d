"""From what stands in the prompt to what the model is given."""

from dataclasses import dataclass
from pathlib import Path

from slmtui.tui.state.attachments import Attachment, attachments_of, with_attachments
from slmtui.tui.state.folded_paste import FoldedPastes


@dataclass(frozen=True, slots=True)
class Composed:
    """A prompt: `draft` as it was typed, `text` as the model sees it, with pastes and files in full."""

    draft: str
    text: str
    attachments: tuple[Attachment, ...] = ()


def compose(draft: str, pastes: FoldedPastes, folder: Path) -> Composed:
    """Open the pastes of a draft and add its files. Reads the disk; raises `AttachmentError`.

    Only what the user typed names files: a `@path` inside a folded paste is text.
    """
    attachments = attachments_of(draft, folder)
    return Composed(draft, with_attachments(pastes.unfolded(draft).strip(), attachments), attachments)
