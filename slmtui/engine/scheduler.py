"""The engine's loop: every running call shares each batch, decode steps first, then chunks of prefill."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from agents.events import CallFinished, ContextTrimmed, Event, FinishReason, PrefillProgress
from agents.model import Request
from slmtui.engine.call import Call, State, Times
from slmtui.engine.native import NativeContext, NativeError, Row, Vocab
from slmtui.engine.prompt import RULE, Memo, Prompt, PromptBuilder, PromptTooLongError
from slmtui.engine.sampling import GrammarError, Sampler
from slmtui.engine.sequences import Lease, Sequence, SequencePool
from slmtui.engine.template import ChatTemplateError

_NO_ROOM = 1
_ABORTED = 2


@dataclass(slots=True)
class _Waiting:
    request: Request
    received: float


class Scheduler:
    """Runs calls on one context. `emit` gets a call's id and each of its events.

    One thread runs `step`; `cancel` may be called from another.
    """

    def __init__(
        self,
        context: NativeContext,
        vocab: Vocab,
        builder: PromptBuilder,
        pool: SequencePool,
        memo: Memo,
        *,
        limit: int,
        emit: Callable[[str, Event], None],
        clock: Callable[[], float],
    ) -> None:
        self._context = context
        self._vocab = vocab
        self._builder = builder
        self._pool = pool
        self._memo = memo
        self._limit = limit
        self._emit = emit
        self._clock = clock
        self._waiting: deque[_Waiting] = deque()
        self._running: list[Call] = []
        self._cancelled: set[str] = set()

    @property
    def idle(self) -> bool:
        """Whether there is nothing to do."""
        return not self._waiting and not self._running

    def submit(self, request: Request) -> None:
        """Take a call in; it begins with one of the next steps."""
        self._waiting.append(_Waiting(request, self._clock()))

    def cancel(self, call: str) -> None:
        """End a call within one graph node of llama.cpp. Safe from any thread."""
        self._cancelled.add(call)
        self._context.abort()

    def step(self) -> None:
        """Decode one batch for all running calls."""
        self._context.resume()
        self._end_cancelled()
        self._begin_waiting()
        rows, wanted = self._batch()
        if not rows:
            return
        status = self._context.decode(rows)
        if status == _ABORTED:
            self._undo()
        elif status == _NO_ROOM:
            self._undo()
            self._make_room()
        elif status != 0:
            self._fail_all(f"llama.cpp could not decode a batch (status {status})")
        else:
            self._advance(rows, wanted)

    def _end_cancelled(self) -> None:
        for waiting in [w for w in self._waiting if w.request.call in self._cancelled]:
            self._waiting.remove(waiting)
            self._refuse(waiting, "cancelled", "")
        for call in [c for c in self._running if c.request.call in self._cancelled]:
            self._end(call, "cancelled")
        alive = {c.request.call for c in self._running} | {w.request.call for w in self._waiting}
        self._cancelled &= alive

    def _begin_waiting(self) -> None:
        while self._waiting:
            waiting = self._waiting[0]
            begun = self._clock()
            reserve = min(waiting.request.max_tokens, self._limit // 4)
            try:
                prompt = self._builder.build(waiting.request.messages, self._limit - reserve)
                sampler = Sampler(self._vocab, waiting.request.sampling, waiting.request.grammar)
            except (PromptTooLongError, ChatTemplateError, GrammarError, NativeError) as error:
                self._waiting.popleft()
                self._refuse(waiting, "failed", str(error))
                continue
            lease = self._pool.acquire(prompt.tokens)
            if lease is None:  # every sequence is busy: the call waits for one
                sampler.close()
                return
            self._waiting.popleft()
            times = Times(waiting.received, begun=begun, prompt_ready=self._clock())
            self._begin(Call(waiting.request, prompt, self._share(lease), sampler, times))

    def _share(self, lease: Lease) -> Lease:
        """Carry a lease out on llama.cpp's memory; a model that cannot be cut back starts from nothing."""
        sequence = lease.sequence
        if lease.source is not None:
            self._context.cut(sequence.id, 0)
            if lease.reused == len(lease.source.tokens):
                self._context.copy_whole(lease.source.id, sequence.id)
                done = True
            else:
                self._context.copy(lease.source.id, sequence.id, lease.reused)
                done = self._context.cut(sequence.id, lease.reused)
        else:
            done = self._context.cut(sequence.id, lease.reused)
        if done:
            return lease
        self._context.cut(sequence.id, 0)
        sequence.tokens = []
        return Lease(sequence, None, 0, lease.avoidable + lease.reused)

    def _begin(self, call: Call) -> None:
        self._running.append(call)
        prompt, request = call.prompt, call.request
        if prompt.dropped_messages:
            t = self._clock() - request.started
            self._emit(request.call, _trimmed(request, prompt, t, self._limit))

    def _batch(self) -> tuple[list[Row], list[tuple[Call, int, int]]]:
        """Return the rows of the next batch, and each call in it: its row of logits or -1, its tokens."""
        rows: list[Row] = []
        wanted: list[tuple[Call, int, int]] = []
        for call in self._running:
            if call.state is State.DECODE and len(rows) < self._context.batch_size:
                rows.append(Row(call.output[-1], call.decoded, call.lease.sequence.id, logits=True))
                wanted.append((call, len(rows) - 1, 1))
        prefilling = [call for call in self._running if call.state is State.PREFILL]
        for i, call in enumerate(prefilling):
            room = (self._context.batch_size - len(rows)) // (len(prefilling) - i)
            part = call.next_prompt[:room]
            if not part:
                continue
            last = call.decoded + len(part) == len(call.prompt.tokens)
            sequence, start = call.lease.sequence.id, call.decoded
            rows += [Row(token, start + k, sequence, logits=False) for k, token in enumerate(part)]
            rows[-1].logits = last
            wanted.append((call, len(rows) - 1 if last else -1, len(part)))
        return rows, wanted

    def _advance(self, rows: list[Row], wanted: list[tuple[Call, int, int]]) -> None:
        now = self._clock()
        for call, row, count in wanted:
            tokens = [r.token for r in rows if r.sequence == call.lease.sequence.id]
            call.lease.sequence.tokens += tokens[:count]
            if call.state is State.PREFILL:
                self._progress(call, now, finished=row >= 0)
            if row >= 0:
                self._draw(call, row)

    def _progress(self, call: Call, now: float, *, finished: bool) -> None:
        if finished:
            call.times.prefilled = now
            call.state = State.DECODE
        total = len(call.prompt.tokens)
        if total - call.reused > self._context.batch_size:
            t = now - call.request.started
            self._emit(call.request.call, PrefillProgress(t, call.request.call, call.decoded, total))

    def _draw(self, call: Call, row: int) -> None:
        token = call.sampler.draw(self._context.logits(row))
        if token is None:
            self._end(call, "stop")
            return
        ends = self._vocab.is_end(token)
        delta = call.take(token, b"" if ends else self._vocab.piece(token), self._clock())
        if delta is not None:
            self._emit(call.request.call, delta)
        if ends:
            self._end(call, "stop")
        elif len(call.output) >= call.request.max_tokens or call.decoded + 1 >= self._limit:
            self._end(call, "length")

    def _undo(self) -> None:
        """Remove what an interrupted batch may have left behind the tokens that are accounted for."""
        for call in list(self._running):
            sequence = call.lease.sequence
            if not self._context.cut(sequence.id, len(sequence.tokens)):
                self._context.cut(sequence.id, 0)
                self._restart(call, sequence)

    def _restart(self, call: Call, sequence: Sequence) -> None:
        """Let a call whose model cannot be cut back begin again: its prompt and what it wrote."""
        if call.state is State.DECODE:
            self._end(call, "failed", "the context could not be restored after an interruption")
            sequence.tokens = []
            return
        sequence.tokens = []
        call.reused = 0

    def _make_room(self) -> None:
        victim = self._pool.evict()
        if victim is not None:
            self._context.cut(victim.id, 0)
            return
        # Only the running calls hold cells: the one that came last gives way.
        self._end(self._running[-1], "failed", "the context is full: too many calls at once for its size")

    def _fail_all(self, reason: str) -> None:
        for call in list(self._running):
            self._context.cut(call.lease.sequence.id, 0)
            call.lease.sequence.tokens = []
            self._end(call, "failed", reason)

    def _end(self, call: Call, reason: FinishReason, error: str = "") -> None:
        now = self._clock()
        delta = call.last_delta(now)
        if delta is not None:
            self._emit(call.request.call, delta)
        kv_bytes = self._context.state_bytes(call.lease.sequence.id)
        done = call.finished(reason, now, context_size=self._limit, kv_bytes=kv_bytes, error=error)
        call.state = State.DONE
        call.sampler.close()
        self._memo.remember("".join(call.written), self._text_tokens(call))
        self._pool.release(call.lease.sequence)
        self._running.remove(call)
        self._emit(call.request.call, done)

    def _text_tokens(self, call: Call) -> list[int]:
        return [token for token in call.output if not self._vocab.is_end(token)]

    def _refuse(self, waiting: _Waiting, reason: FinishReason, error: str) -> None:
        request, now = waiting.request, self._clock()
        self._emit(request.call, _unbegun(request, reason, error, now, waiting.received, self._limit))


def _trimmed(request: Request, prompt: Prompt, t: float, limit: int) -> ContextTrimmed:
    return ContextTrimmed(
        t=t,
        call=request.call,
        dropped_messages=prompt.dropped_messages,
        tokens_before=prompt.tokens_before,
        tokens_after=len(prompt.tokens),
        limit=limit,
        rule=RULE,
    )


def _unbegun(
    request: Request, reason: FinishReason, error: str, now: float, received: float, limit: int
) -> CallFinished:
    """Return the account of a call that was ended before its prompt was read."""
    return CallFinished(
        t=now - request.started,
        call=request.call,
        agent=request.agent,
        purpose=request.purpose,
        finish_reason=reason,
        prompt_tokens=0,
        reused_tokens=0,
        prefilled_tokens=0,
        avoidable_tokens=0,
        output_tokens=0,
        origins=(),
        queue_s=now - received,
        template_s=0.0,
        prefill_s=0.0,
        ttft_s=None,
        decode_s=0.0,
        sampling_s=0.0,
        grammar_s=0.0,
        context_used=0,
        context_size=limit,
        kv_bytes=0,
        error=error,
    )
