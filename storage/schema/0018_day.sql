-- Those who live alone and say once a day that they are well.

-- `hour` is HH:MM by the village's clock; `person` is known where they have been met, `contact` where their family has.
-- `state` says how today stands: waiting for the hour, asked, missed (nothing was heard in time), paused until the day
-- that `due_at` falls on, ended. `reached` is the grid that the alarm has climbed to, `goer` who went to look. `due_at`
-- is the next thing that happens by itself.
CREATE TABLE checkins (
    id            INTEGER PRIMARY KEY,
    name          TEXT NOT NULL,
    person        INTEGER REFERENCES people (id),
    grid          TEXT NOT NULL REFERENCES grids (code),
    hour          TEXT NOT NULL,
    author        INTEGER NOT NULL REFERENCES people (id),
    contact       INTEGER REFERENCES people (id),
    contact_name  TEXT NOT NULL DEFAULT '',
    contact_phone TEXT NOT NULL DEFAULT '',
    state         TEXT NOT NULL CHECK (state IN ('waiting', 'asked', 'missed', 'paused', 'ended')),
    asked_at      TEXT,
    reached       TEXT REFERENCES grids (code),
    goer          INTEGER REFERENCES people (id),
    due_at        TEXT,
    version       INTEGER NOT NULL DEFAULT 1,
    CHECK ((due_at IS NULL) = (state = 'ended'))
);
CREATE INDEX checkins_due ON checkins (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX checkins_by_grid ON checkins (grid) WHERE due_at IS NOT NULL;
CREATE INDEX checkins_of_person ON checkins (person) WHERE due_at IS NOT NULL;
CREATE INDEX checkins_awaited ON checkins (person) WHERE state IN ('asked', 'missed');

CREATE TABLE checkin_log (
    id      INTEGER PRIMARY KEY,
    checkin INTEGER NOT NULL REFERENCES checkins (id),
    at      TEXT NOT NULL,
    event   TEXT NOT NULL,
    person  INTEGER REFERENCES people (id),
    grid    TEXT NOT NULL
);
CREATE INDEX checkin_log_by_checkin ON checkin_log (checkin, id);
CREATE TRIGGER checkin_log_is_append_only BEFORE UPDATE ON checkin_log
BEGIN
    SELECT RAISE(ABORT, 'the log of a check-in is append-only');
END;
CREATE TRIGGER checkin_log_is_kept BEFORE DELETE ON checkin_log
BEGIN
    SELECT RAISE(ABORT, 'the log of a check-in is append-only');
END;

-- The digests (morning, evening), a row each: the hour that is being said and the last person who has it, so that
-- thousands are told in pages. A row comes with the first start of the bot, which knows the hours.
CREATE TABLE digests (
    id     INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    slot   TEXT,
    after  INTEGER NOT NULL DEFAULT 0,
    due_at TEXT
);
CREATE INDEX digests_due ON digests (due_at, id) WHERE due_at IS NOT NULL;

-- Who does without which.
CREATE TABLE digests_declined (
    digest TEXT NOT NULL,
    person INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    PRIMARY KEY (digest, person)
);

CREATE INDEX cases_by_time ON cases (reported_at);
