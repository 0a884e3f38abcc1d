"""The items one by one, as the page shows them: what was asked and expected, and what each arm made of it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sessions.records import CallRecord, ToolCallRecord, TurnRecord, TurnRecords
from sessions.report.data import Report
from sessions.report.figures import Figures
from sessions.report.palette import Mark
from sessions.report.text_room import Room, cut
from sessions.run_records import AttemptRecord, ItemRecord

SIGNS = {"right": "✓", "wrong": "✗", "refused": "R", "empty": "E", "cut": "C", "failed": "F"}
UNSCORED = "unscored"

TELLING = ("value", "values", "calls", "instructions", "function")
"""What of an expected answer tells what it is; the rest says how answers are compared with it."""


@dataclass(frozen=True, slots=True)
class StepView:
    """A call of the model or of a tool: a line about it, and what it wrote or answered."""

    kind: str
    head: str
    text: str


@dataclass(frozen=True, slots=True)
class AttemptView:
    """What one arm made of an item."""

    arm: str
    mark: Mark
    place: int
    repeat: int
    state: str
    sign: str
    remarks: tuple[str, ...]
    answer: str
    steps: tuple[StepView, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """A sign for what an arm made of an item; `told` says the same in words."""

    mark: Mark
    state: str
    sign: str
    told: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item. `anchor` is its place in the page, `part` that of its data set among all."""

    anchor: str
    part: int
    record: ItemRecord
    prompt: str
    expected: str
    attempts: tuple[AttemptView, ...]
    chips: tuple[Chip, ...]

    @property
    def about(self) -> str:
        """Where the item comes from, and what it is about, as far as that is known."""
        tool = f"right tool: {self.record.tool}" if self.record.tool else ""
        return " · ".join(filter(None, (self.record.data_set, self.record.skill, self.record.level, tool)))

    @property
    def states(self) -> str:
        """Each attempt as `ARM:STATE`, arms by their place: what the filter of the page looks at."""
        return " ".join(f"{each.place}:{each.state}" for each in self.attempts)


def anchors(report: Report) -> dict[str, str]:
    """Return the place of each item in the page."""
    return {item.item: f"i{number}" for number, item in enumerate(report.items, 1)}


def item_views(report: Report, marks: Mapping[str, Mark], figures: Figures) -> Iterator[ItemView]:
    """Yield every item, with texts cut to what a page of many attempts has room for."""
    room = Room.of(len(report.attempts))
    places = {arm: place for place, arm in enumerate(report.arms)}
    parts = {each.data_set: place for place, each in enumerate(report.run.data_sets)}
    for item, anchor in zip(report.items, anchors(report).values(), strict=True):
        views = tuple(
            _attempt(each, report.turns.get(each.turn), marks[each.arm], places[each.arm], room, figures)
            for each in report.by_item[item.item]
        )
        prompt, expected = cut(item.prompt, room.prompt), cut(expected_text(item.expected), room.prompt)
        yield ItemView(
            anchor, parts.get(item.data_set, -1), item, prompt, expected, views, tuple(_chips(views, marks))
        )


def _chips(views: Sequence[AttemptView], marks: Mapping[str, Mark]) -> Iterator[Chip]:
    """Yield a sign for each arm, by repeat; an arm that has not attempted has one too, to keep its place."""
    made = {(each.repeat, each.arm): each for each in views}
    for repeat in dict.fromkeys(repeat for repeat, _ in made) or (1,):
        for arm, mark in marks.items():
            again = f" (repeat {repeat})" if repeat > 1 else ""
            each = made.get((repeat, arm))
            if each is None:
                yield Chip(mark, "none", "·", f"{arm}{again}: not attempted")
            else:
                yield Chip(mark, each.state, each.sign, f"{arm}{again}: {each.state}")


def expected_text(expected: str) -> str:
    """Return an expected answer as a reader wants it: what it is, and how answers are compared with it."""
    try:
        found = json.loads(expected)
    except ValueError:
        return expected
    if not isinstance(found, dict):
        return expected
    told = [value for name in TELLING if (value := found.get(name))]
    words = [value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in told]
    kind = found.get("kind")
    return " ".join([*words, f"({kind})" if kind else ""]).strip()


def _attempt(
    attempt: AttemptRecord, records: TurnRecords | None, mark: Mark, place: int, room: Room, figures: Figures
) -> AttemptView:
    state = attempt.state or UNSCORED
    turn = records.turn if records else None
    steps = list(_steps(records, figures)) if records else []
    limit = room.each(len(steps) + 1)
    return AttemptView(
        arm=attempt.arm,
        mark=mark,
        place=place,
        repeat=attempt.repeat,
        state=state,
        sign=SIGNS.get(state, "?"),
        remarks=tuple(_remarks(attempt, turn, figures)),
        answer=cut(turn.answer.strip(), limit) if turn else "",
        steps=tuple(StepView(step.kind, cut(step.head, limit), cut(step.text, limit)) for step in steps),
    )


def _remarks(attempt: AttemptRecord, turn: TurnRecord | None, figures: Figures) -> Iterator[str]:
    """Yield what is to be said of an attempt beside its state: how it was read, and what it cost."""
    if attempt.flexible and not attempt.strict:
        yield "right by the flexible reading"
    if attempt.extracted:
        yield f"read as {cut(attempt.extracted, 80)}"
    if attempt.cause:
        yield cut(attempt.cause, 200)
    if turn is None:
        yield "its turn is no longer stored"
        return
    yield figures.value(turn.wall_s, "s")
    count = figures.numbers.count
    yield f"{count(turn.prompt_tokens)} tokens in ({count(turn.reused_tokens)} reused)"
    yield f"{count(turn.output_tokens)} out"
    if turn.joules is not None:
        yield figures.value(turn.joules, "J", turn.energy_source)
    if turn.status != "ok":
        yield f"{turn.status or 'running'}: {cut(turn.reason, 200)}"


def _steps(records: TurnRecords, figures: Figures) -> Iterator[StepView]:
    """Yield the calls of a turn, of the model and of tools, as they began."""
    every: list[CallRecord | ToolCallRecord] = [*records.calls, *records.tool_calls]
    for each in sorted(every, key=lambda step: step.started_s):
        yield _tool(each) if isinstance(each, ToolCallRecord) else _call(each, records.turn, figures)


def _tool(step: ToolCallRecord) -> StepView:
    failed = "" if step.status == "ok" else f" → {step.status or 'no answer'}"
    return StepView("tool", f"{step.name} {step.arguments}{failed}", step.result.strip())


def _call(step: CallRecord, turn: TurnRecord, figures: Figures) -> StepView:
    """Return a call of the model; what the answer says already is not said again."""
    count = figures.numbers.count
    spent = f"{count(step.prompt_tokens)} in, {count(step.output_tokens)} out"
    head = f"{step.agent} · {step.purpose} · {spent} · {figures.value(step.wall_s, 's')}"
    said = step.text.strip()
    return StepView("call", head, "" if said == turn.answer.strip() else said)
