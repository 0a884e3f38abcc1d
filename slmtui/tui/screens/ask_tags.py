"""Asks for the tags of a session, and keeps what was typed."""

from collections.abc import Callable
from typing import Any

from textual.app import App

from sessions.errors import SessionsError
from sessions.store import Store
from slmtui.tui.screens.ask_text import AskText
from slmtui.tui.state.session_rows import tags_line, tags_typed

QUESTION = "Tags, with spaces between"


def ask_tags(
    app: App[Any], store: Store, session: str, note: Callable[[str], None], done: Callable[[], object]
) -> None:
    """Ask on top of what is shown, the present tags typed in; then `note` what came of it, and `done`."""
    try:
        present = store.session(session).tags
    except SessionsError as error:
        note(str(error))
        return

    def typed(line: str | None) -> None:
        if line is not None:
            note(keep_tags(store, session, tags_typed(line)))
            done()

    app.push_screen(AskText(QUESTION, " ".join(present)), typed)


def keep_tags(store: Store, session: str, tags: tuple[str, ...]) -> str:
    """Give a session these tags and no others; return what there is to say of it."""
    try:
        kept = {store.tag(session, tag) for tag in tags}
        for tag in store.session(session).tags:
            if tag not in kept:
                store.untag(session, tag)
        found = store.session(session).tags
    except SessionsError as error:
        return str(error)
    return _told(found)


def add_tags(store: Store, session: str, line: str) -> str:
    """Put the tags of a line on a session; return what there is to say of it."""
    try:
        for tag in tags_typed(line):
            store.tag(session, tag)
        return _told(store.session(session).tags)
    except SessionsError as error:
        return str(error)


def _told(tags: tuple[str, ...]) -> str:
    return f"Tags: {tags_line(tags)}. tag:word in the list of sessions finds them." if tags else "No tags."
