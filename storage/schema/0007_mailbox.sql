-- The red mailbox and calls for help.

-- Of an anonymous case only the way back is kept, apart from the case: a list of cases names no chat of theirs.
ALTER TABLE cases ADD COLUMN anonymous INTEGER NOT NULL DEFAULT 0;
CREATE TABLE ways_back (
    case_id    INTEGER PRIMARY KEY REFERENCES cases (id),
    channel    TEXT NOT NULL,
    chat       TEXT NOT NULL,
    message_id TEXT
);

-- One row a grid that ever had a letter. `due_at` is when it is emptied next; nothing lies in it where it is NULL.
CREATE TABLE mailboxes (
    id         INTEGER PRIMARY KEY,
    grid       TEXT NOT NULL UNIQUE REFERENCES grids (code),
    emptied_at TEXT,
    due_at     TEXT
);
CREATE INDEX mailboxes_due ON mailboxes (due_at, id) WHERE due_at IS NOT NULL;

-- A letter whose writer has not said yet whether it is to be signed. At `due_at` it goes in without the name.
CREATE TABLE unsigned_letters (
    id          INTEGER PRIMARY KEY,
    channel     TEXT NOT NULL,
    chat        TEXT NOT NULL,
    message_id  TEXT,
    kind        TEXT NOT NULL,
    grid        TEXT NOT NULL REFERENCES grids (code),
    text        TEXT NOT NULL,
    attachments TEXT NOT NULL DEFAULT '[]',
    due_at      TEXT
);
CREATE INDEX unsigned_letters_due ON unsigned_letters (due_at, id) WHERE due_at IS NOT NULL;

-- When help is wanted, in words.
ALTER TABLE cases ADD COLUMN wanted_when TEXT NOT NULL DEFAULT '';

-- A call for help beside the chain, one a case; `due_at` is when the group above is called too.
CREATE TABLE calls (
    id     INTEGER PRIMARY KEY REFERENCES cases (id),
    due_at TEXT
);
CREATE INDEX calls_due ON calls (due_at, id) WHERE due_at IS NOT NULL;
