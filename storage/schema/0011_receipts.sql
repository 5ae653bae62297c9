-- Receipts: who owes word that a broadcast was read, who gave it, and how the count climbs the tree.

-- One that is owed: by a squad, or by a household of it where each is asked. `person` gave it, for themselves or, as
-- leader, for a household without a phone.
CREATE TABLE receipts (
    id        INTEGER PRIMARY KEY,
    broadcast INTEGER NOT NULL REFERENCES broadcasts (id),
    grid      TEXT NOT NULL REFERENCES grids (code),
    household INTEGER REFERENCES households (id),
    got_at    TEXT,
    person    INTEGER REFERENCES people (id)
);
CREATE UNIQUE INDEX receipts_of_broadcast ON receipts (broadcast, grid, coalesce(household, 0));
CREATE INDEX receipts_late ON receipts (grid, broadcast) WHERE got_at IS NULL;

-- Everybody's word, once a squad; without `grid` it counted for none: it came too late, or from somebody of no squad.
CREATE TABLE receipt_log (
    id        INTEGER PRIMARY KEY,
    broadcast INTEGER NOT NULL REFERENCES broadcasts (id),
    person    INTEGER NOT NULL REFERENCES people (id),
    grid      TEXT REFERENCES grids (code),
    at        TEXT NOT NULL
);
CREATE UNIQUE INDEX receipt_log_once ON receipt_log (broadcast, person, coalesce(grid, ''));
CREATE INDEX receipt_log_by_grid ON receipt_log (broadcast, grid, id);
CREATE TRIGGER receipt_log_is_append_only BEFORE UPDATE ON receipt_log
BEGIN
    SELECT RAISE(ABORT, 'the log of receipts is append-only');
END;
CREATE TRIGGER receipt_log_is_kept BEFORE DELETE ON receipt_log
BEGIN
    SELECT RAISE(ABORT, 'the log of receipts is append-only');
END;

-- The count of each grid, in the tree as it was when the broadcast left. Its card does not change before `free_at`;
-- `alike` counts the rows of the same broadcast that are squads too, or grids above them too.
CREATE TABLE roll_ups (
    id        INTEGER PRIMARY KEY,
    broadcast INTEGER NOT NULL REFERENCES broadcasts (id),
    grid      TEXT NOT NULL REFERENCES grids (code),
    parent    TEXT REFERENCES grids (code),
    squad     INTEGER NOT NULL,
    owed      INTEGER NOT NULL,
    got       INTEGER NOT NULL DEFAULT 0 CHECK (got BETWEEN 0 AND owed),
    alike     INTEGER NOT NULL DEFAULT 1,
    free_at   TEXT NOT NULL,
    due_at    TEXT,
    UNIQUE (broadcast, grid)
);
CREATE INDEX roll_ups_due ON roll_ups (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX roll_ups_below ON roll_ups (broadcast, parent);

-- Those who are late hear of it step by step; its id is that of the broadcast.
CREATE TABLE chases (
    id     INTEGER PRIMARY KEY REFERENCES broadcasts (id),
    step   INTEGER NOT NULL,
    due_at TEXT
);
CREATE INDEX chases_due ON chases (due_at, id) WHERE due_at IS NOT NULL;

-- The chats of one squad, and the copies that did not arrive.
CREATE INDEX broadcast_chats_by_grid ON broadcast_chats (broadcast, grid);
CREATE INDEX outbox_dead ON outbox (card, channel, chat) WHERE state = 'dead';
