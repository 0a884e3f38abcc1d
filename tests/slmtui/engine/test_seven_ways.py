"""llama.cpp in one's own process dies in seven easy ways. Here each is impossible, or costs one call."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from agents.events import TextDelta
from agents.message import Sampling
from agents.model import CallEvent
from slmtui.engine.client import Engine, EngineError
from slmtui.engine.protocol import Load, Shape
from tests.models import vocabulary
from tests.slmtui.engine import native_probe
from tests.slmtui.engine.conftest import Heard, hear, request, user
from tests.slmtui.engine.native_probe import SEQUENCES
from tests.slmtui.engine.plain import running, small

EOS = vocabulary().index("<|im_end|>")
USES = (
    *("decode", "logits", "cut", "clear", "copy", "copy_whole", "state_bytes", "state", "set_state"),
    *("set_threads", "set_adapters"),
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Engine]:
    load = small(tiny_model, sequences=16, context=8192)
    async with running(load, tmp_path_factory.mktemp("seven")) as engine:
        yield engine


async def check_alive(engine: Engine, pid: int | None) -> None:
    assert (await hear(engine, request(user("x"), max_tokens=4))).finished.finish_reason != "failed"
    assert engine.pid == pid


# 1: a grammar that is none


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    "grammar",
    [
        "",
        "root ::= (",
        'other ::= "a"',
        "root ::= root",
        "root ::= missing",
        'root ::= "a',
        "root ::= [",
        'root ::= "a"{3,1}',
        "root ::= <[99999]>",
        "root ::= <[-1]>",
        f"root ::= {'(' * 5000}",
        'root ::= (((a)*)*)*\na ::= "" | a',
        "\0",
    ],
)
async def test_bad_grammar_costs_one_call(live: Engine, grammar: str) -> None:
    pid = live.pid
    for triggers in ((), ("a",)):
        done = (await hear(live, request(user("x"), grammar=grammar, triggers=triggers))).finished
        assert done.finish_reason == "failed"
        assert "grammar" in done.error
    await check_alive(live, pid)


# 2, 3, 4: a batch that is too large, two threads on a context, use after it was closed


@pytest.fixture(scope="module")
def outcomes(tiny_model: Path) -> dict[str, str]:
    """What came of each of the probe's cases; a child that died is a failure that names the last one."""
    done = subprocess.run(
        [sys.executable, native_probe.__file__, str(tiny_model)],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, (lines[-1:], done.stderr[-500:])
    return dict(lines)


@pytest.mark.parametrize(
    "case",
    [
        "a batch that is too large",
        "a batch of nothing",
        *(f"{which} token" for which in ("a negative", "the first beyond", "a huge")),
        *(
            f"{act} sequence {n}"
            for act in ("decode in", "cut", "copy", "copy to", "state of", "state to")
            for n in (-1, SEQUENCES, 500)
        ),
        "logits of a row without any",
        "logits of no row",
        *(f"{where}: {use}" for where in ("another thread", "closed") for use in USES),
        "closed: close",
    ],
)
def test_what_would_end_the_process_is_refused(outcomes: dict[str, str], case: str) -> None:
    assert outcomes[case].startswith("refused: ")


def test_what_is_right_goes_on(outcomes: dict[str, str]) -> None:
    assert outcomes["a batch that fits"] == "returned 0"
    assert outcomes["a position that leaves a gap"] == "returned True"
    assert outcomes["a damaged state"] == "returned False"
    assert outcomes["still alive"] == "returned 0"


@pytest.mark.asyncio(loop_scope="module")
async def test_prompt_of_many_batches(live: Engine) -> None:
    pid = live.pid
    done = (await hear(live, request(user("q" * 1700), max_tokens=4))).finished
    assert done.finish_reason != "failed"
    assert done.prefilled_tokens > 1700
    together = await asyncio.gather(
        *(hear(live, request(user(f"{n}" * 300), max_tokens=4)) for n in range(12))
    )
    assert all(heard.finished.finish_reason != "failed" for heard in together)
    await check_alive(live, pid)


# 5, 6: a grammar that is fed what it does not allow, or an end of turn in its middle


async def held(engine: Engine, grammar: str, *, top_k: int = 0, penalty: float = 1.0) -> list[Heard]:
    """Return forty texts under a grammar, of draws that care for nothing."""
    calls = [
        request(
            user("x"),
            max_tokens=40,
            sampling=Sampling(
                temperature=8, top_k=top_k, top_p=1, min_p=0, repeat_penalty=penalty, seed=seed
            ),
            grammar=grammar,
        )
        for seed in range(40)
    ]
    return await asyncio.gather(*(hear(engine, call) for call in calls))


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("top_k", "penalty"), [(0, 1.0), (3, 1.0), (0, 1.5)])
async def test_grammar_is_fed_what_it_allows(live: Engine, top_k: int, penalty: float) -> None:
    pid = live.pid
    for heard in await held(
        live, 'root ::= "h" [a-f]{2,9} ("\u00e9" | "\u20ac")+ "."', top_k=top_k, penalty=penalty
    ):
        pattern = "h[a-f]{2,9}[\u00e9\u20ac]+[.]"
        if heard.finished.finish_reason == "length":
            pattern = "h[a-f]{2,9}[\u00e9\u20ac]*\ufffd?[.]?"
        assert re.fullmatch(pattern, heard.text)
    await check_alive(live, pid)


@pytest.mark.asyncio(loop_scope="module")
async def test_turn_ends_where_the_grammar_does(live: Engine) -> None:
    pid = live.pid
    texts = await held(live, "root ::= [a-z]{3,30}")
    for heard in texts:
        assert re.fullmatch("[a-z]{3,30}", heard.text)
        assert heard.finished.finish_reason == "stop"
    assert len({len(heard.text) for heard in texts}) > 3
    await check_alive(live, pid)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("tokens", [f"<[{EOS}]> <[97]>", f"<[97]> <[{EOS}]> <[98]>", "!<[97]>"])
async def test_grammar_that_names_the_end_of_a_turn(live: Engine, tokens: str) -> None:
    pid = live.pid
    done = (await hear(live, request(user("x"), grammar=f"root ::= {tokens}"))).finished
    assert done.finish_reason in {"stop", "length"}
    await check_alive(live, pid)


@pytest.mark.asyncio(loop_scope="module")
async def test_grammar_that_the_vocabulary_cannot_write_on(live: Engine) -> None:
    pid = live.pid
    done = (await hear(live, request(user("x"), grammar='root ::= ""'))).finished
    assert done.finish_reason in {"stop", "failed"}
    await check_alive(live, pid)


# 7: no memory left


async def test_no_memory_for_any_context(tiny_model: Path, make_engine: Callable[[Load], Engine]) -> None:
    huge = Shape(layers=2, kv_bytes=2**40, weights=1_000_000, trained_context=2048)
    load = msgspec.structs.replace(small(tiny_model, context=0), shape=huge)
    with pytest.raises(EngineError, match=r"not enough memory.*take a smaller model"):
        await make_engine(load).start()


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of an address space on Linux")
def test_context_beyond_a_limit(outcomes: dict[str, str]) -> None:
    for case in ("a context beyond the limit", "loading it"):
        assert outcomes[case].startswith("refused: there is not enough memory for a context")
    assert outcomes["a context within the limit"] == "returned 256"


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
async def test_killed_for_its_memory(engine: Engine) -> None:
    pid = engine.pid
    assert pid is not None

    def on_event(event: CallEvent) -> None:
        if isinstance(event, TextDelta) and engine.pid == pid:
            os.kill(pid, signal.SIGKILL)

    beside = [hear(engine, request(user(f"x{n}"), max_tokens=1500), None, on_event) for n in range(3)]
    for heard in await asyncio.gather(*beside):
        assert heard.finished.finish_reason == "failed"
        assert "The next prompt starts it again" in heard.finished.error
    assert (await hear(engine, request(user("x")))).finished.finish_reason != "failed"
    assert engine.pid != pid
