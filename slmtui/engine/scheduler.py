"""The engine's loop: every running call shares each batch, decode steps first, then chunks of prefill."""

from collections.abc import Callable

from agents.events import ContextTrimmed, Event, FinishReason, PrefillProgress
from agents.model import Request
from slmtui.engine.admission import Waiting, blocks_others, may_begin
from slmtui.engine.batch import Batch, next_batch
from slmtui.engine.call import Call, State, Times
from slmtui.engine.cpu_accounts import CpuAccounts
from slmtui.engine.fitting import RULE, PromptTooLongError
from slmtui.engine.gbnf import GrammarError
from slmtui.engine.memo import Memo
from slmtui.engine.memory import Memory
from slmtui.engine.named import named_chances
from slmtui.engine.native import NativeContext, NativeError, Vocab
from slmtui.engine.prompt import Prompt, PromptBuilder
from slmtui.engine.sampling import Sampler
from slmtui.engine.sequences import User
from slmtui.engine.template import ChatTemplateError
from slmtui.engine.token_index import TokenIndex
from slmtui.engine.untold_calls import untold_call

_NO_ROOM = 1
_ABORTED = 2

PATIENCE = 16
"""Steps after which idle sequences leave the cache, where no call began before."""


class Scheduler:
    """Runs calls on one context. `emit` gets a call's id and each of its events.

    One thread runs `step`; `cancel` may be called from another.
    """

    def __init__(
        self,
        context: NativeContext,
        vocab: Vocab,
        index: Callable[[], TokenIndex],
        builder: PromptBuilder,
        memory: Memory,
        memo: Memo,
        *,
        limit: int,
        emit: Callable[[str, Event], None],
        clock: Callable[[], float],
        accounts: CpuAccounts,
    ) -> None:
        self._context = context
        self._vocab = vocab
        self._index = index
        self._builder = builder
        self._memory = memory
        self._memo = memo
        self._limit = limit
        self._emit = emit
        self._clock = clock
        self.accounts = accounts
        self._waiting: list[Waiting] = []
        self._running: list[Call] = []
        self._since_parked = 0
        self._cancelled: set[str] = set()

    @property
    def idle(self) -> bool:
        """Whether there is nothing to do."""
        return not self._waiting and not self._running

    def submit(self, request: Request) -> None:
        """Take a call in; it begins with one of the next steps."""
        if self.idle:
            self.accounts.start()
        self._waiting.append(Waiting(request, self._clock()))

    def cancel(self, call: str) -> None:
        """End a call within one graph node of llama.cpp, or one batch where a batch cannot be undone.

        Safe from any thread.
        """
        self._cancelled.add(call)
        if self._memory.pool.can_cut:
            self._context.abort()

    def end_turn(self, turn: str) -> float:
        """Let go of what a turn needed, and return the CPU seconds that it took."""
        self._memory.pool.end_turn(turn)
        return self.accounts.end_turn(turn)

    def step(self) -> Batch:
        """Decode one batch for all running calls, and return it; without rows when nothing could be done."""
        self._context.resume()
        self._end_cancelled()
        self._begin_waiting()
        self._park_idle()
        batch = next_batch(self._running, self._context.batch_size)
        if not batch.rows:
            return batch
        status = self._context.decode(batch.rows)
        self.accounts.charge(batch)
        if status == _ABORTED:
            self._undo(batch)
        elif status == _NO_ROOM:
            self._undo(batch)
            self._make_room()
        elif status != 0:
            self._fail_all(f"llama.cpp could not decode a batch (status {status})")
        else:
            self._advance(batch)
            return batch
        return Batch()

    def _end_cancelled(self) -> None:
        for waiting in [w for w in self._waiting if w.request.call in self._cancelled]:
            self._waiting.remove(waiting)
            self._refuse(waiting, "cancelled", "")
        for call in [c for c in self._running if c.request.call in self._cancelled]:
            self._end(call, "cancelled")
        alive = {c.request.call for c in self._running} | {w.request.call for w in self._waiting}
        self._cancelled &= alive

    def _begin_waiting(self) -> None:
        for waiting in list(self._waiting):
            if not self._prepared(waiting):
                continue
            if may_begin(waiting, self._running, self._memory.pool, self._context.size):
                self._begin(waiting)
            elif blocks_others(waiting):
                return

    def _park_idle(self) -> None:
        """Take out of the cache what no call uses, now and then: what has just ended may go on at once."""
        self._since_parked += 1
        if self._since_parked >= PATIENCE:
            self._since_parked = 0
            self._memory.park_idle()

    def _prepared(self, waiting: Waiting) -> bool:
        """Build a call's prompt, once; refuse the call where that cannot be done."""
        if waiting.prompt is None:
            waiting.begun = self._clock()
            request = waiting.request
            room = self._limit - min(request.max_tokens, self._limit // 4)
            try:
                waiting.prompt = self._builder.build(
                    request.messages, room, request.tools, request.thinking, request.beginning
                )
            except (PromptTooLongError, ChatTemplateError, NativeError) as error:
                self._give_up(waiting, str(error))
                return False
            waiting.ready = self._clock()
        return True

    def _begin(self, waiting: Waiting) -> None:
        request, prompt = waiting.request, waiting.prompt
        assert prompt is not None
        try:
            sampler = Sampler(self._vocab, self._index, request)
        except GrammarError as error:
            self._give_up(waiting, f"the grammar of this call cannot be used: {error}")
            return
        user = User(request.turn, request.agent)
        sampler.follow(prompt.beginning)
        begun = self._clock()
        lease = self._memory.acquire(prompt.tokens, user, cold=request.cold)
        if lease is None:  # every sequence is busy: the call waits for one
            sampler.close()
            return
        if request.turn:
            self._memory.pool.expect(request.turn, request.then)
        self._waiting.remove(waiting)
        # A call that waited for room waited before its template was rendered, as far as times go.
        template_s = waiting.ready - waiting.begun
        times = Times(waiting.received, begun=begun - template_s, prompt_ready=begun)
        call = Call(request, prompt, lease, sampler, times, lease.reused, lease.reused)
        if not self._memory.pool.can_cut and prompt.stable < len(prompt.tokens):
            self._plan_checkpoint(call)
        self._running.append(call)
        if prompt.dropped_messages or prompt.cut_observations:
            self._emit(request.call, _trimmed(request, prompt, begun - request.started, self._limit))

    def _plan_checkpoint(self, call: Call) -> None:
        """Keep what stands before the question for others: when it is read, or now if this call takes it."""
        if call.reused < call.prompt.stable:
            call.checkpoint = call.prompt.stable
        elif call.reused == call.prompt.stable and call.reused and call.lease.source is None:
            self._memory.checkpoint(call.lease.sequence)

    def _advance(self, batch: Batch) -> None:
        now = self._clock()
        for share in batch.shares:
            call = share.call
            self._memory.pool.extend(call.lease.sequence, share.tokens)
            call.decoded += len(share.tokens)
            if call.decoded == call.checkpoint:
                self._memory.checkpoint(call.lease.sequence)
            if call.state is State.PREFILL:
                self._progress(call, now, finished=share.row >= 0)
            if share.row >= 0:
                self._draw(call, share.row)
        self._memory.grown()

    def _progress(self, call: Call, now: float, *, finished: bool) -> None:
        if finished:
            call.times.prefilled = now
            call.state = State.DECODE
        total = len(call.prompt.tokens)
        if total - call.reused > self._context.batch_size:
            t = now - call.request.started
            self._emit(call.request.call, PrefillProgress(t, call.request.call, call.decoded, total))

    def _draw(self, call: Call, row: int) -> None:
        named = call.request.named
        if named is not None and call.place is not None and call.place.due():
            call.choices = named_chances(named.names, self._context.logits(row), self._index())
        draw = call.sampler.draw(self._context, row)
        if draw is None:
            self._end(call, "stop")
            return
        ends = self._vocab.is_end(draw.token)
        piece = b"" if ends else self._vocab.piece(draw.token)
        special = "" if piece else self._vocab.text(draw.token)
        call.marked |= bool(special) and not ends
        delta = call.take(draw, piece, special, self._clock())
        if delta is not None:
            self._emit(call.request.call, delta)
        if ends:
            self._end(call, "stop")
        elif len(call.output) >= call.request.max_tokens or call.decoded + 1 >= self._limit:
            self._end(call, "length")

    def _undo(self, batch: Batch) -> None:
        """Remove what an interrupted batch may have left behind the tokens that are accounted for."""
        for share in batch.shares:
            if not self._memory.undo(share.call.lease.sequence):
                self._restart(share.call)

    def _restart(self, call: Call) -> None:
        """Let a call begin again whose sequence had to be emptied; one that has written cannot."""
        call.decoded = call.reused = call.checkpoint = 0
        if call.output:
            self._end(call, "failed", "the context could not be restored after an interruption")

    def _make_room(self) -> None:
        if self._memory.make_room():
            return
        # Only the running calls hold cells: the one that came last gives way, and waits if it still can.
        call = self._running[-1]
        if len(self._running) > 1 and not call.output:
            self._withdraw(call)
        else:
            self._end(call, "failed", "the context is full: too many calls at once for its size")
        self._memory.clear(call.lease.sequence)

    def _withdraw(self, call: Call) -> None:
        """Put a call that has written nothing back among those that wait."""
        self._let_go(call)
        self._waiting.insert(0, Waiting(call.request, call.times.received))

    def _fail_all(self, reason: str) -> None:
        for call in list(self._running):
            self._end(call, "failed", reason)
            self._memory.clear(call.lease.sequence)

    def _end(self, call: Call, reason: FinishReason, error: str = "") -> None:
        now = self._clock()
        delta = call.last_delta(now)
        if delta is not None:
            self._emit(call.request.call, delta)
        done = call.finished(
            reason,
            now,
            context_size=self._limit,
            kv_bytes=self._context.state_bytes(call.lease.sequence.id),
            error=error,
        )
        self._remember(call)
        self._let_go(call)
        self._emit(call.request.call, done)

    def _remember(self, call: Call) -> None:
        # What an answer was made to begin with is a part of it, where it comes back.
        drawn = [token for token in call.output if not self._vocab.is_end(token)]
        written = [*call.prompt.beginning, *drawn]
        # Tokens of a text must be what any text may be made of, or it would forge control tokens later.
        if not call.marked:
            self._memo.remember(call.request.beginning + "".join(call.written), written)
        output = b"".join(self._vocab.piece(token, special=True) for token in written)
        self._memo.remember_output(output, written)

    def _let_go(self, call: Call) -> None:
        call.state = State.DONE
        call.sampler.close()
        self._memory.pool.release(call.lease.sequence)
        self._running.remove(call)

    def _give_up(self, waiting: Waiting, error: str) -> None:
        self._waiting.remove(waiting)
        self._refuse(waiting, "failed", error)

    def _refuse(self, waiting: Waiting, reason: FinishReason, error: str) -> None:
        request, now = waiting.request, self._clock()
        done = untold_call(
            request,
            reason,
            error,
            t=now - request.started,
            context=self._limit,
            queue_s=now - waiting.received,
        )
        self._emit(request.call, done)


def _trimmed(request: Request, prompt: Prompt, t: float, limit: int) -> ContextTrimmed:
    return ContextTrimmed(
        t=t,
        call=request.call,
        dropped_messages=prompt.dropped_messages,
        tokens_before=prompt.tokens_before,
        tokens_after=len(prompt.tokens),
        limit=limit,
        rule=RULE,
        cut_observations=prompt.cut_observations,
    )
