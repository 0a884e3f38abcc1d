"""The SQL of the first version: every table, the full-text index, and the first views."""

FIRST = (
    """
CREATE TABLE sessions (
  -- A conversation. Its turns are in `turns`.
  id TEXT PRIMARY KEY,           -- ULID
  title TEXT NOT NULL,           -- the first line of the first prompt, or what the user wrote
  renamed INTEGER NOT NULL,      -- 1: the user wrote the title
  created_at TEXT NOT NULL,      -- UTC, ISO 8601
  updated_at TEXT NOT NULL,      -- when a turn last began or ended
  deleted_at TEXT                -- NULL unless the user deleted it; purging removes the row
) WITHOUT ROWID
""",
    """
CREATE TABLE events (
  -- The truth: every event of every turn, in order, as it happened. Rows are never changed.
  id INTEGER PRIMARY KEY,        -- the order of writing
  session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  turn TEXT NOT NULL,            -- ULID
  seq INTEGER NOT NULL,          -- 1, 2, 3 … within the turn
  t REAL NOT NULL,               -- seconds since the turn started, monotonic
  type TEXT NOT NULL,            -- a class of agents/events.py
  data TEXT NOT NULL,            -- its fields, as a JSON object
  written_at TEXT NOT NULL,      -- UTC, ISO 8601
  UNIQUE (turn, seq)
)
""",
    """
CREATE INDEX events_of_session ON events (session)
""",
    """
CREATE TABLE running (
  -- The turns that have not ended, each with the app that runs it.
  turn TEXT PRIMARY KEY,
  session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  owner TEXT NOT NULL            -- names one running app
) WITHOUT ROWID
""",
    """
CREATE TABLE turns (
  -- One row a turn, projected from `events`. docs/columns.md explains the columns.
  id INTEGER PRIMARY KEY,        -- what the full-text index refers to
  turn TEXT NOT NULL UNIQUE,
  session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  paradigm TEXT NOT NULL,
  prompt TEXT NOT NULL,
  started_at TEXT NOT NULL,
  position INTEGER NOT NULL,
  answer TEXT NOT NULL,
  status TEXT,                   -- NULL: running
  reason TEXT NOT NULL,
  wall_s REAL NOT NULL,
  ttft_s REAL,
  decode_tok_s REAL,
  calls INTEGER NOT NULL,
  tool_calls INTEGER NOT NULL,
  tool_errors INTEGER NOT NULL,
  prompt_tokens INTEGER NOT NULL,
  reused_tokens INTEGER NOT NULL,
  prefilled_tokens INTEGER NOT NULL,
  avoidable_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  think_tokens INTEGER NOT NULL,
  route_tokens INTEGER NOT NULL,
  handoff_tokens INTEGER NOT NULL,
  call_tokens INTEGER NOT NULL,
  repair_tokens INTEGER NOT NULL,
  answer_tokens INTEGER NOT NULL,
  queue_s REAL NOT NULL,
  template_s REAL NOT NULL,
  prefill_s REAL NOT NULL,
  decode_s REAL NOT NULL,
  sampling_s REAL NOT NULL,
  grammar_s REAL NOT NULL,
  tool_s REAL NOT NULL,
  cpu_s REAL,
  rss_bytes INTEGER,
  peak_rss_bytes INTEGER,
  kv_bytes INTEGER,
  context_used INTEGER,
  context_size INTEGER,
  dropped_messages INTEGER NOT NULL,
  limit_reached TEXT NOT NULL,
  joules REAL,
  energy_source TEXT NOT NULL,
  mean_watts REAL,
  warm INTEGER NOT NULL,
  model TEXT NOT NULL,
  model_hash TEXT NOT NULL,
  quantisation TEXT NOT NULL,
  architecture TEXT NOT NULL,
  parameters INTEGER NOT NULL,
  n_ctx INTEGER NOT NULL,
  n_threads INTEGER NOT NULL,
  gpu_layers INTEGER NOT NULL,
  llama_cpp TEXT NOT NULL,
  machine TEXT NOT NULL,
  slmtui TEXT NOT NULL,
  seed INTEGER NOT NULL,
  temperature REAL NOT NULL,
  top_k INTEGER NOT NULL,
  top_p REAL NOT NULL,
  min_p REAL NOT NULL,
  repeat_penalty REAL NOT NULL
)
""",
    """
CREATE INDEX turns_of_session ON turns (session, position)
""",
    """
CREATE TABLE calls (
  -- One row a call of the model, projected from `events`.
  call TEXT NOT NULL,
  turn TEXT NOT NULL REFERENCES turns (turn) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  agent TEXT NOT NULL,
  purpose TEXT NOT NULL,
  started_s REAL NOT NULL,
  finish_reason TEXT,
  prompt_tokens INTEGER NOT NULL,
  reused_tokens INTEGER NOT NULL,
  prefilled_tokens INTEGER NOT NULL,
  avoidable_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  think_tokens INTEGER NOT NULL,
  route_tokens INTEGER NOT NULL,
  handoff_tokens INTEGER NOT NULL,
  call_tokens INTEGER NOT NULL,
  repair_tokens INTEGER NOT NULL,
  answer_tokens INTEGER NOT NULL,
  queue_s REAL NOT NULL,
  template_s REAL NOT NULL,
  prefill_s REAL NOT NULL,
  ttft_s REAL,
  decode_s REAL NOT NULL,
  tpot_s REAL,
  decode_tok_s REAL,
  sampling_s REAL NOT NULL,
  grammar_s REAL NOT NULL,
  wall_s REAL NOT NULL,
  error TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (turn, position)
)
""",
    """
CREATE TABLE tool_calls (
  -- One row a call of a tool, projected from `events`.
  tool_call TEXT NOT NULL,
  turn TEXT NOT NULL REFERENCES turns (turn) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  agent TEXT NOT NULL,
  name TEXT NOT NULL,
  arguments TEXT NOT NULL,       -- a JSON object
  started_s REAL NOT NULL,
  result TEXT NOT NULL,
  status TEXT,
  seconds REAL NOT NULL,
  PRIMARY KEY (turn, position)
)
""",
    """
CREATE VIRTUAL TABLE turns_text USING fts5 (
  -- Full-text index over prompts and answers, kept in step by three triggers.
  prompt, answer, content = 'turns', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
)
""",
    """
CREATE TRIGGER turns_text_insert AFTER INSERT ON turns BEGIN
  INSERT INTO turns_text (rowid, prompt, answer) VALUES (new.id, new.prompt, new.answer);
END
""",
    """
CREATE TRIGGER turns_text_delete AFTER DELETE ON turns BEGIN
  INSERT INTO turns_text (turns_text, rowid, prompt, answer)
  VALUES ('delete', old.id, old.prompt, old.answer);
END
""",
    """
CREATE TRIGGER turns_text_update AFTER UPDATE OF prompt, answer ON turns BEGIN
  INSERT INTO turns_text (turns_text, rowid, prompt, answer)
  VALUES ('delete', old.id, old.prompt, old.answer);
  INSERT INTO turns_text (rowid, prompt, answer) VALUES (new.id, new.prompt, new.answer);
END
""",
    """
CREATE VIEW finished_turns AS
  -- What the other views count: turns that have ended, of sessions that are not deleted.
  SELECT turns.*, sessions.title FROM turns JOIN sessions ON sessions.id = turns.session
  WHERE turns.status IS NOT NULL AND sessions.deleted_at IS NULL
""",
    """
CREATE VIEW cost_by_paradigm AS
  -- What does a turn cost on average, under each paradigm and model? Energy of different sources never mixes.
  SELECT paradigm, model, energy_source, count(*) AS turns, sum(status = 'ok') AS ok,
    avg(wall_s) AS mean_wall_s, avg(ttft_s) AS mean_ttft_s, avg(decode_tok_s) AS mean_decode_tok_s,
    avg(calls) AS mean_calls, avg(tool_calls) AS mean_tool_calls,
    avg(prompt_tokens) AS mean_prompt_tokens, avg(reused_tokens) AS mean_reused_tokens,
    avg(output_tokens) AS mean_output_tokens, avg(peak_rss_bytes) AS mean_peak_rss_bytes,
    avg(joules) AS mean_joules
  FROM finished_turns GROUP BY paradigm, model, energy_source ORDER BY model, paradigm, energy_source
""",
    """
CREATE VIEW slowest_turns AS
  -- Which turns took longest, and on what?
  SELECT wall_s, prefill_s, decode_s, tool_s, queue_s, paradigm, model, calls, tool_calls, prefilled_tokens,
    output_tokens, status, prompt, title, session, turn
  FROM finished_turns ORDER BY wall_s DESC
""",
    """
CREATE VIEW tokens_by_purpose AS
  -- What were the output tokens for, under each paradigm?
  WITH purposes (paradigm, purpose, tokens) AS (
    SELECT paradigm, 'think', think_tokens FROM finished_turns
    UNION ALL SELECT paradigm, 'route', route_tokens FROM finished_turns
    UNION ALL SELECT paradigm, 'handoff', handoff_tokens FROM finished_turns
    UNION ALL SELECT paradigm, 'call', call_tokens FROM finished_turns
    UNION ALL SELECT paradigm, 'repair', repair_tokens FROM finished_turns
    UNION ALL SELECT paradigm, 'answer', answer_tokens FROM finished_turns
  )
  SELECT paradigm, purpose, sum(tokens) AS tokens,
    sum(tokens) * 1.0 / nullif(sum(sum(tokens)) OVER (PARTITION BY paradigm), 0) AS share
  FROM purposes GROUP BY paradigm, purpose ORDER BY paradigm, tokens DESC
""",
    """
CREATE VIEW cost_by_agent AS
  -- Which agent of a paradigm spends the tokens and the seconds?
  SELECT paradigm, agent, count(DISTINCT turn) AS turns, count(*) AS calls,
    sum(c.prompt_tokens) AS prompt_tokens, sum(c.reused_tokens) AS reused_tokens,
    sum(c.output_tokens) AS output_tokens, sum(c.wall_s) AS wall_s
  FROM finished_turns JOIN calls AS c USING (turn) GROUP BY paradigm, agent ORDER BY paradigm, wall_s DESC
""",
    """
CREATE VIEW tool_use AS
  -- Which tools are called, how often do they fail, and how long do they take?
  SELECT c.name, paradigm, count(*) AS calls, sum(c.status = 'error') AS errors,
    avg(c.seconds) AS mean_seconds
  FROM finished_turns JOIN tool_calls AS c USING (turn) GROUP BY c.name, paradigm ORDER BY calls DESC
""",
    """
CREATE VIEW turns_not_ok AS
  -- Which turns were cancelled, failed or interrupted, and why?
  SELECT started_at, status, reason, limit_reached, paradigm, model, prompt, title, session, turn
  FROM finished_turns WHERE status <> 'ok' ORDER BY started_at DESC
""",
)
