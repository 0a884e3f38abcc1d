"""The view-model of a comparison by hand: its columns, what ran in them, and what was said of it."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from agents.events import Event, TurnFinished, TurnStarted
from sessions.hosted_tokens import HostedTally
from sessions.money import TokenCounts
from sessions.run_records import ArmRecord
from slmtui.comparing.by_hand import Round
from slmtui.comparing.rounds import NOT_BEGUN, Loading, Over, Said, Told
from slmtui.tui.plain import plain_line
from slmtui.tui.state.compare_marks import Marks
from slmtui.tui.state.live_turn import LiveTurn


@dataclass(slots=True)
class Answer:
    """What an arm makes of a round. `over` says that no more will come, `problem` why there is nothing.

    `begun` is the moment on the state's clock at which its turn began; `loading` is the share of its model
    that is there, None when that is not waited for.
    """

    live: LiveTurn = field(default_factory=LiveTurn)
    marks: Marks = field(default_factory=Marks)
    begun: float = 0.0
    loading: float | None = None
    problem: str = ""
    over: bool = False
    said: HostedTally = field(default_factory=lambda: HostedTally({}))

    @property
    def ended_ok(self) -> bool:
        """Whether there is an answer that the figures may speak of."""
        return self.live.view.status == "ok"

    @property
    def can_be_marked(self) -> bool:
        """Whether a turn is there that ended as it should, or failed."""
        return self.live.view.status in {"ok", "failed"}


@dataclass(slots=True)
class CompareState:
    """One comparison. `answers` are by round and arm; `place` is the marked column, from 0.

    `shown` is the round in the columns, counted from 0. When `blind`, columns are in an order of their own
    and nothing says whose they are until something was said of them.
    """

    clock: Callable[[], float]
    arms: tuple[ArmRecord, ...] = ()
    seed: int = 0
    encodings: Callable[[], Mapping[str, Callable[[str], int]]] = dict
    rounds: list[Round] = field(default_factory=list)
    answers: dict[tuple[Round, str], Answer] = field(default_factory=dict)
    counted: dict[str, Mapping[str, TokenCounts]] = field(default_factory=dict)
    running: bool = False
    blind: bool = False
    place: int = 0
    shown: int = -1

    def forget(self, arms: tuple[ArmRecord, ...]) -> None:
        """Turn to another comparison: nothing ran in it yet."""
        self.arms, self.place, self.shown = arms, min(self.place, max(len(arms) - 1, 0)), -1
        self.rounds, self.answers, self.counted = [], {}, {}

    def begin(self, of: Round, arms: tuple[ArmRecord, ...]) -> None:
        """Begin a round in every column."""
        self.arms = arms
        self.rounds.append(of)
        self.shown, self.running = len(self.rounds) - 1, True
        encodings = self.encodings()
        for arm in arms:
            answer = Answer(begun=self.clock(), said=HostedTally(encodings))
            answer.live.view.prompt, answer.live.view.paradigm = of.prompt, arm.paradigm
            answer.live.view.phase = "waiting"
            self.answers[of, arm.arm] = answer

    @property
    def round(self) -> Round | None:
        """The round in the columns."""
        return self.rounds[self.shown] if self.rounds else None

    def answer(self, arm: str) -> Answer | None:
        """Return what an arm makes of the round in the columns."""
        return self.answers.get((self.round, arm)) if self.round is not None else None

    def take(self, told: Told) -> None:
        """Take in what was told of an arm of the last round."""
        answer = self.answers.get((self.rounds[-1], told.arm)) if self.rounds else None
        if answer is None or answer.over:
            return
        match told:
            case Loading():
                answer.loading = told.share
            case Said():
                answer.loading = None
                self._add(answer, told.event)
            case Over():
                answer.over, answer.loading = True, None
                self._end(answer, plain_line(told.problem, 500))

    def _add(self, answer: Answer, event: Event) -> None:
        if not answer.live.running:
            return
        if isinstance(event, TurnStarted):
            answer.begun = self.clock()
        answer.live.add(event)
        answer.said.add(event)
        if isinstance(event, TurnFinished):
            self.counted[answer.live.record.turn] = answer.said.counts()

    def _end(self, answer: Answer, problem: str) -> None:
        """End what ended without saying so."""
        if answer.live.running and answer.live.events:
            at = self.clock() - answer.begun
            reason = problem or "the engine ended the turn without a word"
            answer.live.add(TurnFinished(at, "failed", answer.live.view.answer, reason))
        elif answer.live.running:
            answer.problem = problem or NOT_BEGUN

    # Columns

    @property
    def order(self) -> tuple[ArmRecord, ...]:
        """The arms as the columns have them: when blind, in an order that the seed makes for each round."""
        if not self.blind or self.round is None:
            return self.arms
        shuffled = list(self.arms)
        key = f"{self.seed}\x1f{self.round.item}\x1f{self.round.repeat}"
        random.Random(key).shuffle(shuffled)  # noqa: S311 - an order, no secret
        return tuple(shuffled)

    @property
    def hidden(self) -> bool:
        """Whether the names are hidden now: until one was said to be better, or each to be right or wrong."""
        if not self.blind:
            return False
        marks = [answer.marks for answer in self._given.values()]
        decided = any(each.preferred is not None for each in marks)
        return not (decided or (marks and all(each.right is not None for each in marks)))

    @property
    def writing(self) -> bool:
        """Whether the round in the columns is being answered."""
        return self.running and self.shown == len(self.rounds) - 1

    def look(self, steps: int) -> bool:
        """Go to an earlier or a later round; return whether there is one."""
        wanted = self.shown + steps
        if not 0 <= wanted < len(self.rounds):
            return False
        self.shown = wanted
        return True

    def move(self, steps: int) -> None:
        """Mark the next column, or the one before."""
        self.place = max(0, min(self.place + steps, len(self.arms) - 1))

    # Marks

    def say_right(self, place: int, right: bool) -> dict[str, Marks]:
        """Say of the answer in a column that it is right or wrong; said once more it is taken back.

        Returns what is to be stored, by arm.
        """
        given, arm = self._given, self.order[place].arm
        if arm not in given:
            return {}
        marks = given[arm].marks
        return self._say({arm: replace(marks, right=None if marks.right is right else right)})

    def take_back(self, place: int) -> dict[str, Marks]:
        """Take back all that was said of the answer in a column; returns what is to be stored, by arm."""
        given, arm = self._given, self.order[place].arm
        if arm not in given:
            return {}
        said = {arm: replace(given[arm].marks, right=None)}
        if given[arm].marks.preferred:  # then no other is worse than it
            said = {each: replace(a.marks, preferred=None) for each, a in given.items()} | {arm: Marks()}
        return self._say(said)

    def say_better(self, place: int | None) -> dict[str, Marks]:
        """Say that the answer in a column is better than the others', or with None that none is.

        Said once more it is taken back. Returns what is to be stored, by arm.
        """
        given = self._given
        best = "" if place is None else self.order[place].arm
        if best and best not in given:
            return {}
        again = bool(best) and given[best].marks.preferred is True
        return self._say(
            {arm: replace(a.marks, preferred=None if again else arm == best) for arm, a in given.items()}
        )

    @property
    def _given(self) -> dict[str, Answer]:
        """The answers of the round in the columns of which something can be said, by arm."""
        found = ((arm.arm, self.answer(arm.arm)) for arm in self.arms)
        return {arm: answer for arm, answer in found if answer is not None and answer.can_be_marked}

    def _say(self, said: dict[str, Marks]) -> dict[str, Marks]:
        for arm, marks in said.items():
            answer = self.answer(arm)
            if answer is not None:
                answer.marks = marks
        return said
