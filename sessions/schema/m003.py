"""The SQL of the third version: the ladder, approvals, skipped calls, factors, and prompts by origin."""

_TURN_COUNTS = (
    "repairs",
    "reasks",
    "no_tools",
    "fallbacks",
    "approvals_asked",
    "approvals_refused",
    "cut_tokens",
    "cut_observations",
    "calls_skipped",
    "est_skipped_prompt_tokens",
    "est_skipped_new_tokens",
)
_ORIGINS = ("system", "tools", "example", "history", "user", "tool_result", "handoff", "template")


def _counts(table: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"ALTER TABLE {table} ADD COLUMN {name} INTEGER NOT NULL DEFAULT 0" for name in names)


_BY_ORIGIN = "\n    UNION ALL ".join(
    f"SELECT paradigm, '{origin}', {origin}_in_tokens FROM finished_turns"  # noqa: S608  # names of ours
    for origin in _ORIGINS
)

THIRD = (
    *_counts("turns", _TURN_COUNTS),
    *_counts("turns", tuple(f"{origin}_in_tokens" for origin in _ORIGINS)),
    "ALTER TABLE turns ADD COLUMN factors TEXT NOT NULL DEFAULT '{}'",
    "ALTER TABLE turns ADD COLUMN answer_call TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE turns ADD COLUMN votes INTEGER",
    "ALTER TABLE turns ADD COLUMN voters INTEGER",
    *_counts("calls", tuple(f"{origin}_in_tokens" for origin in _ORIGINS)),
    "ALTER TABLE calls ADD COLUMN agent_model TEXT NOT NULL DEFAULT ''",
    *_counts("calls", ("constrained", "tools_shown")),
    "ALTER TABLE tool_calls ADD COLUMN approval TEXT",
    *_counts("tool_calls", ("cut_tokens",)),
    """
CREATE VIEW rungs_by_paradigm AS
  -- How often is each rung of the ladder taken, and how many turns need none?
  SELECT paradigm, model, count(*) AS turns,
    sum(repairs + reasks + no_tools + fallbacks = 0) AS turns_without,
    sum(repairs) AS repairs, sum(reasks) AS reasks, sum(no_tools) AS no_tools, sum(fallbacks) AS fallbacks,
    sum(limit_reached <> '') AS turns_at_a_limit
  FROM finished_turns GROUP BY paradigm, model ORDER BY paradigm, model
""",
    """
CREATE VIEW approvals_by_tool AS
  -- Which tools was the user asked about, and what was the answer?
  SELECT c.name, count(*) AS asked, sum(approval = 'once') AS once, sum(approval = 'session') AS for_session,
    sum(approval = 'no') AS refused, sum(approval = 'asked') AS unanswered
  FROM finished_turns JOIN tool_calls AS c USING (turn) WHERE approval IS NOT NULL
  GROUP BY c.name ORDER BY asked DESC, c.name
""",
    """
CREATE VIEW calls_skipped_by_paradigm AS
  -- How many calls of the model were not needed, and about how many prompt tokens did that save?
  SELECT paradigm, model, count(*) AS turns, sum(calls) AS calls, sum(calls_skipped) AS calls_skipped,
    sum(est_skipped_prompt_tokens) AS est_skipped_prompt_tokens,
    sum(est_skipped_new_tokens) AS est_skipped_new_tokens
  FROM finished_turns GROUP BY paradigm, model ORDER BY paradigm, model
""",
    f"""
CREATE VIEW prompt_tokens_by_origin AS
  -- Where did the prompt tokens come from, under each paradigm: what does each help cost?
  WITH origins (paradigm, origin, tokens) AS (
    {_BY_ORIGIN}
  )
  SELECT paradigm, origin, sum(tokens) AS tokens,
    sum(tokens) * 1.0 / nullif(sum(sum(tokens)) OVER (PARTITION BY paradigm), 0) AS share
  FROM origins GROUP BY paradigm, origin ORDER BY paradigm, tokens DESC
""",  # noqa: S608  # names of ours
    """
CREATE VIEW factors_by_paradigm AS
  -- What was each paradigm made of? A factor with several rows under one paradigm was not held the same.
  SELECT paradigm, f.key AS factor, f.value AS value, count(*) AS turns
  FROM finished_turns, json_each(finished_turns.factors) AS f
  GROUP BY paradigm, f.key, f.value ORDER BY f.key, paradigm, turns DESC
""",
)
