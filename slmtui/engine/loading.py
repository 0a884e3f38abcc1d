"""Loading a model in the engine's process: the weights, a context that fits, and the scheduler on it."""

import os
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import llama_cpp as lc

from agents.events import Event
from slmtui.engine.defaults import DEFAULT_CONTEXT, default_threads
from slmtui.engine.native import NativeContext, NativeError, NativeModel
from slmtui.engine.prompt import Memo, PromptBuilder
from slmtui.engine.protocol import Load, Loaded, Threads, read_template
from slmtui.engine.scheduler import Scheduler
from slmtui.engine.sequences import SequencePool
from slmtui.engine.template import ChatTemplate


def load(
    command: Load,
    *,
    emit: Callable[[str, Event], None],
    progress: Callable[[float], None],
    clock: Callable[[], float] = time.monotonic,
    today: Callable[[], datetime] = datetime.now,
) -> tuple[Loaded, Scheduler]:
    """Load what `command` names. Raises `NativeError`, `ChatTemplateError` and `OSError`."""
    started = clock()
    lc.llama_backend_init()
    model = NativeModel(Path(command.path), command.gpu_layers, progress)
    template = _template(model, command, today)
    context_size = command.context or min(model.trained_context, DEFAULT_CONTEXT)
    threads = command.threads.decode or default_threads()
    context = NativeContext(model, context_size, threads, command.batch, command.sequences)
    memo = Memo()
    scheduler = Scheduler(
        context,
        model.vocab,
        PromptBuilder(model.vocab, template, memo),
        SequencePool(command.sequences, can_cut=model.can_cut),
        memo,
        limit=min(context.size, model.trained_context),
        emit=emit,
        clock=clock,
    )
    loaded = Loaded(
        pid=os.getpid(),
        context=min(context.size, model.trained_context),
        threads=Threads(threads, threads),
        gpu_layers=command.gpu_layers,
        llama_cpp=lc.__version__,
        system=lc.llama_print_system_info().decode("utf-8", "replace").strip(),
        load_s=clock() - started,
    )
    return loaded, scheduler


def _template(model: NativeModel, command: Load, today: Callable[[], datetime]) -> ChatTemplate:
    source = (
        read_template(command.template) if command.template else model.metadata("tokenizer.chat_template")
    )
    if not source:
        raise NativeError(
            f"{Path(command.path).name} has no chat template, so it is not a model to chat with; choose an "
            "instruct model, or name a Jinja file as engine.chat_template in the settings"
        )
    vocab = model.vocab
    return ChatTemplate(source, bos=vocab.text(vocab.bos), eos=vocab.text(vocab.eos), today=today)
