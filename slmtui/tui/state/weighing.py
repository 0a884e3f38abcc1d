"""How heavy the prompt is: its tokens with pastes and files, beside what the context has left."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from slmtui.backend import TokenCount
from slmtui.tui.state.attachments import AttachmentError
from slmtui.tui.state.composing import Composed, compose
from slmtui.tui.state.context_room import room_in, told
from slmtui.tui.state.folded_paste import FoldedPastes
from slmtui.tui.state.token_guess import guess

Counter = Callable[[str], TokenCount]


@dataclass(frozen=True, slots=True)
class Surrounding:
    """What a prompt shares the context with: `context` tokens, 0 when no model has told; the texts before it.

    A turn may write `most_output` tokens.
    """

    context: int
    most_output: int
    system: str
    history: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is said of a prompt: its tokens in words, its files with theirs, and what is wrong with one."""

    told: str
    files: tuple[tuple[str, int], ...] = ()
    problem: str = ""


def weigh(draft: str, pastes: FoldedPastes, folder: Path, count: Counter, around: Surrounding) -> Weighed:
    """Count a prompt as the model will see it. Reads the disk, so it belongs into a thread."""
    problem = ""
    try:
        composed = compose(draft, pastes, folder)
    except AttachmentError as error:
        composed, problem = Composed(draft, pastes.unfolded(draft).strip()), str(error)
    room = None
    if around.context:
        system, history = guess(count, around.system).tokens, guess(count, around.history).tokens
        room = room_in(around.context, around.most_output, system, history)
    figures = tuple((each.path, guess(count, each.text).tokens) for each in composed.attachments)
    return Weighed(told(guess(count, composed.text), room), figures, problem)
