-- Work modes: which grid, with all below it, went over to which work, and what its groups were called before.

-- One row a change, never deleted: it is the history too. `alert` is the warning it began with. While `due_at` stands,
-- the groups after (after_channel, after_group) are still to be seen to, or its answer has to be shown anew.
CREATE TABLE modes (
    id            INTEGER PRIMARY KEY,
    grid          TEXT NOT NULL REFERENCES grids (code),
    mode          TEXT NOT NULL,
    since         TEXT NOT NULL,
    author        INTEGER NOT NULL REFERENCES people (id),
    alert         INTEGER REFERENCES broadcasts (id),
    ended_at      TEXT,
    ended_by      INTEGER REFERENCES people (id),
    after_channel TEXT NOT NULL DEFAULT '',
    after_group   TEXT NOT NULL DEFAULT '',
    due_at        TEXT,
    version       INTEGER NOT NULL DEFAULT 1,
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE UNIQUE INDEX modes_running ON modes (grid) WHERE ended_at IS NULL;
CREATE INDEX modes_due ON modes (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX modes_by_alert ON modes (alert) WHERE alert IS NOT NULL;
CREATE TRIGGER modes_are_kept BEFORE DELETE ON modes
BEGIN
    SELECT RAISE(ABORT, 'what mode held when is kept');
END;

-- Each group that a mode reached: the change that was last carried out there, and, once it is `put_back`, that every day's
-- work holds again. `was` is the name before, `given` a JSON list of those that it got, `why` why it has not got it.
CREATE TABLE mode_titles (
    channel  TEXT NOT NULL,
    chat     TEXT NOT NULL,
    mode     INTEGER NOT NULL REFERENCES modes (id),
    was      TEXT NOT NULL,
    given    TEXT NOT NULL DEFAULT '[]',
    put_back INTEGER NOT NULL DEFAULT 0,
    why      TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (channel, chat)
);
CREATE INDEX mode_titles_by_mode ON mode_titles (mode);
