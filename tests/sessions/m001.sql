-- A store as the first version of slmtui wrote it: one turn that ended, and one whose app died.

CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);

CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");

CREATE TABLE sessions (
  -- A conversation. Its turns are in `turns`.
  id TEXT PRIMARY KEY,           -- ULID
  title TEXT NOT NULL,           -- the first line of the first prompt, or what the user wrote
  renamed INTEGER NOT NULL,      -- 1: the user wrote the title
  created_at TEXT NOT NULL,      -- UTC, ISO 8601
  updated_at TEXT NOT NULL,      -- when a turn last began or ended
  deleted_at TEXT                -- NULL unless the user deleted it; purging removes the row
) WITHOUT ROWID;

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
);

CREATE INDEX events_of_session ON events (session);

CREATE TABLE running (
  -- The turns that have not ended, each with the app that runs it.
  turn TEXT PRIMARY KEY,
  session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  owner TEXT NOT NULL            -- names one running app
) WITHOUT ROWID;

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
);

CREATE INDEX turns_of_session ON turns (session, position);

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
);

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
);

CREATE VIRTUAL TABLE turns_text USING fts5 (
  -- Full-text index over prompts and answers, kept in step by three triggers.
  prompt, answer, content = 'turns', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TRIGGER turns_text_insert AFTER INSERT ON turns BEGIN
  INSERT INTO turns_text (rowid, prompt, answer) VALUES (new.id, new.prompt, new.answer);
END;

CREATE TRIGGER turns_text_delete AFTER DELETE ON turns BEGIN
  INSERT INTO turns_text (turns_text, rowid, prompt, answer)
  VALUES ('delete', old.id, old.prompt, old.answer);
END;

CREATE TRIGGER turns_text_update AFTER UPDATE OF prompt, answer ON turns BEGIN
  INSERT INTO turns_text (turns_text, rowid, prompt, answer)
  VALUES ('delete', old.id, old.prompt, old.answer);
  INSERT INTO turns_text (rowid, prompt, answer) VALUES (new.id, new.prompt, new.answer);
END;

CREATE VIEW finished_turns AS
  -- What the other views count: turns that have ended, of sessions that are not deleted.
  SELECT turns.*, sessions.title FROM turns JOIN sessions ON sessions.id = turns.session
  WHERE turns.status IS NOT NULL AND sessions.deleted_at IS NULL;

CREATE VIEW cost_by_paradigm AS
  -- What does a turn cost on average, under each paradigm and model? Energy of different sources never mixes.
  SELECT paradigm, model, energy_source, count(*) AS turns, sum(status = 'ok') AS ok,
    avg(wall_s) AS mean_wall_s, avg(ttft_s) AS mean_ttft_s, avg(decode_tok_s) AS mean_decode_tok_s,
    avg(calls) AS mean_calls, avg(tool_calls) AS mean_tool_calls,
    avg(prompt_tokens) AS mean_prompt_tokens, avg(reused_tokens) AS mean_reused_tokens,
    avg(output_tokens) AS mean_output_tokens, avg(peak_rss_bytes) AS mean_peak_rss_bytes,
    avg(joules) AS mean_joules
  FROM finished_turns GROUP BY paradigm, model, energy_source ORDER BY model, paradigm, energy_source;

CREATE VIEW slowest_turns AS
  -- Which turns took longest, and on what?
  SELECT wall_s, prefill_s, decode_s, tool_s, queue_s, paradigm, model, calls, tool_calls, prefilled_tokens,
    output_tokens, status, prompt, title, session, turn
  FROM finished_turns ORDER BY wall_s DESC;

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
  FROM purposes GROUP BY paradigm, purpose ORDER BY paradigm, tokens DESC;

CREATE VIEW cost_by_agent AS
  -- Which agent of a paradigm spends the tokens and the seconds?
  SELECT paradigm, agent, count(DISTINCT turn) AS turns, count(*) AS calls,
    sum(c.prompt_tokens) AS prompt_tokens, sum(c.reused_tokens) AS reused_tokens,
    sum(c.output_tokens) AS output_tokens, sum(c.wall_s) AS wall_s
  FROM finished_turns JOIN calls AS c USING (turn) GROUP BY paradigm, agent ORDER BY paradigm, wall_s DESC;

CREATE VIEW tool_use AS
  -- Which tools are called, how often do they fail, and how long do they take?
  SELECT c.name, paradigm, count(*) AS calls, sum(c.status = 'error') AS errors,
    avg(c.seconds) AS mean_seconds
  FROM finished_turns JOIN tool_calls AS c USING (turn) GROUP BY c.name, paradigm ORDER BY calls DESC;

CREATE VIEW turns_not_ok AS
  -- Which turns were cancelled, failed or interrupted, and why?
  SELECT started_at, status, reason, limit_reached, paradigm, model, prompt, title, session, turn
  FROM finished_turns WHERE status <> 'ok' ORDER BY started_at DESC;

INSERT INTO _sqlite_migrations (id, migration_set, name, applied_at)
VALUES (1, 'slmtui', 'm001_first', '2026-01-02 03:04:05.000000+00:00');
INSERT INTO sessions (id, title, renamed, created_at, updated_at, deleted_at)
VALUES ('01KDYAK52RJRVJ1JE755X2MDZS', 'What is 1+1?', 0, '2026-01-02T03:04:06.000+00:00', '2026-01-02T03:04:09.000+00:00', NULL);
INSERT INTO events (id, session, turn, seq, t, type, data, written_at)
VALUES (1, '01KDYAK52RJRVJ1JE755X2MDZS', '01TURN00000000000000000001', 1, 0.0, 'TurnStarted', '{"t":0.0,"turn":"01TURN00000000000000000001","session":"01KDYAK52RJRVJ1JE755X2MDZS","paradigm":"single","prompt":"What is 1+1?","started_at":"2026-01-02T03:04:05+00:00","sampling":{"temperature":0.7,"top_k":40,"top_p":0.95,"min_p":0.05,"repeat_penalty":1.0,"seed":1},"engine":{"model":"tiny","model_hash":"sha256:00","quantisation":"Q4_1","architecture":"llama","parameters":135000000,"n_ctx":2048,"n_threads":2,"gpu_layers":0,"llama_cpp":"0.3.36","machine":"test","slmtui":"0.1.0"},"warm":false}', '2026-01-02T03:04:08.000+00:00');
INSERT INTO events (id, session, turn, seq, t, type, data, written_at)
VALUES (2, '01KDYAK52RJRVJ1JE755X2MDZS', '01TURN00000000000000000001', 2, 0.0, 'AgentStarted', '{"t":0.0,"agent":"assistant","task":"What is 1+1?"}', '2026-01-02T03:04:08.000+00:00');
INSERT INTO events (id, session, turn, seq, t, type, data, written_at)
VALUES (3, '01KDYAK52RJRVJ1JE755X2MDZS', '01TURN00000000000000000001', 3, 0.125, 'ToolStarted', '{"t":0.125,"tool_call":"t1","agent":"assistant","name":"calculator","arguments":{"expression":"1+1"}}', '2026-01-02T03:04:08.000+00:00');
INSERT INTO events (id, session, turn, seq, t, type, data, written_at)
VALUES (4, '01KDYAK52RJRVJ1JE755X2MDZS', '01TURN00000000000000000001', 4, 0.25, 'ToolFinished', '{"t":0.25,"tool_call":"t1","agent":"assistant","name":"calculator","result":"2","status":"ok","seconds":0.125}', '2026-01-02T03:04:08.000+00:00');
INSERT INTO events (id, session, turn, seq, t, type, data, written_at)
VALUES (5, '01KDYAK52RJRVJ1JE755X2MDZS', '01TURN00000000000000000001', 5, 0.0, 'CallStarted', '{"t":0.0,"call":"c1","agent":"assistant","purpose":"answer","messages":[{"role":"user","content":"hello","origin":"user","group":0}],"constrained":false,"max_tokens":64,"greedy":false}', '2026-01-02T03:04:08.000+00:00');
INSERT INTO events (id, session, turn, seq, t, type, data, written_at)
VALUES (6, '01KDYAK52RJRVJ1JE755X2MDZS', '01TURN00000000000000000001', 6, 0.25, 'TextDelta', '{"t":0.25,"call":"c1","agent":"assistant","purpose":"answer","text":"It''s","times":[0.25]}', '2026-01-02T03:04:08.000+00:00');
INSERT INTO events (id, session, turn, seq, t, type, data, written_at)
VALUES (7, '01KDYAK52RJRVJ1JE755X2MDZS', '01TURN00000000000000000001', 7, 0.5, 'TextDelta', '{"t":0.5,"call":"c1","agent":"assistant","purpose":"answer","text":" 2.","times":[0.5]}', '2026-01-02T03:04:08.000+00:00');
INSERT INTO events (id, session, turn, seq, t, type, data, written_at)
VALUES (8, '01KDYAK52RJRVJ1JE755X2MDZS', '01TURN00000000000000000001', 8, 0.25, 'MeterRead', '{"t":0.25,"rss_bytes":1000,"peak_rss_bytes":1000,"cpu_s":0.25,"joules":3.5,"source":"measured"}', '2026-01-02T03:04:08.000+00:00');
INSERT INTO events (id, session, turn, seq, t, type, data, written_at)
VALUES (9, '01KDYAK52RJRVJ1JE755X2MDZS', '01TURN00000000000000000001', 9, 0.625, 'CallFinished', '{"t":0.625,"call":"c1","agent":"assistant","purpose":"answer","finish_reason":"stop","prompt_tokens":9,"reused_tokens":4,"prefilled_tokens":5,"avoidable_tokens":0,"output_tokens":2,"origins":[],"queue_s":0.0,"template_s":0.0,"prefill_s":0.125,"ttft_s":0.25,"decode_s":0.25,"sampling_s":0.0,"grammar_s":0.0,"context_used":11,"context_size":2048,"kv_bytes":1024,"error":""}', '2026-01-02T03:04:08.000+00:00');
INSERT INTO events (id, session, turn, seq, t, type, data, written_at)
VALUES (10, '01KDYAK52RJRVJ1JE755X2MDZS', '01TURN00000000000000000001', 10, 1.0, 'TurnFinished', '{"t":1.0,"status":"ok","answer":"It''s 2.","reason":""}', '2026-01-02T03:04:08.000+00:00');
INSERT INTO events (id, session, turn, seq, t, type, data, written_at)
VALUES (11, '01KDYAK52RJRVJ1JE755X2MDZS', '01TURN00000000000000000002', 1, 0.0, 'TurnStarted', '{"t":0.0,"turn":"01TURN00000000000000000002","session":"01KDYAK52RJRVJ1JE755X2MDZS","paradigm":"base","prompt":"Tell me a story","started_at":"2026-01-02T03:04:05+00:00","sampling":{"temperature":0.7,"top_k":40,"top_p":0.95,"min_p":0.05,"repeat_penalty":1.0,"seed":1},"engine":{"model":"tiny","model_hash":"sha256:00","quantisation":"Q4_1","architecture":"llama","parameters":135000000,"n_ctx":2048,"n_threads":2,"gpu_layers":0,"llama_cpp":"0.3.36","machine":"test","slmtui":"0.1.0"},"warm":false}', '2026-01-02T03:04:09.000+00:00');
INSERT INTO events (id, session, turn, seq, t, type, data, written_at)
VALUES (12, '01KDYAK52RJRVJ1JE755X2MDZS', '01TURN00000000000000000002', 2, 0.0, 'CallStarted', '{"t":0.0,"call":"c1","agent":"assistant","purpose":"answer","messages":[{"role":"user","content":"hello","origin":"user","group":0}],"constrained":false,"max_tokens":64,"greedy":false}', '2026-01-02T03:04:09.000+00:00');
INSERT INTO events (id, session, turn, seq, t, type, data, written_at)
VALUES (13, '01KDYAK52RJRVJ1JE755X2MDZS', '01TURN00000000000000000002', 3, 0.25, 'TextDelta', '{"t":0.25,"call":"c1","agent":"assistant","purpose":"answer","text":"Once","times":[0.25]}', '2026-01-02T03:04:09.000+00:00');
INSERT INTO events (id, session, turn, seq, t, type, data, written_at)
VALUES (14, '01KDYAK52RJRVJ1JE755X2MDZS', '01TURN00000000000000000002', 4, 0.5, 'TextDelta', '{"t":0.5,"call":"c1","agent":"assistant","purpose":"answer","text":" upon","times":[0.5]}', '2026-01-02T03:04:09.000+00:00');
INSERT INTO running (turn, session, owner)
VALUES ('01TURN00000000000000000002', '01KDYAK52RJRVJ1JE755X2MDZS', 'dead');
INSERT INTO turns (id, turn, session, paradigm, prompt, started_at, position, answer, status, reason, wall_s, ttft_s, decode_tok_s, calls, tool_calls, tool_errors, prompt_tokens, reused_tokens, prefilled_tokens, avoidable_tokens, output_tokens, think_tokens, route_tokens, handoff_tokens, call_tokens, repair_tokens, answer_tokens, queue_s, template_s, prefill_s, decode_s, sampling_s, grammar_s, tool_s, cpu_s, rss_bytes, peak_rss_bytes, kv_bytes, context_used, context_size, dropped_messages, limit_reached, joules, energy_source, mean_watts, warm, model, model_hash, quantisation, architecture, parameters, n_ctx, n_threads, gpu_layers, llama_cpp, machine, slmtui, seed, temperature, top_k, top_p, min_p, repeat_penalty)
VALUES (1, '01TURN00000000000000000001', '01KDYAK52RJRVJ1JE755X2MDZS', 'single', 'What is 1+1?', '2026-01-02T03:04:05+00:00', 1, 'It''s 2.', 'ok', '', 1.0, 0.25, 4.0, 1, 1, 0, 9, 4, 5, 0, 2, 0, 0, 0, 0, 0, 2, 0.0, 0.0, 0.125, 0.25, 0.0, 0.0, 0.125, 0.25, 1000, 1000, 1024, 11, 2048, 0, '', 3.5, 'measured', 3.5, 0, 'tiny', 'sha256:00', 'Q4_1', 'llama', 135000000, 2048, 2, 0, '0.3.36', 'test', '0.1.0', 1, 0.7, 40, 0.95, 0.05, 1.0);
INSERT INTO turns (id, turn, session, paradigm, prompt, started_at, position, answer, status, reason, wall_s, ttft_s, decode_tok_s, calls, tool_calls, tool_errors, prompt_tokens, reused_tokens, prefilled_tokens, avoidable_tokens, output_tokens, think_tokens, route_tokens, handoff_tokens, call_tokens, repair_tokens, answer_tokens, queue_s, template_s, prefill_s, decode_s, sampling_s, grammar_s, tool_s, cpu_s, rss_bytes, peak_rss_bytes, kv_bytes, context_used, context_size, dropped_messages, limit_reached, joules, energy_source, mean_watts, warm, model, model_hash, quantisation, architecture, parameters, n_ctx, n_threads, gpu_layers, llama_cpp, machine, slmtui, seed, temperature, top_k, top_p, min_p, repeat_penalty)
VALUES (2, '01TURN00000000000000000002', '01KDYAK52RJRVJ1JE755X2MDZS', 'base', 'Tell me a story', '2026-01-02T03:04:05+00:00', 2, 'Once upon', NULL, '', 0.5, 0.25, 4.0, 1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 2, 0.0, 0.0, 0.0, 0.25, 0.0, 0.0, 0.0, NULL, NULL, NULL, NULL, NULL, NULL, 0, '', NULL, 'none', NULL, 0, 'tiny', 'sha256:00', 'Q4_1', 'llama', 135000000, 2048, 2, 0, '0.3.36', 'test', '0.1.0', 1, 0.7, 40, 0.95, 0.05, 1.0);
INSERT INTO calls (call, turn, position, agent, purpose, started_s, finish_reason, prompt_tokens, reused_tokens, prefilled_tokens, avoidable_tokens, output_tokens, think_tokens, route_tokens, handoff_tokens, call_tokens, repair_tokens, answer_tokens, queue_s, template_s, prefill_s, ttft_s, decode_s, tpot_s, decode_tok_s, sampling_s, grammar_s, wall_s, error, text)
VALUES ('c1', '01TURN00000000000000000001', 1, 'assistant', 'answer', 0.0, 'stop', 9, 4, 5, 0, 2, 0, 0, 0, 0, 0, 2, 0.0, 0.0, 0.125, 0.25, 0.25, 0.25, 4.0, 0.0, 0.0, 0.625, '', 'It''s 2.');
INSERT INTO calls (call, turn, position, agent, purpose, started_s, finish_reason, prompt_tokens, reused_tokens, prefilled_tokens, avoidable_tokens, output_tokens, think_tokens, route_tokens, handoff_tokens, call_tokens, repair_tokens, answer_tokens, queue_s, template_s, prefill_s, ttft_s, decode_s, tpot_s, decode_tok_s, sampling_s, grammar_s, wall_s, error, text)
VALUES ('c1', '01TURN00000000000000000002', 1, 'assistant', 'answer', 0.0, NULL, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 2, 0.0, 0.0, 0.0, 0.25, 0.25, 0.25, 4.0, 0.0, 0.0, 0.5, '', 'Once upon');
INSERT INTO tool_calls (tool_call, turn, position, agent, name, arguments, started_s, result, status, seconds)
VALUES ('t1', '01TURN00000000000000000001', 1, 'assistant', 'calculator', '{"expression":"1+1"}', 0.125, '2', 'ok', 0.125);
