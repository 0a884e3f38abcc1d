"""What the chat shows before its first turn: how to begin, how loading goes, or what is missing."""

from textual.content import Content

from slmtui.tui import format as fmt
from slmtui.tui.plain import plain
from slmtui.tui.state.engine_state import EngineState
from slmtui.tui.state.paradigms import mains
from slmtui.tui.widgets.plain_static import PlainStatic


class EmptyState(PlainStatic):
    """A few lines in the middle of an empty chat."""

    def show_engine(self, engine: EngineState, first_run: str) -> None:
        """Say what can be done in this state of the engine."""
        self.show(empty_text(engine, first_run))


def empty_text(engine: EngineState, first_run: str) -> Content:
    """Return the text for a state of the engine; `first_run` says how to get a model."""
    if engine.phase == "missing":
        return _missing(plain(engine.problem), plain(first_run))
    parts: list[tuple[str, str] | str] = [("slmtui\n", "bold")]
    if engine.phase == "loading":
        parts.append(f"Loading the model  {fmt.bar(engine.progress, 20)} {engine.progress:.0%}\n")
        parts.append(("You can type meanwhile.\n", "dim"))
    else:
        if engine.phase == "unloaded":
            parts.append("The model is unloaded; the next prompt loads it again.\n")
        parts.append("Ask something: every answer is followed by what it cost.\n")
    parts.append("\nThe same question under three paradigms (shift+tab):\n")
    width = max(len(choice.title) for choice in mains())
    parts += [f"  {choice.title:<{width}}  {choice.description}\n" for choice in mains()]
    parts.append("\nf1 help · ctrl+p commands · ctrl+r earlier sessions")
    parts.append("\nf5 (or /sample) replays a sample session, no model needed")
    return Content.assemble(*parts)


def _missing(problem: str, first_run: str) -> Content:
    parts: list[tuple[str, str] | str] = [("✗ There is no model to chat with\n", "bold")]
    if problem:
        parts.append(f"\n{problem.strip()}\n")
    if first_run and first_run.strip() not in problem:
        parts.append(f"\n{first_run.strip()}\n")
    parts.append(("\nPress f5 (or /sample) to replay a sample session, no model needed.\n", "bold"))
    parts.append("Your own sessions can be read and replayed without one too: ctrl+r.")
    return Content.assemble(*parts)


if __name__ == "__main__":
    from slmtui.tui.alone import show_alone

    empty = EmptyState()
    empty.call_later(lambda: empty.show_engine(EngineState("missing", problem="No model was found."), ""))
    show_alone(empty)
