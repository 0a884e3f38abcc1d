import asyncio
import dataclasses
import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from agents.events import CallFinished, ContextTrimmed, PrefillProgress, TextDelta
from agents.message import Message, Sampling
from agents.model import CallEvent, PurposeSwitch
from slmtui.engine.client import Engine, EngineError
from slmtui.engine.protocol import Load
from tests.models import LONG_TOKEN, write_tiny
from tests.slmtui.engine.conftest import GREEDY, hear, request, user

WILD = Sampling(temperature=3.0, top_k=0, top_p=1.0, min_p=0.0)
MakeEngine = Callable[[Load], Engine]


async def test_call_streams_and_accounts_for_every_token(engine: Engine) -> None:
    heard = await hear(engine, request(user("hello world"), max_tokens=40))
    done = heard.finished
    assert done.finish_reason in {"stop", "length"}
    assert done.output_tokens == sum(len(d.times) for d in heard.deltas) > 0
    assert done.prompt_tokens == done.reused_tokens + done.prefilled_tokens
    assert sum(o.reused for o in done.origins) == done.reused_tokens
    assert sum(o.prefilled for o in done.origins) == done.prefilled_tokens
    times = [t for d in heard.deltas for t in d.times]
    assert times == sorted(times)
    assert done.ttft_s is not None
    assert done.kv_bytes > 0


async def test_same_seed_same_text_and_other_seed_other_text(engine: Engine) -> None:
    def drawn(seed: int) -> Sampling:
        return Sampling(temperature=1.0, top_k=0, top_p=1.0, min_p=0.0, repeat_penalty=1.0, seed=seed)

    warm_up = request(user("hello"), max_tokens=1)
    await hear(engine, warm_up)
    texts = [
        (await hear(engine, request(user("hello"), max_tokens=30, sampling=drawn(s)))).text
        for s in (1, 1, 2, 0)
    ]
    assert texts[0] == texts[1]
    assert len({*texts}) == 3


async def test_long_tokens_and_invalid_bytes_come_through(engine: Engine) -> None:
    wild = Sampling(temperature=5.0, top_k=0, top_p=1.0, min_p=0.0, repeat_penalty=1.0, seed=3)
    heard = await hear(engine, request(user("x"), max_tokens=600, sampling=wild))
    assert heard.finished.output_tokens == sum(len(d.times) for d in heard.deltas)
    assert "\ufffd" in heard.text
    grammar = f'root ::= "{LONG_TOKEN}{LONG_TOKEN}"'
    held = await hear(engine, request(user("x"), max_tokens=200, sampling=wild, grammar=grammar))
    assert held.text == LONG_TOKEN * 2


async def test_second_turn_prefills_only_what_is_new(engine: Engine) -> None:
    first = await hear(engine, request(user("hello"), max_tokens=8))
    told = Message("assistant", first.text, "history", 1)
    second = await hear(engine, request(user("hello"), told, user("more"), max_tokens=8))
    done = second.finished
    # All of the first prompt and what the model wrote, whatever tokenizing that text again would give.
    assert done.reused_tokens >= first.finished.prompt_tokens + first.finished.output_tokens - 1
    assert done.avoidable_tokens == 0


async def test_two_agents_keep_their_places(engine: Engine) -> None:
    prompts = [[Message("system", f"You are agent {n}. " * 5, "system"), user("hello")] for n in (1, 2)]
    for messages in prompts:
        await hear(engine, request(*messages))
    for messages in prompts:
        done = (await hear(engine, request(*messages))).finished
        assert done.prefilled_tokens == 1
        assert done.avoidable_tokens == 0


async def test_calls_at_once_share_the_engine(engine: Engine) -> None:
    asked = [request(user(f"hello {n}"), max_tokens=12) for n in range(6)]
    alone = [(await hear(engine, r)).text for r in asked]
    again = [request(user(f"hello {n}"), max_tokens=12) for n in range(6)]
    together = await asyncio.gather(*(hear(engine, r) for r in again))
    assert [h.finished.output_tokens for h in together] == [len(_tokens(h.events)) for h in together]
    assert [h.text for h in together] == alone


def _tokens(events: list[CallEvent]) -> list[float]:
    return [t for e in events if isinstance(e, TextDelta) for t in e.times]


async def test_grammar_holds_and_ends(engine: Engine) -> None:
    heard = await hear(engine, request(user("x"), max_tokens=50, grammar='root ::= "yes" | "no"'))
    assert heard.text in {"yes", "no"}
    assert heard.finished.finish_reason == "stop"
    assert heard.finished.grammar_s > 0


async def test_bad_grammar_costs_one_call(engine: Engine) -> None:
    heard = await hear(engine, request(user("x"), grammar="root ::= ("))
    assert heard.finished.finish_reason == "failed"
    assert "grammar" in heard.finished.error
    pid = engine.pid
    assert (await hear(engine, request(user("x")))).finished.finish_reason != "failed"
    assert engine.pid == pid


async def test_purposes_switch_within_a_call(engine: Engine) -> None:
    grammar = r'root ::= "{\"agent\": \"a\", \"task\": \"hello\"}"'
    switches = (PurposeSwitch('"task": ', "handoff"),)
    heard = await hear(
        engine, request(user("x"), max_tokens=90, grammar=grammar, switches=switches, purpose="route")
    )
    by_purpose = {p: "".join(d.text for d in heard.deltas if d.purpose == p) for p in ("route", "handoff")}
    assert by_purpose == {"route": '{"agent": "a", "task": ', "handoff": '"hello"}'}


async def test_text_cannot_forge_control_tokens(engine: Engine) -> None:
    honest = (await hear(engine, request(user("a"), max_tokens=1))).finished.prompt_tokens
    forged = (await hear(engine, request(user("<|im_end|>"), max_tokens=1))).finished.prompt_tokens
    assert forged - honest == len("<|im_end|>") - 1


async def test_stop_in_mid_answer_keeps_what_was_written(engine: Engine) -> None:
    stop = asyncio.Event()

    def on_event(event: CallEvent) -> None:
        if isinstance(event, TextDelta):
            stop.set()

    heard = await hear(engine, request(user("x"), max_tokens=1500), stop, on_event)
    assert heard.finished.finish_reason == "cancelled"
    assert 0 < heard.finished.output_tokens < 1500
    assert heard.finished.output_tokens == len(_tokens(heard.events))


async def test_stop_in_mid_prefill(engine: Engine) -> None:
    stop = asyncio.Event()

    def on_event(event: CallEvent) -> None:
        if isinstance(event, PrefillProgress):
            stop.set()

    heard = await hear(engine, request(user("ab " * 600)), stop, on_event)
    done = heard.finished
    assert done.finish_reason == "cancelled"
    assert done.output_tokens == 0
    assert done.prompt_tokens == done.reused_tokens + done.prefilled_tokens
    assert (await hear(engine, request(user("x")))).finished.finish_reason != "failed"


async def test_leaving_a_stream_cancels_its_call(engine: Engine) -> None:
    stream = engine.stream(request(user("x"), max_tokens=1500), asyncio.Event())
    await anext(stream)
    await stream.aclose()
    assert (await hear(engine, request(user("y")))).finished.finish_reason != "failed"


async def test_old_turns_are_left_out_by_the_stated_rule(engine: Engine) -> None:
    history = [
        Message(role, f"turn {n} " * 30, "history", n) for n in range(1, 9) for role in ("user", "assistant")
    ]
    heard = await hear(
        engine, request(Message("system", "s", "system"), *history, user("last"), max_tokens=4)
    )
    trimmed = [e for e in heard.events if isinstance(e, ContextTrimmed)]
    assert len(trimmed) == 1
    assert "oldest turns" in trimmed[0].rule
    assert trimmed[0].dropped_messages % 2 == 0
    assert trimmed[0].tokens_after <= trimmed[0].limit < trimmed[0].tokens_before
    assert heard.finished.prompt_tokens == trimmed[0].tokens_after


async def test_prompt_that_cannot_fit_fails_with_what_to_do(engine: Engine) -> None:
    for length in (3000, 3_000_000):
        done = (await hear(engine, request(user("q" * length)))).finished
        assert done.finish_reason == "failed"
        assert "Shorten it" in done.error


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
async def test_death_of_the_child_costs_one_call(engine: Engine, number: signal.Signals) -> None:
    pid = engine.pid
    assert pid is not None

    def on_event(event: CallEvent) -> None:
        if isinstance(event, TextDelta):
            os.kill(pid, number)

    heard = await hear(engine, request(user("x"), max_tokens=1500), None, on_event)
    assert heard.finished.finish_reason == "failed"
    assert number.name in heard.finished.error
    assert heard.finished.output_tokens == len(_tokens(heard.events))
    after = await hear(engine, request(user("x")))
    assert after.finished.finish_reason != "failed"
    assert engine.pid != pid


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"GGUF", "cannot load"), (b"not a model at all", "cannot load")],
)
async def test_file_that_is_no_model(
    tmp_path: Path, make_engine: MakeEngine, content: bytes, said: str
) -> None:
    path = tmp_path / "bad.gguf"
    path.write_bytes(content)
    with pytest.raises(EngineError, match=said):
        await make_engine(Load(str(path))).start()


async def test_model_without_a_template(tmp_path: Path, make_engine: MakeEngine) -> None:
    path = write_tiny(tmp_path / "mute.gguf", template=None)
    with pytest.raises(EngineError, match="no chat template"):
        await make_engine(Load(str(path))).start()
    template = tmp_path / "plain.jinja"
    template.write_text("{% for m in messages %}{{ m['content'] }}\n{% endfor %}")
    engine = make_engine(Load(str(path), template=str(template)))
    assert (await hear(engine, request(user("hello")))).finished.finish_reason != "failed"
    await engine.close()


async def test_load_reports_progress(tiny_model: Path, make_engine: MakeEngine) -> None:
    engine, seen = make_engine(Load(str(tiny_model))), []
    await engine.start(seen.append)
    await engine.close()
    assert seen[-1] == pytest.approx(1.0)
    assert engine.pid is None


async def test_finished_is_always_last(engine: Engine) -> None:
    heard = await hear(engine, request(user("x"), sampling=GREEDY))
    assert [isinstance(e, CallFinished) for e in heard.events].count(True) == 1


@pytest.mark.parametrize(
    ("grammar", "language"),
    [
        ('root ::= "é" | "日本" | "🙂"', "é|日本|🙂"),
        ("root ::= [^a]{5}", "[^a]{5}"),
        ("root ::= [à-ÿ]{3}", "[à-ÿ]{3}"),
    ],
)
async def test_characters_under_a_grammar_are_whole(engine: Engine, grammar: str, language: str) -> None:
    # llama.cpp's own grammars take bytes for a character that no other reader of UTF-8 does.
    asked = [
        request(user("x"), max_tokens=40, grammar=grammar, sampling=dataclasses.replace(WILD, seed=seed))
        for seed in range(30)
    ]
    for heard in await asyncio.gather(*(hear(engine, one) for one in asked)):
        assert heard.finished.finish_reason == "stop"
        assert re.fullmatch(language, heard.text, re.DOTALL)
        assert "\ufffd" not in heard.text
