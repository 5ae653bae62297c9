-- The built-in web chat: who is signed in, what was said in its rooms, and the pictures shown there.

-- A token is kept as its SHA-256: whoever reads the file or a backup of it cannot use it.
CREATE TABLE web_sessions (
    token_hash TEXT PRIMARY KEY,
    account    TEXT NOT NULL,
    name       TEXT NOT NULL,
    expires_at TEXT NOT NULL
);

CREATE TABLE web_photos (
    id      TEXT PRIMARY KEY,
    account TEXT,
    jpeg    BLOB NOT NULL,
    kept_at TEXT NOT NULL
);

-- No account: the bot said it. `client` is the page's own id of a message, so that one sent again is stored once.
-- `revision` grows with every new or changed message: a page that was away asks for what came after the last it saw.
-- Ids are never used again (PostgreSQL: GENERATED ALWAYS AS IDENTITY), or an old card could change a new message.
CREATE TABLE web_messages (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    revision  INTEGER NOT NULL UNIQUE,
    chat      TEXT NOT NULL,
    account   TEXT,
    author    TEXT NOT NULL DEFAULT '',
    client    TEXT,
    text      TEXT NOT NULL DEFAULT '',
    card      TEXT,
    buttons   TEXT NOT NULL DEFAULT '[]',
    photo     TEXT REFERENCES web_photos (id),
    latitude  REAL,
    longitude REAL,
    reply_to  INTEGER,
    asks      INTEGER NOT NULL DEFAULT 0,
    said_at   TEXT NOT NULL,
    edited_at TEXT,
    UNIQUE (account, client)
);
CREATE INDEX web_messages_by_chat ON web_messages (chat, id);
CREATE INDEX web_messages_changed ON web_messages (chat, revision);
CREATE INDEX web_messages_by_photo ON web_messages (photo) WHERE photo IS NOT NULL;
CREATE UNIQUE INDEX web_messages_by_card ON web_messages (chat, card) WHERE card IS NOT NULL;
