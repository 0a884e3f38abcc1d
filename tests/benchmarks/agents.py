"""The benchmark of the agents: what each paradigm answers to requests with known answers, and at what cost.

`python -m tests.benchmarks.agents` runs every paradigm with the embedded model, greedy, on 200 generated
requests over all tools and on word problems of SVAMP and GSM8K, and prints the tables. Finished turns are
kept in a file of JSON lines (`--out`) and are not run again; `--limit 0` prints what is there. Turns of
other code, or of other options, stand in the same file and are left alone. `--split dev` takes wordings and
problems that no measurement is made on: improve agents on those. `--switch name=value` sets a switch of
help, and `--switch table.key=value` a setting; `--failures 10` quotes failures.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

from agents.paradigms import PARADIGMS
from slmtui.local_backend import LocalBackend
from slmtui.models.errors import ModelFileError, ModelNotFoundError
from slmtui.settings import SettingsError
from tests.benchmarks.agent_data import DataMissingError, gsm8k, svamp
from tests.benchmarks.agent_items import Item
from tests.benchmarks.agent_results import Conditions, Results, digest_of_code
from tests.benchmarks.agent_runs import make_backend, run_block, settings_for
from tests.benchmarks.agent_tables import cells, print_failures, print_tables
from tests.benchmarks.agent_tasks import SEED, SPLITS, requests
from tests.benchmarks.agent_toolbox import tools_in
from tools.registry import Toolbox

SETS = ("requests", "svamp", "gsm8k")
_DATA = Path(__file__).parents[3] / "shared" / "data"


def items_of(name: str, args: argparse.Namespace, tools: tuple[str, ...]) -> list[Item]:
    """Return the items of a set, or none, and say so, where its data are not there."""
    try:
        if name == "requests":
            return requests(args.split, tools, args.seed)
        return (svamp if name == "svamp" else gsm8k)(args.data, args.split)
    except DataMissingError as error:
        print(f"{name} is left out: {error}", file=sys.stderr)
        return []


def _conditions(args: argparse.Namespace) -> Conditions:
    return Conditions(
        model=args.model or "embedded",
        seed=args.seed,
        max_tokens=args.max_tokens,
        at_once=args.at_once,
        switches=tuple(sorted(args.switch)),
        code=args.code or digest_of_code(),
    )


async def _run(args: argparse.Namespace, backend: LocalBackend, tools: Toolbox, results: Results) -> None:
    items = {name: items_of(name, args, tools.names) for name in args.set}
    for some in items.values():
        for paradigm in args.paradigm:
            await run_block(backend, paradigm, some[: args.limit], results)
    made = cells(results, args.paradigm, items, tools)
    print(f"{results.conditions}; {results.others} lines of {results.path} are of other conditions")
    print_tables(results, made)
    print_failures(made, args.failures)


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--paradigm", nargs="+", choices=list(PARADIGMS), default=list(PARADIGMS))
    parser.add_argument("--set", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--split", choices=SPLITS, default=SPLITS[0])
    parser.add_argument("--limit", type=int, help="so many items of each set")
    parser.add_argument("--seed", type=int, default=SEED, help="of the generated requests, and of sampling")
    parser.add_argument("--out", type=Path, default=Path("agents-results.jsonl"))
    parser.add_argument("--switch", nargs="+", default=[], metavar="NAME=VALUE")
    parser.add_argument("--at-once", type=int, default=4, help="turns that run together")
    parser.add_argument("--max-tokens", type=int, default=512, help="output tokens of a turn at most")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--model", help="a model by name or path instead of the embedded one")
    parser.add_argument("--data", type=Path, default=_DATA, help="the folder with svamp/ and gsm8k/")
    parser.add_argument("--code", help="take turns of this digest of the code for those of the present code")
    parser.add_argument("--failures", type=int, default=0, help="so many failures of each are quoted")
    return parser


def main() -> None:
    """Run what the command line asks for."""
    parser = _parser()
    args = parser.parse_args()
    conditions = _conditions(args)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        try:
            settings = settings_for(home, conditions, args.model, args.threads)
            tools = tools_in(home, settings)
            backend = make_backend(home, settings, tools)
        except (SettingsError, ModelNotFoundError, ModelFileError) as error:
            parser.error(str(error))
        try:
            asyncio.run(_run(args, backend, tools.box(), Results.read(args.out, conditions)))
        finally:
            tools.close()


if __name__ == "__main__":
    main()
