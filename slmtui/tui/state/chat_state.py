"""The chat's view-model: which session it is, what ran and what runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from agents.events import Event, Status, TurnFinished, TurnStarted
from agents.helps import Helps
from agents.message import Sampling
from sessions.hosted_tokens import HostedTally
from sessions.money import TokenCounts
from sessions.records import TurnRecord
from slmtui.tui.plain import plain
from slmtui.tui.state.conversation import Conversation
from slmtui.tui.state.engine_state import EngineState
from slmtui.tui.state.live_turn import LiveTurn


@dataclass(slots=True)
class ChatState:
    """One chat. `session` is None until its first prompt is sent; `records` are its finished turns.

    `begun` is the moment on `clock` (monotonic seconds) at which the running turn was sent, or, where
    the model had to be loaded for it, began. `touched` says that a turn of it ran in this app. `helps` are
    the switches of the next turn, and `usual` those that a session begins with. `counted` has the tokens
    of the turns that ran here as hosted services count them, by turn and encoding. `path` is the
    conversation that is open among them, and `reply_to` the turn that the next prompt follows, where it is
    not the last of the path. `sampling` and `system`
    are those of the next turn: the session's own, or `usual_sampling` and None, for the settings' text.
    """

    clock: Callable[[], float]
    paradigm: str = "base"
    usual: Helps = field(default_factory=Helps)
    usual_sampling: Sampling = field(default_factory=Sampling)
    session: str | None = None
    title: str = ""
    records: list[TurnRecord] = field(default_factory=list)
    latest: LiveTurn | None = None
    stopping: bool = False
    begun: float = 0.0
    touched: bool = False
    encodings: Callable[[], Mapping[str, Callable[[str], int]]] = dict
    counted: dict[str, dict[str, TokenCounts]] = field(default_factory=dict)
    helps: Helps = field(init=False)
    sampling: Sampling = field(init=False)
    system: str | None = None
    path: Conversation = field(default_factory=Conversation)
    reply_to: str | None = None
    _said: HostedTally = field(init=False)

    def __post_init__(self) -> None:
        self.helps, self.sampling = self.usual, self.usual_sampling
        self._said = HostedTally({})

    @property
    def running(self) -> bool:
        """Whether a turn runs."""
        return self.latest is not None and self.latest.running

    @property
    def now(self) -> float:
        """Seconds since the running turn began."""
        return self.clock() - self.begun

    def open(self, session: str | None, title: str, records: list[TurnRecord]) -> None:
        """Turn to another session, or with None to a new one."""
        self.session, self.title, self.records = session, title, records
        self.latest, self.touched, self.helps = None, False, self.usual
        self.sampling, self.system = self.usual_sampling, None
        self.path, self.reply_to = Conversation(), None

    def begin(self, prompt: str, paradigm: str = "") -> LiveTurn:
        """Begin a turn, by default under the chat's paradigm; its own events fill it in."""
        self.latest = LiveTurn()
        self._said = HostedTally(self.encodings())
        self.latest.view.prompt, self.latest.view.paradigm = plain(prompt), paradigm or self.paradigm
        self.latest.view.phase = "starting"
        self.begun, self.stopping, self.touched = self.clock(), False, True
        return self.latest

    def wait_for(self, engine: EngineState) -> None:
        """Say in the running turn that it waits for the model, while it does."""
        if self.latest is not None and self.latest.running and not self.latest.events:
            loading = engine.phase == "loading"
            self.latest.view.phase = f"loading the model {engine.progress:.0%}" if loading else "starting"

    def add(self, event: Event) -> None:
        """Take in an event of the running turn."""
        if self.latest is None or not self.latest.running:
            return
        if isinstance(event, TurnStarted):
            self.begun = self.clock()
        self.latest.add(event)
        self._said.add(event)
        if self.latest.view.status is not None:
            record = self.latest.record
            self.records.append(record)
            if record.turn:  # else it failed before it began, and was not stored
                self.path.add(record)
            self.counted[record.turn] = self._said.counts()

    def fail(self, problem: str) -> None:
        """End a turn that ended without saying so."""
        if self.latest is None or not self.latest.running:
            return
        stopped = self.stopping and not problem
        reason = "stopped by the user" if stopped else "the engine ended the turn without a word"
        status: Status = "cancelled" if stopped else "failed"
        self.add(TurnFinished(self.now, status, self.latest.view.answer, problem or reason))
