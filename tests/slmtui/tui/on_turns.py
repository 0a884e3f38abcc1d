"""What the tests of turns share: what is drawn and marked, and a model that says what it was asked."""

from agents import events as ev
from slmtui.backend import TurnRequest
from slmtui.tui.app import SlmApp
from slmtui.tui.widgets.status_line import StatusLine
from tests.slmtui.tui.scripted import Script


def note(app: SlmApp) -> str:
    return str(app.chat.query_one(StatusLine).content)


def marked_prompt(app: SlmApp) -> str:
    block = app.chat.marked
    return block.turn.view.prompt if block is not None else ""


def prompts(app: SlmApp) -> list[str]:
    return [block.turn.view.prompt for block in app.chat.pane.transcript.turns.blocks]


def numbered(request: TurnRequest, turn: str) -> list[ev.Event]:
    """Answers with what was asked, and goes on from a beginning like the real one."""
    said = request.beginning + f"Answer to {request.prompt}, seed {request.sampling.seed}."
    script = Script(request, turn).call("base", [("answer", said.removeprefix(request.beginning))])
    started = script.events[0]
    assert isinstance(started, ev.TurnStarted)
    script.events[0] = ev.TurnStarted(
        0.0, turn, request.session, request.paradigm, request.prompt, started.started_at,
        request.sampling, started.engine, True, beginning=request.beginning,
    )  # fmt: skip
    script.answer = said
    return script.meter().end()
