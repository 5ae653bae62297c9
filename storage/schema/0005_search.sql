-- The search for a lost person: what is known of them, whom it was told, who looks where, and what was seen.

-- `missing` is all that is personal of it, as JSON: one column to erase.
CREATE TABLE searches (
    id           INTEGER PRIMARY KEY REFERENCES cases (id),
    reporter     INTEGER REFERENCES people (id),
    missing      TEXT NOT NULL DEFAULT '{}',
    stage        TEXT NOT NULL
        CHECK (stage IN ('asked', 'widening', 'found', 'rejected', 'stopped', 'expired')),
    ring         INTEGER NOT NULL DEFAULT 0,
    asked        INTEGER NOT NULL DEFAULT 1,
    warned       INTEGER NOT NULL DEFAULT 0,
    opened_at    TEXT NOT NULL,
    confirmed_at TEXT,
    expires_at   TEXT NOT NULL,
    ended_at     TEXT,
    due_at       TEXT,
    version      INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX searches_due ON searches (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX searches_by_reporter ON searches (reporter) WHERE reporter IS NOT NULL;

-- Where its notice was sent, and in which ring: so that nobody is told twice, and the nearest hear first.
CREATE TABLE search_chats (
    search  INTEGER NOT NULL REFERENCES searches (id),
    channel TEXT NOT NULL,
    chat    TEXT NOT NULL,
    ring    INTEGER NOT NULL,
    PRIMARY KEY (search, channel, chat)
);
CREATE INDEX search_chats_by_chat ON search_chats (channel, chat);

-- Who looks where. `spot` is the place without what makes two names of one place differ: two are not sent to one.
CREATE TABLE searchers (
    search  INTEGER NOT NULL REFERENCES searches (id),
    person  INTEGER NOT NULL REFERENCES people (id),
    place   TEXT NOT NULL,
    spot    TEXT NOT NULL,
    channel TEXT NOT NULL,
    chat    TEXT NOT NULL,
    ring    INTEGER NOT NULL,
    since   TEXT NOT NULL,
    PRIMARY KEY (search, person),
    UNIQUE (search, spot)
);

CREATE TABLE sightings (
    id          INTEGER PRIMARY KEY,
    search      INTEGER NOT NULL REFERENCES searches (id),
    seen_at     TEXT NOT NULL,
    person      INTEGER REFERENCES people (id),
    words       TEXT NOT NULL,
    attachments TEXT NOT NULL DEFAULT '[]',
    latitude    REAL,
    longitude   REAL
);
CREATE INDEX sightings_by_search ON sightings (search);
