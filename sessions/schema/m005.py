"""The SQL of the fifth version: a tree of turns, a session's own settings and tags, and marks by hand."""

FIFTH = (
    # The tree: a turn follows a turn. Of two that follow the same one, one is the other's second try.
    "ALTER TABLE turns ADD COLUMN parent TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE turns ADD COLUMN beginning TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE turns ADD COLUMN system TEXT NOT NULL DEFAULT ''",
    # Turns with an event that cannot be read are not projected again, and follow the one before them too.
    """
UPDATE turns SET parent = coalesce(
  (SELECT before.turn FROM turns AS before
   WHERE before.session = turns.session AND before.position = turns.position - 1), '')
""",
    "CREATE INDEX turns_by_parent ON turns (session, parent)",
    # Where the open path through the tree ends: a turn, '' for before the first, NULL for the latest turn.
    "ALTER TABLE sessions ADD COLUMN open_end TEXT",
    # The user's own system prompt in this session; NULL for none.
    "ALTER TABLE sessions ADD COLUMN system TEXT",
    # How its tokens are drawn, as a JSON object; NULL for the sampling of the settings.
    "ALTER TABLE sessions ADD COLUMN sampling TEXT",
    """
CREATE TABLE tags (
  -- The user's words for a session.
  session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  tag TEXT NOT NULL,             -- one word in small letters
  PRIMARY KEY (session, tag)
) WITHOUT ROWID
""",
    "CREATE INDEX tags_by_name ON tags (tag)",
    # Of attempts judged by hand. How the turn itself ended (failed, cut or empty; NULL: with an answer),
    # so that a mark can be taken back, and whether it was liked better than the other arms' answers (1, 0).
    "ALTER TABLE attempts ADD COLUMN ended TEXT",
    "ALTER TABLE attempts ADD COLUMN preferred INTEGER",
    """
CREATE VIEW second_tries AS
  -- Which turns follow the same turn: an answer made again, a prompt edited, an answer gone on with?
  SELECT t.session, t.parent, t.turn, t.position, t.paradigm, t.model, t.beginning <> '' AS continued,
    t.prompt, t.answer, t.title
  FROM finished_turns AS t
  WHERE (SELECT count(*) FROM turns AS other WHERE other.session = t.session AND other.parent = t.parent) > 1
  ORDER BY t.session, t.parent, t.position
""",
    """
CREATE VIEW preferences AS
  -- Which arm's answer did the user like better, of two to the same prompt?
  SELECT better.run, better.arm AS better, other.arm AS worse, better.item, better.repeat, i.prompt
  FROM attempts AS better JOIN attempts AS other
    ON other.run = better.run AND other.item = better.item AND other.repeat = better.repeat
    AND other.arm <> better.arm
  JOIN items AS i ON i.run = better.run AND i.item = better.item
  WHERE better.preferred = 1 AND other.preferred IS NOT 1
  ORDER BY better.run, better.item, better.repeat, better.arm
""",
)
