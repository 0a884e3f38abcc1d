"""Loading a model in the engine's process: the weights, a context that fits, and what runs calls on it."""

import os
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import llama_cpp as lc
import msgspec
import psutil

from agents.events import Event
from slmtui.engine.calibrate import CalibrationError, SpeedWatch, calibrate
from slmtui.engine.cpu_accounts import CpuAccounts
from slmtui.engine.defaults import default_threads
from slmtui.engine.gpu import gpu_devices
from slmtui.engine.memo import Memo
from slmtui.engine.memory import Memory
from slmtui.engine.native import ContextOptions, NativeContext, NativeError, NativeModel
from slmtui.engine.native_log import NativeLog
from slmtui.engine.prompt import PromptBuilder
from slmtui.engine.protocol import Load, Loaded, Threads, ThreadSpeed, read_template
from slmtui.engine.running import RunningEngine
from slmtui.engine.scheduler import Scheduler
from slmtui.engine.sizing import (
    ContextChoice,
    LayersChoice,
    NoRoomError,
    choose_context,
    choose_gpu_layers,
    kv_cache_bytes,
)
from slmtui.engine.template import ChatTemplate
from slmtui.engine.token_index import IndexInBackground

_PARKED_SHARE = 4
"""Idle sequences may take one part in so many of the memory that is free."""


def load(
    command: Load,
    *,
    emit: Callable[[str, Event], None],
    progress: Callable[[float], None],
    clock: Callable[[], float] = time.monotonic,
    cpu_clock: Callable[[], float] = time.process_time,
    today: Callable[[], datetime] = datetime.now,
) -> tuple[Loaded, RunningEngine]:
    """Load what `command` names. Raises `NativeError`, `ChatTemplateError` and `OSError`."""
    started = clock()
    log = NativeLog()  # which the running engine keeps, as llama.cpp writes to it
    lc.llama_backend_init()
    context_choice, layers = _choices(command)
    model = NativeModel(Path(command.path), layers.layers, progress)
    template = _template(model, command, today)
    context = NativeContext(model, _options(command, context_choice.tokens))
    context.set_adapters([(model.adapter(Path(lora.path)), lora.scale) for lora in command.lora])
    threads, speeds = _threads(command.threads, context, command.sequences, clock)
    limit = min(context.size, model.trained_context)
    memo = Memo()
    builder = PromptBuilder(model.vocab, template, memo)
    memory = _memory(command, model, context)
    scheduler = Scheduler(
        context, model.vocab, IndexInBackground(model.vocab), builder, memory, memo,
        limit=limit, emit=emit, clock=clock, accounts=CpuAccounts(cpu_clock),
    )  # fmt: skip
    running = RunningEngine(
        context, scheduler, builder, memory, memo, _watch(command, threads),
        threads=threads, limit=limit, clock=clock, keep=(model, log),
    )  # fmt: skip
    loaded = _loaded(command, limit, threads, speeds, layers)
    seconds = clock() - started
    return msgspec.structs.replace(loaded, load_s=seconds, context_note=context_choice.note), running


def _loaded(
    command: Load, context: int, threads: Threads, speeds: tuple[ThreadSpeed, ...], layers: LayersChoice
) -> Loaded:
    return Loaded(
        pid=os.getpid(),
        context=context,
        threads=threads,
        gpu_layers=layers.layers,
        llama_cpp=lc.__version__,
        system=lc.llama_print_system_info().decode("utf-8", "replace").strip(),
        load_s=0.0,
        flash_attention=command.flash_attention,
        kv_type=command.kv_type,
        gpu_note=layers.note,
        speeds=speeds,
    )


def _memory(command: Load, model: NativeModel, context: NativeContext) -> Memory:
    """Return the memory on a context, with as much beside it as is asked for and there is."""
    parked = min(command.cache_mb * 2**20, psutil.virtual_memory().available // _PARKED_SHARE)
    return Memory(context, command.sequences, can_cut=model.can_cut, window=model.window, limit=parked)


def _choices(command: Load) -> tuple[ContextChoice, LayersChoice]:
    """Return the context and the layers on the GPU, as asked for or as they fit."""
    free = psutil.virtual_memory().available
    try:
        context = choose_context(command.context, command.shape, command.kv_type, free)
    except NoRoomError as error:
        raise NativeError(str(error)) from error
    supported, devices = gpu_devices()
    kv = kv_cache_bytes(context.tokens, command.shape, command.kv_type)
    layers = choose_gpu_layers(
        command.gpu_layers, command.shape, devices, supported=supported, context_bytes=kv
    )
    return context, layers


def _options(command: Load, tokens: int) -> ContextOptions:
    threads = default_threads()
    return ContextOptions(
        context=tokens,
        batch=command.batch,
        sequences=command.sequences + 1,  # one to spare, see `Memory`
        threads=command.threads.decode or threads,
        batch_threads=command.threads.batch or threads,
        flash_attention=command.flash_attention,
        kv_type=command.kv_type,
    )


def _threads(
    asked: Threads, context: NativeContext, sequence: int, clock: Callable[[], float]
) -> tuple[Threads, tuple[ThreadSpeed, ...]]:
    """Return the threads as asked for, or as they are measured now on an empty sequence."""
    if asked.decode:
        return asked, ()
    try:
        return calibrate(context, clock, sequence)
    except CalibrationError as error:
        threads = default_threads()
        context.set_threads(threads, threads)
        return Threads(threads, threads, f"one for each core: {error}"), ()


def _watch(command: Load, threads: Threads) -> SpeedWatch | None:
    """Return what notices that decoding slows down; None where the user has set the threads."""
    if command.threads.decode and not threads.speed:
        return None
    shape = command.shape
    return SpeedWatch(threads.speed, depth_cost=shape.kv_bytes / shape.weights if shape.weights else 0.0)


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
