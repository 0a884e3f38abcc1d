"""The SQL of the second version: how the engine was set, cold turns, and what calls chose."""

SECOND = (
    """
ALTER TABLE turns ADD COLUMN n_threads_batch INTEGER NOT NULL DEFAULT 0
""",
    """
ALTER TABLE turns ADD COLUMN kv_type TEXT NOT NULL DEFAULT 'f16'
""",
    """
ALTER TABLE turns ADD COLUMN flash_attention INTEGER NOT NULL DEFAULT 0
""",
    """
ALTER TABLE turns ADD COLUMN lora TEXT NOT NULL DEFAULT ''
""",
    """
ALTER TABLE turns ADD COLUMN cold INTEGER NOT NULL DEFAULT 0
""",
    """
ALTER TABLE calls ADD COLUMN choice TEXT
""",
    """
ALTER TABLE calls ADD COLUMN choice_probability REAL
""",
    """
ALTER TABLE calls ADD COLUMN choice_entropy REAL
""",
    """
ALTER TABLE calls ADD COLUMN logprob_sum REAL
""",
    """
DROP VIEW cost_by_paradigm
""",
    """
CREATE VIEW cost_by_paradigm AS
  -- What does a turn cost on average, under each paradigm and model? Energy of different sources never
  -- mixes, nor do cold turns (1: no reuse of the KV cache) and others.
  SELECT paradigm, model, energy_source, count(*) AS turns, sum(status = 'ok') AS ok,
    avg(wall_s) AS mean_wall_s, avg(ttft_s) AS mean_ttft_s, avg(decode_tok_s) AS mean_decode_tok_s,
    avg(calls) AS mean_calls, avg(tool_calls) AS mean_tool_calls,
    avg(prompt_tokens) AS mean_prompt_tokens, avg(reused_tokens) AS mean_reused_tokens,
    avg(output_tokens) AS mean_output_tokens, avg(peak_rss_bytes) AS mean_peak_rss_bytes,
    avg(joules) AS mean_joules, cold
  FROM finished_turns GROUP BY paradigm, model, energy_source, cold
  ORDER BY model, paradigm, energy_source, cold
""",
    """
CREATE VIEW choices_by_agent AS
  -- What does each agent choose, and how sure is it? 0 bits are certainty, 1 bit is a toss of a coin.
  SELECT paradigm, agent, choice, count(*) AS calls, avg(choice_probability) AS mean_probability,
    avg(choice_entropy) AS mean_entropy_bits
  FROM finished_turns JOIN calls AS c USING (turn) WHERE choice IS NOT NULL
  GROUP BY paradigm, agent, choice ORDER BY paradigm, agent, calls DESC, choice
""",
)
