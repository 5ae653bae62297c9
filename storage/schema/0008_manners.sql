-- The three rates and the bot's manners: its own pictures, what waits for the morning, and who is slowed.

-- Pictures that the bot made, kept until every channel has delivered them.
CREATE TABLE files (
    id      TEXT PRIMARY KEY,
    bytes   BLOB NOT NULL,
    kept_at TEXT NOT NULL
);

-- A message that is held through the night is due in the morning; until then no pump sees it.
ALTER TABLE outbox ADD COLUMN due_at TEXT;
CREATE INDEX outbox_held ON outbox (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX outbox_held_by_chat ON outbox (channel, chat, due_at) WHERE due_at IS NOT NULL;

-- What somebody said too fast waits its turn. `slowed` stays, so that nothing waits twice.
ALTER TABLE inbox ADD COLUMN due_at TEXT;
ALTER TABLE inbox ADD COLUMN slowed INTEGER NOT NULL DEFAULT 0;
DROP INDEX inbox_waiting;
CREATE INDEX inbox_waiting ON inbox (seq) WHERE state = 'waiting' AND due_at IS NULL;
CREATE INDEX inbox_slowed ON inbox (due_at) WHERE due_at IS NOT NULL;

CREATE INDEX cases_by_origin ON cases (origin, reported_at);
