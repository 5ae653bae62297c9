-- The tree, its people, their cases, and the messages that were promised.
-- Times are UTC in one fixed width (storage/database.py: stamp). No statement here needs more than SQLite or
-- PostgreSQL 15, but for INTEGER PRIMARY KEY, which PostgreSQL writes GENERATED ALWAYS AS IDENTITY.

CREATE TABLE grids (
    code      TEXT PRIMARY KEY,
    name      TEXT NOT NULL,
    level     TEXT NOT NULL,
    parent    TEXT REFERENCES grids (code) DEFERRABLE INITIALLY DEFERRED,
    closed_at TEXT
);
CREATE INDEX grids_by_parent ON grids (parent);
CREATE INDEX grids_by_name ON grids (name);

CREATE TABLE households (
    id     INTEGER PRIMARY KEY,
    grid   TEXT NOT NULL REFERENCES grids (code),
    door   TEXT NOT NULL,
    people INTEGER NOT NULL DEFAULT 0 CHECK (people >= 0),
    notes  TEXT NOT NULL DEFAULT '',
    UNIQUE (grid, door)
);

CREATE TABLE people (
    id        INTEGER PRIMARY KEY,
    name      TEXT NOT NULL,
    phone     TEXT,
    household INTEGER REFERENCES households (id)
);
CREATE UNIQUE INDEX people_by_phone ON people (phone) WHERE phone IS NOT NULL;
CREATE INDEX people_by_name ON people (name);

CREATE TABLE appointments (
    person INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    grid   TEXT NOT NULL REFERENCES grids (code),
    role   TEXT NOT NULL CHECK (role IN ('officer', 'leader', 'deputy', 'resident')),
    PRIMARY KEY (person, grid, role)
);
CREATE INDEX appointments_by_grid ON appointments (grid);

CREATE TABLE accounts (
    channel      TEXT NOT NULL,
    account      TEXT NOT NULL,
    person       INTEGER NOT NULL REFERENCES people (id),
    private_chat TEXT,
    PRIMARY KEY (channel, account)
);
CREATE INDEX accounts_by_person ON accounts (person);

CREATE TABLE chats (
    channel     TEXT NOT NULL,
    chat        TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('group', 'private')),
    title       TEXT NOT NULL DEFAULT '',
    grid        TEXT REFERENCES grids (code),
    unreachable TEXT,
    PRIMARY KEY (channel, chat)
);
CREATE INDEX chats_by_grid ON chats (grid) WHERE grid IS NOT NULL;

-- A code is kept as its SHA-256: whoever reads the file or a backup of it cannot use it.
CREATE TABLE invitations (
    code_hash  TEXT PRIMARY KEY,
    role       TEXT NOT NULL CHECK (role IN ('officer', 'leader', 'deputy', 'resident')),
    grid       TEXT NOT NULL REFERENCES grids (code),
    expires_at TEXT NOT NULL,
    used_by    INTEGER REFERENCES people (id),
    used_at    TEXT
);

-- A squad's QR code. It lets somebody knock, no more, so it may hang in public and is kept as it is.
CREATE TABLE posters (
    code TEXT PRIMARY KEY,
    grid TEXT NOT NULL UNIQUE REFERENCES grids (code)
);

CREATE TABLE knocks (
    id         INTEGER PRIMARY KEY,
    grid       TEXT NOT NULL REFERENCES grids (code),
    channel    TEXT NOT NULL,
    account    TEXT NOT NULL,
    chat       TEXT NOT NULL,
    name       TEXT NOT NULL,
    door       TEXT NOT NULL,
    knocked_at TEXT NOT NULL,
    answer     TEXT CHECK (answer IN ('let in', 'turned away'))
);

CREATE TABLE cases (
    id               INTEGER PRIMARY KEY,
    kind             TEXT NOT NULL,
    state            TEXT NOT NULL,
    origin           TEXT NOT NULL REFERENCES grids (code),
    grid             TEXT NOT NULL REFERENCES grids (code),
    text             TEXT NOT NULL,
    photos           TEXT NOT NULL DEFAULT '[]',
    latitude         REAL,
    longitude        REAL,
    reporter         INTEGER REFERENCES people (id),
    reported_channel TEXT NOT NULL,
    reported_chat    TEXT NOT NULL,
    report_message   TEXT,
    reported_at      TEXT NOT NULL,
    responder        INTEGER REFERENCES people (id),
    due_at           TEXT,
    reminded         INTEGER NOT NULL DEFAULT 0,
    stalled          INTEGER NOT NULL DEFAULT 0,
    outcome          TEXT NOT NULL DEFAULT '',
    rating           TEXT,
    merged_into      INTEGER REFERENCES cases (id),
    version          INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX cases_due ON cases (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX cases_by_grid ON cases (grid) WHERE due_at IS NOT NULL;
CREATE INDEX cases_by_reporter ON cases (reporter) WHERE reporter IS NOT NULL;
CREATE INDEX cases_merged ON cases (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE case_log (
    id      INTEGER PRIMARY KEY,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    at      TEXT NOT NULL,
    event   TEXT NOT NULL,
    person  INTEGER REFERENCES people (id),
    grid    TEXT NOT NULL,
    detail  TEXT NOT NULL DEFAULT ''
);
CREATE INDEX case_log_by_case ON case_log (case_id);
CREATE TRIGGER case_log_is_append_only BEFORE UPDATE ON case_log
BEGIN
    SELECT RAISE(ABORT, 'the log of a case is append-only');
END;
CREATE TRIGGER case_log_is_kept BEFORE DELETE ON case_log
BEGIN
    SELECT RAISE(ABORT, 'the log of a case is append-only');
END;

-- An open form: what this person's next words in this chat will answer.
CREATE TABLE drafts (
    channel    TEXT NOT NULL,
    chat       TEXT NOT NULL,
    account    TEXT NOT NULL,
    form       TEXT NOT NULL,
    about      TEXT NOT NULL DEFAULT '',
    expires_at TEXT NOT NULL,
    PRIMARY KEY (channel, chat, account)
);

-- What came in: stored before it is confirmed to the service, its text erased once it is handled.
CREATE TABLE inbox (
    seq         INTEGER PRIMARY KEY,
    channel     TEXT NOT NULL,
    update_id   TEXT NOT NULL,
    payload     TEXT NOT NULL,
    received_at TEXT NOT NULL,
    state       TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'aside')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    UNIQUE (channel, update_id)
);
CREATE INDEX inbox_waiting ON inbox (seq) WHERE state = 'waiting';

-- What was promised to be said: written with the state it tells of, in one commit. `press` is set for an answer to
-- a button. `doubts` counts the deliveries whose outcome nobody knows.
CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY,
    channel    TEXT NOT NULL,
    chat       TEXT NOT NULL,
    press      TEXT,
    promise    TEXT NOT NULL CHECK (promise IN ('A', 'B', 'C', 'D', 'E')),
    card       TEXT,
    body       TEXT NOT NULL,
    state      TEXT NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'sending', 'sent', 'doubt', 'dead', 'superseded')),
    attempt    INTEGER NOT NULL DEFAULT 0,
    doubts     INTEGER NOT NULL DEFAULT 0,
    message_id TEXT,
    reason     TEXT,
    queued_at  TEXT NOT NULL,
    settled_at TEXT
);
CREATE INDEX outbox_queued ON outbox (id) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_by_card ON outbox (channel, chat, card) WHERE state IN ('queued', 'doubt');

-- Which chats a card stands in, and as which message. No message yet: the next change places it.
CREATE TABLE cards (
    channel    TEXT NOT NULL,
    chat       TEXT NOT NULL,
    card       TEXT NOT NULL,
    message_id TEXT,
    PRIMARY KEY (channel, chat, card)
);
CREATE INDEX cards_by_card ON cards (card);
