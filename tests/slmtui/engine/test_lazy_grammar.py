import asyncio
import re
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest
import pytest_asyncio

from agents.message import Sampling
from agents.model import Request
from slmtui.engine.client import Engine
from tests.models import SPECIALS, vocabulary
from tests.slmtui.engine.conftest import Heard, hear, request, user
from tests.slmtui.engine.plain import running, small

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEEDS = range(60)
START = vocabulary().index("<|im_start|>")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def wide(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Engine]:
    load = small(tiny_model, sequences=20, context=8192)
    async with running(load, tmp_path_factory.mktemp("lazy")) as engine:
        yield engine


def wild(
    seed: int,
    grammar: str | None = None,
    *triggers: str,
    max_tokens: int = 120,
    penalty: float = 1.0,
) -> Request:
    """Return a call that draws nearly every token alike."""
    sampling = Sampling(temperature=5, top_k=0, top_p=1, min_p=0, repeat_penalty=penalty, seed=seed)
    return request(user("x"), max_tokens=max_tokens, sampling=sampling, grammar=grammar, triggers=triggers)


async def all_of(engine: Engine, calls: list[Request]) -> list[Heard]:
    return await asyncio.gather(*(hear(engine, call) for call in calls))


def from_trigger(text: str, *triggers: str) -> str | None:
    """Return what follows from the first character of the first trigger on."""
    starts = [text.index(trigger) for trigger in triggers if trigger in text]
    return text[min(starts) :] if starts else None


def check(heard: Heard, whole: str, part: str, *triggers: str) -> bool:
    """Check what follows a trigger, all of it or the part that there was room for; False without one."""
    assert heard.finished.finish_reason in {"stop", "length"}
    held = from_trigger(heard.text, *triggers)
    if held is None:
        return False
    pattern = whole if heard.finished.finish_reason == "stop" else part
    assert re.fullmatch(pattern, held), (heard.finished.finish_reason, held)
    return heard.finished.finish_reason == "stop"


@pytest.mark.parametrize("penalty", [1.0, 1.2])
async def test_free_before_and_held_after(wide: Engine, penalty: float) -> None:
    # Tokens "he", "hel" and "hello" complete the trigger and go on as the grammar does not allow.
    grammar = 'root ::= "h" [0-9]{2,4} ("," [a-f]+)? ";"'
    whole, part = r"h[0-9]{2,4}(,[a-f]+)?;", r"h[0-9]{0,4}(,[a-f]*)?;?"
    free = await all_of(wide, [wild(seed, penalty=penalty) for seed in SEEDS])
    held = await all_of(wide, [wild(seed, grammar, "h", penalty=penalty) for seed in SEEDS])
    assert sum(check(heard, whole, part, "h") for heard in held) > 5
    assert any("he" in heard.text for heard in free)
    assert not any("he" in heard.text for heard in held)
    for before, after in zip(free, held, strict=True):
        # A character that an unfit token broke off may be completed by the one drawn instead.
        text = before.text.split("h")[0].rstrip("\ufffd")
        assert after.text.startswith(text)
        if "h" not in before.text:
            assert after.text == before.text


async def test_a_token_may_go_on_as_the_grammar_does(wide: Engine) -> None:
    grammar = 'root ::= "he" "llo"? [0-9] "."'
    held = await all_of(wide, [wild(seed, grammar, "he") for seed in SEEDS])
    whole = r"he(llo)?[0-9]\."
    ends = [heard.text for heard in held if check(heard, whole, r"he(l|ll|llo)?[0-9]?\.?", "he")]
    assert {"llo" in end for end in ends} == {True, False}


async def test_trigger_in_several_tokens(wide: Engine) -> None:
    free = await all_of(wide, [wild(seed) for seed in SEEDS])
    # Letters that begin no longer token: one that went on otherwise would be drawn again.
    found = [
        (seed, heard.text, re.search("[a-dfgi-kmnp-vx-z]{2}", heard.text)) for seed, heard in enumerate(free)
    ]
    seen = [(seed, text, match.group()) for seed, text, match in found if match]
    grammar = 'root ::= "{}" [0-9]{{2}} "."'
    calls = [wild(seed, grammar.format(pair), pair, max_tokens=140) for seed, _, pair in seen]
    for (_, text, trigger), heard in zip(seen, await all_of(wide, calls), strict=True):
        before = text[: text.index(trigger)]
        assert heard.text.startswith(before + trigger)
        assert check(heard, trigger + r"[0-9]{2}\.", "", trigger)
    assert len(seen) > 10


async def test_several_triggers(wide: Engine) -> None:
    grammar = 'root ::= "q" [0-9]+ "." | "==" [a-z]? "!" | "zz"'
    whole, part = r"q[0-9]+\.|==[a-z]?!|zz", r"q[0-9]*|==[a-z]?"
    triggers = ("q", "==", "zz")
    held = await all_of(wide, [wild(seed, grammar, *triggers) for seed in SEEDS])
    ends = {from_trigger(heard.text, *triggers) for heard in held if check(heard, whole, part, *triggers)}
    assert {end[0] for end in ends if end} >= {"q", "="}


async def test_trigger_that_never_comes_leaves_the_text_free(wide: Engine) -> None:
    calls = [wild(seed, 'root ::= "never written" [0-9]', "never written") for seed in range(8)]
    held = await all_of(wide, calls)
    free = await all_of(wide, [wild(seed) for seed in range(8)])
    assert [heard.text for heard in held] == [heard.text for heard in free]


async def test_trigger_that_the_grammar_cannot_begin_with_is_never_written(wide: Engine) -> None:
    held = await all_of(wide, [wild(seed, 'root ::= "yes"', "q") for seed in range(20)])
    free = await all_of(wide, [wild(seed) for seed in range(20)])
    assert any("q" in heard.text for heard in free)
    assert not any("q" in heard.text for heard in held)


async def test_greedy_text_goes_on_at_its_trigger(wide: Engine) -> None:
    free = await hear(wide, request(user("x"), max_tokens=200))
    match = re.search("[a-z]", free.text)
    assert match is not None
    trigger = match.group()
    grammar = f'root ::= "{trigger}" " is what it says"'
    held = await hear(wide, request(user("x"), max_tokens=230, grammar=grammar, triggers=(trigger,)))
    assert held.text == free.text[: match.end()] + " is what it says"
    assert held.finished.finish_reason == "stop"


async def test_special_token_as_trigger(wide: Engine) -> None:
    # Wild text often breaks off inside a character, which then stands before the special token.
    grammar = 'root ::= "<|im_start|>" [a\u00e9\u20ac]+ "."'
    held = await all_of(wide, [wild(seed, grammar, "<|im_start|>") for seed in SEEDS])
    triggered = 0
    for heard in held:
        starts = [offset for offset, token in marks(heard) if token == "<|im_start|>"]
        assert not any(special in heard.text for special in SPECIALS)
        if starts:
            triggered += 1
            pattern = (
                "[a\u00e9\u20ac]+\\." if heard.finished.finish_reason == "stop" else "[a\u00e9\u20ac]*\ufffd?"
            )
            assert len(starts) == 1
            assert re.fullmatch(pattern, heard.text[starts[0] :])
    assert triggered > 5


def marks(heard: Heard) -> list[tuple[int, str]]:
    """Return the special tokens of an answer, each with its place in the whole text."""
    found, before = [], 0
    for delta in heard.deltas:
        assert all(0 <= mark.offset <= len(delta.text) for mark in delta.marks)
        found += [(before + mark.offset, mark.token) for mark in delta.marks]
        before += len(delta.text)
    return found


def spelled(*parts: str | int) -> str:
    """Return a grammar of exactly these tokens: ASCII text byte by byte, and tokens by number."""
    tokens = [t for part in parts for t in (part.encode() if isinstance(part, str) else [part])]
    return "root ::= " + " ".join(f"<[{token}]>" for token in tokens)


async def test_special_tokens_are_marks_at_their_place(wide: Engine) -> None:
    letters = "abcd" * 60  # long enough to come in several parts
    grammar = spelled(START, letters, START, START, "yz", START, ".")
    heard = await hear(wide, request(user("x"), max_tokens=900, grammar=grammar))
    assert heard.text == f"{letters}yz."
    n = len(letters)
    assert marks(heard)[:4] == [(at, "<|im_start|>") for at in (0, n, n, n + 2)]
    assert heard.finished.finish_reason == "stop"
    ends = marks(heard)[4:]
    assert [at for at, _ in ends] == [len(heard.text)]
    assert ends[0][1] in SPECIALS


async def test_marks_never_stand_in_the_text_of_wild_output(wide: Engine) -> None:
    heard = await all_of(wide, [wild(seed, max_tokens=200) for seed in range(20)])
    everything = [mark for one in heard for mark in marks(one)]
    assert {token for _, token in everything} == set(SPECIALS)
    assert not any(special in one.text for one in heard for special in SPECIALS)
    for one in heard:
        assert all(a <= b for (a, _), (b, _) in pairwise(marks(one)))


async def test_text_with_a_mark_cannot_come_back_as_control(wide: Engine) -> None:
    heard = await hear(wide, request(user("x"), grammar=spelled("a", START, "b")))
    assert heard.text == "ab"
    assert marks(heard)[0] == (1, "<|im_start|>")
    plain = await hear(wide, request(user("qq"), max_tokens=1))
    again = await hear(wide, request(user("ab"), max_tokens=1))
    assert again.finished.prompt_tokens == plain.finished.prompt_tokens


async def test_bad_lazy_grammar_is_refused_before_any_text(wide: Engine) -> None:
    heard = await hear(wide, wild(0, "root ::= (", "h"))
    assert heard.finished.finish_reason == "failed"
    assert "grammar" in heard.finished.error
    assert heard.text == ""
