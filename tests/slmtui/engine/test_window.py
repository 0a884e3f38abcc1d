import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from agents.events import TextDelta
from agents.message import Message
from agents.model import CallEvent
from tests.model_probe import probe
from tests.slmtui.engine.conftest import hear, request, user
from tests.slmtui.engine.pair import Pair, asked
from tests.slmtui.engine.plain import LETTERS, answer, running, small
from tests.window_models import write_windowed

pytestmark = pytest.mark.asyncio(loop_scope="module")

WINDOW = 64
PRINT = "windowed model of this test"
LONG = "What lies behind a window may be gone by now. " * 8
SYSTEM = Message("system", LONG, "system")
WINDOW_OF = """
import sys
from pathlib import Path
from slmtui.engine.native import NativeModel

model = NativeModel(Path(sys.argv[1]), 0, lambda _fraction: None)
print(model.window, model.can_cut)
"""


@pytest.fixture(scope="module")
def windowed_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_windowed(tmp_path_factory.mktemp("models") / "windowed.gguf", window=WINDOW)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pair(windowed_model: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pair]:
    load = small(windowed_model, sequences=6)
    async with (
        running(load, tmp_path_factory.mktemp("used")) as used,
        running(load, tmp_path_factory.mktemp("fresh")) as fresh,
    ):
        yield Pair(used, fresh)


async def written(pair: Pair, *messages: Message, tokens: int = 300) -> str:
    """Let an answer be written that is much longer than the window, and return it."""
    letters = f"root ::= [a-d]{{{tokens}}}"
    heard = await hear(pair.used, request(*messages, max_tokens=tokens, grammar=letters))
    assert heard.finished.output_tokens == tokens
    return heard.text


async def test_engine_sees_the_window(windowed_model: Path) -> None:
    command = [sys.executable, "-c", WINDOW_OF, str(windowed_model)]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(WINDOW), "True"]


async def test_window_decides_what_is_written(windowed_model: Path, tmp_path: Path) -> None:
    wide = write_windowed(tmp_path / "wide.gguf", window=1024)
    short, long = "ab" * 12, "ab cd " * 30
    narrow_logits = (await asyncio.to_thread(probe, windowed_model, short, long)).logits
    wide_logits = (await asyncio.to_thread(probe, wide, short, long)).logits
    assert narrow_logits[0] == pytest.approx(wide_logits[0], abs=1e-3)
    assert narrow_logits[1] != pytest.approx(wide_logits[1], abs=1e-2)


async def test_growing_conversation(pair: Pair) -> None:
    said = [SYSTEM]
    held = 0
    for n in range(5):
        heard = await pair.same(*said, user(f"turn {n} of five"), grammar=LETTERS)
        done = heard.finished
        assert done.reused_tokens >= held
        held = done.prompt_tokens + done.output_tokens - 1
        said += [Message("user", f"turn {n} of five", "history", n + 1), answer(heard.text)]
    assert held > len(SYSTEM.content) > 5 * WINDOW


async def test_repeated_prompt(pair: Pair) -> None:
    said = Message("system", "Again, again. " + LONG, "system")
    first = await pair.same(said, user("the same question"))
    for _ in range(2):
        again = await pair.same(said, user("the same question"))
        assert again.text == first.text


@pytest.mark.parametrize("kept", [1, 20, WINDOW - 1, WINDOW, WINDOW + 1, 3 * WINDOW, len(LONG)])
async def test_branch_behind_the_window(pair: Pair, kept: int) -> None:
    said = Message("system", f"{kept}: " + LONG, "system")
    await written(pair, said, user("go on"))
    await pair.same(Message("system", f"not {kept}: " + LONG, "system"), user("something else"))
    branch = Message("system", said.content[:kept] + "# and another way", "system")
    await pair.same(branch, user("go on"))
    await pair.same(said, user("go on"))


@pytest.mark.parametrize("cut", [1, WINDOW // 2, WINDOW - 1, WINDOW, WINDOW + 1, 2 * WINDOW])
async def test_branch_inside_a_long_answer(pair: Pair, cut: int) -> None:
    said = Message("system", f"{cut} from the end. " + LONG, "system")
    text = await written(pair, said, user("go on"))
    past = Message("user", "go on", "history", 1)
    await pair.same(said, past, answer(text[:-cut]), user("and now"))
    await pair.same(said, past, answer(text), user("and now"))


@pytest.mark.parametrize("after", [1, 150])
async def test_branch_from_one_that_is_being_written(pair: Pair, after: int) -> None:
    said = Message("system", f"Still busy after {after}. " + LONG, "system")
    stop, begun = asyncio.Event(), asyncio.Event()
    seen = 0

    def on_event(event: CallEvent) -> None:
        nonlocal seen
        seen += len(event.text) if isinstance(event, TextDelta) else 0
        if seen >= after:
            begun.set()

    letters = "root ::= [a-d]{600}"
    call = hear(
        pair.used,
        request(said, user("go on"), max_tokens=600, grammar=letters, logprobs=True),
        stop,
        on_event,
    )
    busy = asyncio.create_task(call)
    await begun.wait()
    for length in (10, 2 * WINDOW, len(said.content)):
        await pair.same(Message("system", said.content[:length], "system"), user("beside it"))
    stop.set()
    await busy
    await pair.same(said, user("go on"))


async def test_beside_others(pair: Pair) -> None:
    prompts = [(Message("system", LONG[: 90 * n + 30], "system"), user(f"beside {n}")) for n in range(5)]
    for _ in range(2):
        together = await asyncio.gather(*(hear(pair.used, asked(*messages)) for messages in prompts))
        for messages, heard in zip(prompts, together, strict=True):
            await pair.check(heard, *messages)


async def test_many_conversations_parked_and_read_in(pair: Pair) -> None:
    talks = [[Message("system", f"{n} agents take turns. " + LONG, "system")] for n in range(9)]
    for turn in range(3):
        for n, said in enumerate(talks):
            heard = await pair.same(*said, user(f"turn {turn}"), grammar=LETTERS)
            assert heard.finished.reused_tokens > 0 or turn == 0, n
            said += [Message("user", f"turn {turn}", "history", turn + 1), answer(heard.text)]


async def test_saved_and_restored(pair: Pair, windowed_model: Path, tmp_path: Path) -> None:
    path = tmp_path / "talk.kv"
    said = Message("system", "Kept for later. " + LONG, "system")
    text = await written(pair, said, user("go on"))
    past = Message("user", "go on", "history", 1), answer(text)
    saved = await pair.used.save_state(path, PRINT, (said, *past))
    assert saved.error == ""
    assert saved.tokens > len(LONG) + len(text)
    async with running(small(windowed_model), tmp_path) as engine:
        restored = Pair(engine, pair.fresh)
        for messages in (
            (said, *past, user("and on")),
            (said, past[0], answer(text[:100]), user("and on")),
            (said, user("another")),
        ):
            assert (await engine.restore_state(path, PRINT)).tokens == saved.tokens
            await restored.same(*messages)


async def test_part_behind_the_window_is_not_saved(pair: Pair, tmp_path: Path) -> None:
    path = tmp_path / "part.kv"
    said = Message("system", "A part is kept. " + LONG, "system")
    await written(pair, said, user("go on"))
    await pair.same(Message("system", "Something else. " + LONG, "system"), user("x"))
    saved = await pair.used.save_state(path, PRINT, (said,))
    # What lies behind the window is gone: nothing is kept that would give wrong answers.
    assert (saved.tokens, saved.bytes) == (0, 0)
    assert not await asyncio.to_thread(path.exists)
    await pair.same(said, user("another"))
