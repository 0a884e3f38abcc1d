"""Every name in an exported trace, in one table.

Those of OpenTelemetry are as in its conventions for generative AI, release 0.1.0, which are in development;
`gen_ai.workflow.name` of before that release is written beside its heir `gen_ai.agent.name`, and
`gen_ai.usage.cache_read.input_tokens` is part of `gen_ai.usage.input_tokens`. Ours are under `slmtui.`.
"""

from agents.message import Origin, Purpose

SCOPE = "slmtui"
SERVICE = "service.name"
SERVICE_VERSION = "service.version"

# Operations, which begin the names of spans.
INVOKE_WORKFLOW = "invoke_workflow"
INVOKE_AGENT = "invoke_agent"
CHAT = "chat"
EXECUTE_TOOL = "execute_tool"

# Identity
OPERATION = "gen_ai.operation.name"
PROVIDER = "gen_ai.provider.name"
LLAMA_CPP = "llama.cpp"
CONVERSATION = "gen_ai.conversation.id"
WORKFLOW = "gen_ai.workflow.name"
AGENT = "gen_ai.agent.name"
ERROR_TYPE = "error.type"

# Requests
REQUEST_MODEL = "gen_ai.request.model"
TEMPERATURE = "gen_ai.request.temperature"
TOP_K = "gen_ai.request.top_k"
TOP_P = "gen_ai.request.top_p"
SEED = "gen_ai.request.seed"
MAX_TOKENS = "gen_ai.request.max_tokens"
STREAM = "gen_ai.request.stream"

# Responses
RESPONSE_ID = "gen_ai.response.id"
RESPONSE_MODEL = "gen_ai.response.model"
FINISH_REASONS = "gen_ai.response.finish_reasons"
ENDED_BADLY = "error"
TIME_TO_FIRST_CHUNK = "gen_ai.response.time_to_first_chunk"

# Usage
INPUT_TOKENS = "gen_ai.usage.input_tokens"
CACHE_READ = "gen_ai.usage.cache_read.input_tokens"
OUTPUT_TOKENS = "gen_ai.usage.output_tokens"
REASONING = "gen_ai.usage.reasoning.output_tokens"

# Tools
TOOL = "gen_ai.tool.name"
TOOL_TYPE = "gen_ai.tool.type"
FUNCTION = "function"
TOOL_CALL = "gen_ai.tool.call.id"

# What was said, which is written only when it is asked for.
ARGUMENTS = "gen_ai.tool.call.arguments"
RESULT = "gen_ai.tool.call.result"
INPUT = "gen_ai.input.messages"
OUTPUT = "gen_ai.output.messages"

# Ours: the turn
TURN = "slmtui.turn"
STATUS = "slmtui.status"
WARM = "slmtui.warm"
COLD = "slmtui.cold"
FACTOR = "slmtui.factor.{}"
MODEL_HASH = "slmtui.model.hash"
QUANTISATION = "slmtui.model.quantisation"
MACHINE = "slmtui.machine"
ENGINE = "slmtui.engine"
CPU = "slmtui.cpu.seconds"
PEAK_MEMORY = "slmtui.memory.peak_bytes"

# Ours: energy. A turn's joules are those of its calls of the model and of tools, and the idle ones.
JOULES = "slmtui.energy.joules"
IDLE_JOULES = "slmtui.energy.idle_joules"
ENERGY_SOURCE = "slmtui.energy.source"
ENERGY_SCOPE = "slmtui.energy.scope"

# Ours: tokens. The six by purpose sum to the output, the eight by origin to the input.
PREFILLED = "slmtui.tokens.prefilled"
AVOIDABLE = "slmtui.tokens.avoidable"
ROLE = "slmtui.agent.role"
PURPOSE = "slmtui.call.purpose"
CONSTRAINED = "slmtui.call.constrained"
PHASE = "slmtui.seconds.{}"
APPROVAL = "slmtui.tool.approval"
CUT = "slmtui.tool.cut_tokens"
TOOL_SECONDS = "slmtui.tool.seconds"

# Ours: what happened within a turn, as events of its span.
HAND_OFF = "slmtui.hand_off"
SOURCE = "slmtui.hand_off.source"
TARGET = "slmtui.hand_off.target"
RUNG = "slmtui.rung"
RUNG_TAKEN = "slmtui.rung.taken"
LIMIT = "slmtui.limit"
LIMIT_REACHED = "slmtui.limit.reached"


def of_purpose(purpose: Purpose) -> str:
    """Return the name of the count of output tokens for a purpose."""
    return f"slmtui.tokens.{purpose}"


def of_origin(origin: Origin) -> str:
    """Return the name of the count of input tokens of an origin."""
    return f"slmtui.tokens.in.{origin}"
