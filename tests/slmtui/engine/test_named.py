import math
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
import pytest_asyncio

from agents.message import Sampling
from agents.model import NamedSet, Request
from slmtui.engine.client import Engine
from tests.models import vocabulary
from tests.slmtui.engine.conftest import Heard, hear, request, user
from tests.slmtui.engine.plain import running, small

pytestmark = pytest.mark.asyncio(loop_scope="module")

CLOSE = 1e-3


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def wide(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Engine]:
    async with running(small(tiny_model, sequences=16), tmp_path_factory.mktemp("named")) as engine:
        yield engine


def asked(names: Sequence[str], marker: str = "", grammar: str | None = None, **more: object) -> Request:
    return request(user("who"), max_tokens=40, grammar=grammar, named=NamedSet(marker, tuple(names)), **more)


async def choices(engine: Engine, call: Request) -> dict[str, float]:
    heard = await hear(engine, call)
    assert heard.finished.finish_reason != "failed", heard.finished.error
    return {choice.name: choice.probability for choice in heard.finished.choices}


async def probability(engine: Engine, token: int) -> float:
    """Return the probability of a token at the first place, by forcing it."""
    call = request(user("who"), max_tokens=1, grammar=f"root ::= <[{token}]>", logprobs=True)
    return math.exp((await hear(engine, call)).logprobs[0])


def assert_is(found: dict[str, float], wanted: dict[str, float]) -> None:
    """The probabilities are the wanted ones among themselves, and the likeliest stands first."""
    assert sum(found.values()) == pytest.approx(1)
    total = sum(wanted.values())
    assert found == pytest.approx({name: p / total for name, p in wanted.items()}, abs=CLOSE)
    assert list(found.values()) == sorted(found.values(), reverse=True)


async def test_names_of_one_token(wide: Engine) -> None:
    found = await choices(wide, asked(["a", "b", "c"]))
    assert_is(found, {name: await probability(wide, ord(name)) for name in "abc"})


async def test_names_of_several_tokens_have_all_their_beginnings(wide: Engine) -> None:
    tokens = vocabulary()
    found = await choices(wide, asked(["hello", "world", "x"]))
    hello = [tokens.index(beginning) for beginning in ("h", "he", "hel", "hello")]
    assert_is(
        found,
        {
            "hello": sum([await probability(wide, token) for token in hello]),
            "world": await probability(wide, ord("w")),
            "x": await probability(wide, ord("x")),
        },
    )


async def test_names_that_begin_alike_share_what_cannot_be_told_apart(wide: Engine) -> None:
    tokens = vocabulary()
    found = await choices(wide, asked(["helm", "hello", "z"]))
    both = [tokens.index(beginning) for beginning in ("h", "he", "hel")]
    assert_is(
        found,
        {
            "helm|hello": sum([await probability(wide, token) for token in both]),
            "hello": await probability(wide, tokens.index("hello")),
            "z": await probability(wide, ord("z")),
        },
    )


async def test_one_name_is_certain_and_none_is_nothing(wide: Engine) -> None:
    assert await choices(wide, asked(["a"])) == {"a": 1.0}
    assert await choices(wide, asked(["a", "a"])) == {"a": 1.0}
    assert await choices(wide, asked([])) == {}
    assert await choices(wide, asked([""])) == {}


async def test_name_in_the_middle_of_the_output(wide: Engine) -> None:
    grammar = r'root ::= "{\"agent\": \"" ("ada" | "bob" | "cyd") "\"}"'
    marker = '"agent": "'
    call = asked(["ada", "bob", "cyd"], marker, grammar, logprobs=True)
    heard = await hear(wide, call)
    found = {choice.name: choice.probability for choice in heard.finished.choices}
    forced: dict[str, Heard] = {}
    for name in ("ada", "bob", "cyd"):
        held = rf'root ::= "{{\"agent\": \"{name}\"}}"'
        forced[name] = await hear(wide, request(user("who"), max_tokens=40, grammar=held, logprobs=True))
    at = len('{"agent": "')
    assert_is(found, {name: math.exp(one.logprobs[at]) for name, one in forced.items()})
    # Greedy, and so the grammar's choice is the likeliest one.
    assert f'"{heard.finished.choices[0].name}"' in heard.text


async def test_temperature_and_order_do_not_matter(wide: Engine) -> None:
    wild = Sampling(temperature=3.0, top_k=2, top_p=0.5, min_p=0.3, repeat_penalty=1.3, seed=1)
    found = await choices(wide, asked("abc"))
    assert await choices(wide, asked("cab", sampling=wild)) == pytest.approx(found, abs=CLOSE)


async def test_marker_that_is_not_written(wide: Engine) -> None:
    assert await choices(wide, asked("ab", "never", 'root ::= "other"')) == {}


async def test_marker_inside_a_token_has_no_place(wide: Engine) -> None:
    hello = vocabulary().index("hello")
    assert await choices(wide, asked("ab", "hel", f"root ::= <[{hello}]>")) == {}
    assert len(await choices(wide, asked("ab", "lo", f"root ::= <[{hello}]>"))) == 2


async def test_first_of_several_markers(wide: Engine) -> None:
    once = await choices(wide, asked("ab", ":", 'root ::= ":x"'))
    twice = await choices(wide, asked("ab", ":", 'root ::= ":x:x:x"'))
    assert twice == pytest.approx(once, abs=CLOSE)


async def test_place_behind_the_last_token_is_not_asked(wide: Engine) -> None:
    grammar = 'root ::= "yes:" "a"'
    cut = request(user("who"), max_tokens=4, grammar=grammar, named=NamedSet(":", ("a", "b")))
    assert await choices(wide, cut) == {}


async def test_no_set_no_choices(wide: Engine) -> None:
    assert await choices(wide, request(user("who"))) == {}
