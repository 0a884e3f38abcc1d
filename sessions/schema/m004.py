"""The SQL of the fourth version: suite runs with their items and attempts, what-ifs, and kinds of memory."""

FOURTH = (
    "ALTER TABLE sessions ADD COLUMN kind TEXT NOT NULL DEFAULT 'chat'",
    "ALTER TABLE turns ADD COLUMN rss_anon_bytes INTEGER",
    "ALTER TABLE turns ADD COLUMN rss_file_bytes INTEGER",
    "ALTER TABLE turns ADD COLUMN energy_scope TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE turns ADD COLUMN idle_watts REAL",
    """
CREATE TABLE runs (
  -- A run of suites: what was asked for, before anything ran. Its attempts are in `attempts`.
  id TEXT PRIMARY KEY,           -- ULID
  title TEXT NOT NULL,
  started_at TEXT NOT NULL,      -- UTC, ISO 8601
  ended_at TEXT,                 -- NULL: attempts are left to make
  stopped TEXT NOT NULL,         -- why it ended before all attempts were made; empty if it did not
  plan TEXT NOT NULL,            -- a JSON object: suites, limits, repeats, seed, sampling, stopping rule
  command TEXT NOT NULL          -- the command that began it
) WITHOUT ROWID
""",
    """
CREATE TABLE arms (
  -- What a run compares: a paradigm with its model and switches.
  run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  arm TEXT NOT NULL,             -- unique within the run
  position INTEGER NOT NULL,     -- 1, 2, 3 … in the order that the user gave
  paradigm TEXT NOT NULL,
  model TEXT NOT NULL,           -- as the user named it; empty for the one of the settings
  switches TEXT NOT NULL,        -- a JSON object of switches of help, empty for the settings'
  session TEXT NOT NULL,         -- its turns are in this session
  PRIMARY KEY (run, arm)
) WITHOUT ROWID
""",
    """
CREATE TABLE data_sets (
  -- Where the items of a run come from.
  run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  data_set TEXT NOT NULL,        -- such as gsm8k
  position INTEGER NOT NULL,
  title TEXT NOT NULL,
  source TEXT NOT NULL,          -- a path, an address, or the seed that it was made from
  checksum TEXT NOT NULL,        -- sha256 of what was read
  licence TEXT NOT NULL,
  items INTEGER NOT NULL,        -- of the data set, before a limit
  PRIMARY KEY (run, data_set)
) WITHOUT ROWID
""",
    """
CREATE TABLE items (
  -- The items of a run, as they were asked.
  run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  item TEXT NOT NULL,            -- unique within the run: DATA_SET/ID
  position INTEGER NOT NULL,
  data_set TEXT NOT NULL,
  skill TEXT NOT NULL,           -- such as units; empty where not known
  level TEXT NOT NULL,           -- easy, medium or hard; empty where not known
  prompt TEXT NOT NULL,
  expected TEXT NOT NULL,        -- a JSON object: the right answer, and how answers are compared with it
  tool TEXT NOT NULL,            -- the right tool; `none` where none is right, empty where not known
  PRIMARY KEY (run, item)
) WITHOUT ROWID
""",
    """
CREATE TABLE attempts (
  -- One answer of an arm to an item. What it cost is in `turns`.
  run TEXT NOT NULL,
  arm TEXT NOT NULL,
  item TEXT NOT NULL,
  repeat INTEGER NOT NULL,       -- 1, 2, 3 …
  session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  turn TEXT NOT NULL,
  state TEXT,                    -- right, wrong, refused, empty, cut or failed; NULL: not scored yet
  strict INTEGER,                -- 1: right by what the answer comes to; NULL until scored
  flexible INTEGER,              -- 1: the right answer is somewhere in it
  tool_right INTEGER,            -- 1: the first tool called was the right one; NULL where that is not known
  extracted TEXT NOT NULL,       -- what the answer was read as
  cause TEXT NOT NULL,           -- why it is not right, as far as the events tell
  PRIMARY KEY (run, arm, item, repeat),
  FOREIGN KEY (run, arm) REFERENCES arms (run, arm) ON DELETE CASCADE,
  FOREIGN KEY (run, item) REFERENCES items (run, item) ON DELETE CASCADE
) WITHOUT ROWID
""",
    "CREATE INDEX attempts_of_session ON attempts (session)",
    "CREATE INDEX attempts_of_turn ON attempts (turn)",
    """
CREATE TABLE what_ifs (
  -- A turn that ran a stored one again with something changed.
  turn TEXT PRIMARY KEY,
  session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  of_turn TEXT NOT NULL,         -- the turn that was run again
  changes TEXT NOT NULL,         -- a JSON object: what was changed, each from what to what
  diverged_at INTEGER,           -- place among the steps at which the two part, from 1; NULL: they do not
  diverged TEXT NOT NULL,        -- that step in words
  frozen INTEGER NOT NULL,       -- results of tools that were taken from the stored turn
  live INTEGER NOT NULL          -- calls of tools that were run, for the stored turn has none like them
) WITHOUT ROWID
""",
    "CREATE INDEX what_ifs_of_turn ON what_ifs (of_turn)",
    "CREATE INDEX what_ifs_of_session ON what_ifs (session)",
    # The list of sessions walks this index instead of sorting all of them.
    """
CREATE INDEX sessions_by_time ON sessions (updated_at DESC, id DESC) WHERE deleted_at IS NULL
""",
    # A word that is being typed is looked up in an index of beginnings, not merged from all words.
    "DROP TABLE turns_text",
    """
CREATE VIRTUAL TABLE turns_text USING fts5 (
  -- Full-text index over prompts and answers, kept in step by three triggers.
  prompt, answer, content = 'turns', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2',
  prefix = '1 2 3'
)
""",
    "INSERT INTO turns_text (turns_text) VALUES ('rebuild')",
    """
CREATE VIEW attempts_by_state AS
  -- How did the attempts of each run end, by arm and data set? The states sum to the attempts.
  SELECT a.run, a.arm, i.data_set, count(*) AS attempts, sum(state = 'right') AS right,
    sum(state = 'wrong') AS wrong, sum(state = 'refused') AS refused, sum(state = 'empty') AS empty,
    sum(state = 'cut') AS cut, sum(state = 'failed') AS failed, sum(flexible) AS flexibly_right
  FROM attempts AS a JOIN items AS i USING (run, item) WHERE state IS NOT NULL
  GROUP BY a.run, a.arm, i.data_set ORDER BY a.run, i.data_set, a.arm
""",
    """
CREATE VIEW cost_per_right_answer AS
  -- What does a right answer cost, failures included? NULL where none is right. Energy of different
  -- sources never mixes.
  SELECT a.run, a.arm, t.energy_source, count(*) AS attempts, sum(state = 'right') AS right,
    sum(t.wall_s) / nullif(sum(state = 'right'), 0) AS wall_s_per_right,
    sum(t.cpu_s) / nullif(sum(state = 'right'), 0) AS cpu_s_per_right,
    sum(t.prefilled_tokens) * 1.0 / nullif(sum(state = 'right'), 0) AS prefilled_tokens_per_right,
    sum(t.output_tokens) * 1.0 / nullif(sum(state = 'right'), 0) AS output_tokens_per_right,
    sum(t.joules) / nullif(sum(state = 'right'), 0) AS joules_per_right
  FROM attempts AS a JOIN turns AS t USING (turn) WHERE state IS NOT NULL
  GROUP BY a.run, a.arm, t.energy_source ORDER BY a.run, a.arm
""",
    """
CREATE VIEW regressions AS
  -- Which items does base get right that another arm gets wrong?
  SELECT b.run, w.arm, b.item, b.repeat, w.state, w.cause, i.prompt, b.turn AS base_turn, w.turn
  FROM attempts AS b JOIN arms AS base ON base.run = b.run AND base.arm = b.arm AND base.paradigm = 'base'
  JOIN attempts AS w ON w.run = b.run AND w.item = b.item AND w.repeat = b.repeat AND w.arm <> b.arm
  JOIN items AS i ON i.run = b.run AND i.item = b.item
  WHERE b.state = 'right' AND w.state <> 'right' ORDER BY b.run, w.arm, b.item, b.repeat
""",
    """
CREATE VIEW causes_of_failure AS
  -- Why are answers not right, by arm?
  SELECT run, arm, state, cause, count(*) AS attempts
  FROM attempts WHERE state IS NOT NULL AND state <> 'right'
  GROUP BY run, arm, state, cause ORDER BY run, arm, attempts DESC
""",
    """
CREATE VIEW what_if_costs AS
  -- What did a changed turn cost, beside the one that it ran again?
  SELECT w.turn, w.of_turn, w.changes, w.diverged_at, w.diverged, w.frozen, w.live,
    o.wall_s AS was_wall_s, n.wall_s, o.prefilled_tokens AS was_prefilled_tokens, n.prefilled_tokens,
    o.output_tokens AS was_output_tokens, n.output_tokens, o.answer AS was_answer, n.answer
  FROM what_ifs AS w JOIN turns AS n ON n.turn = w.turn JOIN turns AS o ON o.turn = w.of_turn
  ORDER BY w.turn
""",
)
