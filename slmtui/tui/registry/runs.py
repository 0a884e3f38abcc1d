"""The commands of the list of runs, of a report, and of one item of a run."""

from slmtui.tui.command import Command, Scope


def _closing(scope: Scope, description: str) -> Command:
    title = f"{scope}: back"
    return Command(f"{scope}.close", scope, title, description, "close", keys=("escape",), footer="back")


CHAPTERS = ("verdict", "arms", "pairs", "costs", "doubts", "charts", "items")
TOLD = (
    "What can be said, in words.",
    "How the attempts of each arm ended, and how many are right.",
    "The arms two by two, and what they differ in.",
    "What an attempt and a right answer cost.",
    "What to know before believing it.",
    "Charts of a run.",
    "The items of a run, with what each arm made of them.",
)

COMMANDS: tuple[Command, ...] = (
    Command(
        "runs.open",
        "runs",
        "runs: open",
        "Open the report of the marked run.",
        "select",
        keys=("enter",),
        footer="report",
        palette=False,
    ),
    Command(
        "runs.search",
        "runs",
        "runs: filter",
        "Show the runs whose title, arms or state hold some words.",
        "search",
        keys=("slash",),
        footer="filter",
    ),
    Command(
        "runs.reload",
        "runs",
        "runs: read anew",
        "Read how far a run that goes on has come.",
        "reload",
        keys=("r",),
        footer="reload",
    ),
    _closing("runs", "Go back to the chat."),
    *(
        Command(
            f"report.{name}", "report", f"report: {name}", told, f"chapter('{name}')", keys=(str(number),)
        )
        for number, (name, told) in enumerate(zip(CHAPTERS, TOLD, strict=True), 1)
    ),
    Command(
        "report.open",
        "report",
        "report: open an item",
        "Show the marked item with its answers side by side.",
        "select",
        keys=("enter",),
        footer="open",
        palette=False,
    ),
    Command(
        "report.search",
        "report",
        "report: filter items",
        "Show the items that hold some words, such as base:right -single:right.",
        "search",
        keys=("slash",),
        footer="filter",
    ),
    Command(
        "report.export",
        "report",
        "report: export",
        "Write it to a file as HTML, Markdown, JSON or CSV, by its ending.",
        "export",
        keys=("e",),
        footer="export",
    ),
    Command(
        "report.reload",
        "report",
        "report: compare anew",
        "Read and compare what was stored since.",
        "reload",
        keys=("r",),
        footer="reload",
    ),
    _closing("report", "Go back to where you came from."),
    Command(
        "item.replay",
        "item",
        "item: replay",
        "Play the attempts at it again, one arm after another.",
        "replay",
        keys=("f5", "p"),
        footer="replay",
    ),
    Command(
        "item.next", "item", "item: next", "Go to the next item.", "beside(1)", keys=("n",), footer="next"
    ),
    Command(
        "item.previous",
        "item",
        "item: previous",
        "Go to the item before.",
        "beside(-1)",
        keys=("N",),
        footer="previous",
    ),
    _closing("item", "Go back to the list."),
)
