"""The commands of the compare screen, and the one of the chat that opens it."""

from slmtui.tui.command import Command

_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")

_ASKING: tuple[Command, ...] = (
    Command(
        "compare.send", "compare", "compare: ask", "In the prompt: ask every arm.", "send",
        keys=("enter",), palette=False,
    ),
    Command(
        "compare.newline", "compare", "compare: new line", "In the prompt: begin a line.", "newline",
        keys=("shift+enter", "ctrl+j"), palette=False,
    ),
    Command(
        "compare.prompt",
        "compare",
        "compare: go to the prompt",
        "Put the cursor into the prompt; enter there asks every arm.",
        "prompt",
        keys=("p", "slash"),
        footer="prompt",
    ),
    Command(
        "compare.again",
        "compare",
        "compare: repeat",
        "Ask the same prompt again: another repeat of it.",
        "again",
        keys=("r",),
        footer="again",
    ),
    Command(
        "compare.arms",
        "compare",
        "compare: choose the arms",
        "Choose the paradigms and models that answer.",
        "arms",
        keys=("m",),
        footer="arms",
    ),
    Command(
        "compare.order",
        "compare",
        "compare: at once or one by one",
        "Let the arms answer at once, or one after another so that their seconds and joules are their own.",
        "order",
        keys=("o",),
    ),
    Command(
        "compare.history",
        "compare",
        "compare: with or without history",
        "Put the conversation of the chat before each prompt, or nothing.",
        "history",
        keys=("h",),
        footer="history",
    ),
    Command(
        "compare.new",
        "compare",
        "compare: begin anew",
        "Begin another comparison; this one stays among the runs.",
        "new",
        keys=("n",),
    ),
)  # fmt: skip

_LOOKING: tuple[Command, ...] = (
    Command(
        "compare.left", "compare", "compare: column left", "Mark the column to the left.", "column(-1)",
        keys=("left",), palette=False,
    ),
    Command(
        "compare.right", "compare", "compare: column right", "Mark the column to the right.", "column(1)",
        keys=("right",), palette=False,
    ),
    Command(
        "compare.up", "compare", "compare: scroll up", "Scroll the marked column up.", "scroll(-3)",
        keys=("up",), palette=False,
    ),
    Command(
        "compare.down", "compare", "compare: scroll down", "Scroll the marked column down.", "scroll(3)",
        keys=("down",), palette=False,
    ),
    Command(
        "compare.figures_up", "compare", "compare: figures up", "Scroll the figures up.",
        "scroll_figures(-5)", keys=("pageup",), palette=False,
    ),
    Command(
        "compare.figures_down", "compare", "compare: figures down", "Scroll the figures down.",
        "scroll_figures(5)", keys=("pagedown",), palette=False,
    ),
    Command(
        "compare.before", "compare", "compare: earlier answers", "Look at the answers before these.",
        "look(-1)", keys=("left_square_bracket",),
    ),
    Command(
        "compare.after", "compare", "compare: later answers", "Look at the answers after these.",
        "look(1)", keys=("right_square_bracket",),
    ),
    Command(
        "compare.figures",
        "compare",
        "view: figures or answers",
        "Give the room to the figures, to the answers, or to both.",
        "figures",
        keys=("t",),
        footer="figures",
    ),
    Command(
        "compare.copy",
        "compare",
        "copy: the marked answer",
        "Copy the answer in the marked column, as it was written.",
        "copy",
        keys=("y",),
    ),
)  # fmt: skip

_MARKING: tuple[Command, ...] = (
    *(
        Command(
            f"compare.better_{number}",
            "compare",
            f"mark: the {word} is better",
            f"Say that the answer in the {word} column is better than the others; once more takes it back.",
            f"better({number})",
            keys=(str(number),),
            palette=False,
        )
        for number, word in enumerate(_PLACES, 1)
    ),
    Command(
        "compare.none_better",
        "compare",
        "mark: none is better",
        "Say that no answer is better than the others.",
        "better(0)",
        keys=("0",),
    ),
    Command(
        "compare.is_right",
        "compare",
        "mark: right",
        "Say that the answer in the marked column is right; once more takes it back.",
        "right(True)",
        keys=("a",),
        footer="right",
    ),
    Command(
        "compare.is_wrong",
        "compare",
        "mark: wrong",
        "Say that the answer in the marked column is wrong; once more takes it back.",
        "right(False)",
        keys=("s",),
        footer="wrong",
    ),
    Command(
        "compare.take_back",
        "compare",
        "mark: take back",
        "Take back what was said of the answer in the marked column.",
        "take_back",
        keys=("d",),
    ),
    Command(
        "compare.blind",
        "compare",
        "mark: blind",
        "Shuffle the columns and hide whose they are until you have said which is better.",
        "blind",
        keys=("b",),
        footer="blind",
    ),
)

COMMANDS: tuple[Command, ...] = (
    Command(
        "chat.compare",
        "chat",
        "compare: arms side by side",
        "Ask one prompt of several paradigms and models, side by side.",
        "compare",
        keys=("f4",),
        slash="compare",
        argument="PROMPT",
        takes="compare_prompt",
        footer="compare",
        priority=True,
    ),
    *_ASKING,
    *_LOOKING,
    *_MARKING,
    Command(
        "compare.export",
        "compare",
        "export: table and report",
        "Write the comparison as CSV, and its report as HTML.",
        "export",
        keys=("e",),
        footer="export",
    ),
    Command(
        "compare.close",
        "compare",
        "compare: stop or leave",
        "Stop what runs; else go back to the chat.",
        "close",
        keys=("escape",),
        footer="leave",
    ),
)
