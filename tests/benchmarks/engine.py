"""The engine's benchmark: ratios, both sides measured in turns in one run.

`python -m tests.benchmarks.engine` runs everything on the embedded model, and what depends on a model's
size and vocabulary on randomly weighted ones of a real shape (Qwen2.5-0.5B, Q8_0 and Q4_0), which it
makes first. `--vocab FILE` takes the vocabulary of those from a GGUF file; `--peer PYTHON` compares the
multi-agent turn with llama-server too, run by a Python that has xllamacpp. `--only WORD` runs the
figures whose name has the word. Nothing else should run on the machine meanwhile.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from agents.grammar import object_grammar
from slmtui.engine.defaults import default_threads
from slmtui.host import machine_name
from tests.benchmarks import decode_figures, sharing_figures, turn_figures
from tests.benchmarks.real_shape import write_qwen_shape
from tests.benchmarks.sides import Where
from tests.models import embedded_model

PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}, "city": {"type": "string"}},
    "required": ["name", "age", "city"],
}
JSON = object_grammar({"type": "array", "items": PERSON, "minItems": 8, "maxItems": 8})


@dataclass(frozen=True)
class Row:
    """A line of the table: what was measured, the ratio, what it must reach, and the two sides in words."""

    figure: str
    ratio: float
    target: str
    sides: str

    @property
    def reached(self) -> bool:
        """Whether the target is met."""
        sign, _, number = self.target.partition(" ")
        return {"≥": self.ratio >= float(number), "≤": self.ratio <= float(number)}.get(
            sign, self.ratio == float(number or sign)
        )


@dataclass(frozen=True)
class Figure:
    """Something to measure on a model: `size` when it depends on the size and vocabulary of a model."""

    name: str
    measure: Callable[[Path, Where], Awaitable[Iterable[Row]]]
    size: bool = False


async def _decode(model: Path, where: Where) -> list[Row]:
    ours, bare, ratio = await decode_figures.whole_path(model, where)
    return [
        Row(
            "decode, whole path over bare llama_decode loop",
            ratio,
            "≥ 0.97",
            f"{ours:.1f} / {bare:.1f} tok/s",
        )
    ]


async def _grammar(model: Path, where: Where) -> list[Row]:
    held, free, ratio = await decode_figures.under_grammar(model, where, JSON)
    return [Row("decode, with JSON grammar over without", ratio, "≥ 0.95", f"{held:.1f} / {free:.1f} tok/s")]


async def _second(model: Path, where: Where) -> list[Row]:
    prefilled, new, avoidable = await turn_figures.second_call(model, where)
    return [
        Row(
            "second call of an agent, prefilled over new",
            prefilled / new,
            "= 1",
            f"{prefilled} / {new} tokens",
        ),
        Row("the same, avoidable", avoidable, "= 0", f"{avoidable} tokens"),
    ]


async def _third(model: Path, where: Where) -> list[Row]:
    other = turn_figures.high_level(model, where)
    return _third_rows("high-level class", "≥ 3", "≥ 2", await turn_figures.third_turn(model, where, other))


def _third_rows(name: str, tokens: str, seconds: str, turn: turn_figures.Compared) -> list[Row]:
    ours, theirs = turn.prefilled
    our_s, their_s = turn.seconds
    shape = f"{turn.calls} calls, {turn.tools} tool; output {turn.written[1]} / {turn.written[0]}"
    return [
        Row(f"third multi-agent turn, prefilled, {name} over ours", theirs / ours, tokens,
            f"{theirs} / {ours} tokens ({shape})"),
        Row(f"third multi-agent turn, wall, {name} over ours", their_s / our_s, seconds,
            f"{their_s:.2f} / {our_s:.2f} s"),
    ]  # fmt: skip


async def _fan_out(model: Path, where: Where) -> list[Row]:
    (apart, joint, prefill), (streams, alone, decode) = await sharing_figures.fan_out(model, where)
    return [
        Row(
            "8 agents, 512-token prefix, prefill apart over together",
            prefill,
            "≥ 6",
            f"{apart:.2f} / {joint:.2f} s",
        ),
        Row("8 agents, decode together over one", decode, "≥ 1.8", f"{streams:.1f} / {alone:.1f} tok/s"),
    ]


async def _paradigms(model: Path, where: Where) -> list[Row]:
    rows = []
    for kind, question in (("tool", turn_figures.FOR_A_TOOL), ("open", turn_figures.OPEN)):
        apart, joint, ratio = await turn_figures.three_paradigms(model, where, question)
        name = f"3 paradigms, {kind} question, sum of walls over joint wall"
        rows.append(Row(name, ratio, "≥ 1.3", f"{apart:.2f} / {joint:.2f} s"))
    return rows


async def _stop(model: Path, where: Where) -> list[Row]:
    middle, all_ = await sharing_figures.stopping(model, where)
    return [
        Row("esc in a 1,500-token prefill to next prompt, ms", middle * 1e3, "≤ 100",
            f"{len(all_)} times, {min(all_) * 1e3:.0f} to {max(all_) * 1e3:.0f} ms")
    ]  # fmt: skip


async def _long(model: Path, where: Where) -> list[Row]:
    last, first, ratio = await decode_figures.long_output(model, where)
    return [
        Row("750 wild tokens, time a token, last 100 over first 100", ratio, "≤ 1.2",
            f"{last * 1e3:.2f} / {first * 1e3:.2f} ms")
    ]  # fmt: skip


async def _resume(model: Path, where: Where) -> list[Row]:
    saved, nothing, ratio, tokens = await sharing_figures.resuming(model, where)
    return [
        Row(f"resumed {tokens}-token conversation, TTFT saved over nothing", ratio, "≤ 0.1",
            f"{saved:.2f} / {nothing:.2f} s")
    ]  # fmt: skip


FIGURES = (
    Figure("decode", _decode, size=True),
    Figure("grammar", _grammar, size=True),
    Figure("second call", _second),
    Figure("third turn", _third),
    Figure("fan out", _fan_out, size=True),
    Figure("paradigms", _paradigms, size=True),
    Figure("stop", _stop, size=True),
    Figure("long output", _long, size=True),
    Figure("resume", _resume),
)


def models(folder: Path, vocab: Path | None) -> dict[str, Path]:
    """Return the models to measure on, by name, making those that are not there."""
    found = {}
    if (embedded := embedded_model()) is not None:
        found["SmolLM2-135M Q4_1"] = embedded
    for quantisation in ("Q8_0", "Q4_0"):
        path = folder / f"qwen2.5-0.5b-random-{quantisation}{'-own' if vocab is None else ''}.gguf"
        if not path.exists():
            write_qwen_shape(path, quantisation, vocab)
        found[f"Qwen2.5-0.5B random {quantisation}"] = path
    return found


def agreement(model: Path, threads: int) -> str:
    """Return how far reused, batched and lone readings agree, in words."""
    command = [sys.executable, "-m", "tests.benchmarks.agreement", str(model), "--threads", str(threads)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    parts = [
        f"{name} against alone: top-1 {value['top_1']:.1%}, largest difference {value['max_difference']:.1e}"
        for name, value in json.loads(done.stdout).items()
    ]
    return "; ".join(parts)


async def measure(name: str, model: Path, where: Where, only: str, python: str | None) -> None:
    """Print the rows of one model."""
    print(f"\n{name}\n")
    print("| figure | ratio | at least | | both sides |\n| --- | ---: | --- | --- | --- |")
    random = "random" in name
    for figure in FIGURES:
        if only in figure.name and (figure.size or not random):
            for row in await figure.measure(model, where):
                _print(row)
    if python is not None and not random and only in "third turn peer":
        turn = await turn_figures.third_turn(model, where, turn_figures.peer(model, where, python))
        for row in _third_rows("llama-server", "≥ 0", "≥ 0", turn):
            _print(row)
    if only in "agreement":
        print(f"\n{agreement(model, where.threads)}")


def _print(row: Row) -> None:
    mark = "reached" if row.reached else "NOT REACHED"
    print(f"| {row.figure} | {row.ratio:.2f} | {row.target} | {mark} | {row.sides} |", flush=True)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--threads", type=int, default=default_threads())
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "slmtui-benchmark")
    parser.add_argument("--vocab", type=Path)
    parser.add_argument("--peer", metavar="PYTHON")
    parser.add_argument("--only", default="", metavar="WORD")
    parser.add_argument("--model", default="", metavar="WORD", help="only models whose name has the word")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    where = Where(options.folder, options.threads, options.rounds)
    print(f"{machine_name()}; {where.threads} threads; medians of {where.rounds} rounds")
    started = time.monotonic()
    for name, model in models(options.folder, options.vocab).items():
        if options.model in name:
            asyncio.run(measure(name, model, where, options.only, options.peer))
    print(f"\n{time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
