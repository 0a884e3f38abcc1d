"""The commands of the chat's session."""

from slmtui.tui.command import Command

COMMANDS: tuple[Command, ...] = (
    Command(
        "session.new",
        "chat",
        "session: new",
        "Begin a new session.",
        "new_session",
        keys=("ctrl+n",),
        slash="new",
        priority=True,
    ),
    Command(
        "session.resume",
        "chat",
        "session: resume",
        "Pick a session to resume, rename, delete or search.",
        "sessions",
        keys=("ctrl+r", "ctrl+s"),
        slash="resume",
        argument="SESSION",
        takes="resume_named",
        footer="sessions",
        priority=True,
    ),
    Command(
        "session.rename",
        "chat",
        "session: rename",
        "Give this session another title.",
        "rename_session",
        slash="rename",
        argument="TITLE",
        takes="rename",
    ),
    Command(
        "session.replay",
        "chat",
        "session: replay",
        "Play this session again, without a model.",
        "replay",
        keys=("f5",),
        slash="replay",
        argument="SESSION",
        takes="replay_named",
        footer="replay",
        priority=True,
    ),
)
