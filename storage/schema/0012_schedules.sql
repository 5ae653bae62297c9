-- Notices that come by themselves at set times.

-- `rule` says when: a day and a time of the village's clock, or five cron fields with L (the last day of a month) and W
-- (working days). `until` is the last day, `grace` the seconds that it may be late, `last_at` the last time that was
-- settled. `due_at` is the next one; of a draft, when it is dropped. This row is all there is: nothing else knows when.
CREATE TABLE schedules (
    id         INTEGER PRIMARY KEY,
    state      TEXT NOT NULL CHECK (state IN ('draft', 'active', 'paused', 'ended')),
    author     INTEGER NOT NULL REFERENCES people (id),
    rule       TEXT NOT NULL DEFAULT '',
    area       TEXT NOT NULL DEFAULT '[]',
    text       TEXT NOT NULL DEFAULT '',
    receipts   TEXT NOT NULL DEFAULT 'none' CHECK (receipts IN ('none', 'squad', 'household')),
    until      TEXT,
    grace      INTEGER NOT NULL CHECK (grace > 0),
    created_at TEXT NOT NULL,
    last_at    TEXT,
    due_at     TEXT,
    version    INTEGER NOT NULL DEFAULT 1,
    CHECK (state IN ('draft', 'ended') OR (rule <> '' AND area <> '[]' AND text <> '')),
    CHECK ((due_at IS NOT NULL) = (state IN ('draft', 'active')))
);
CREATE INDEX schedules_due ON schedules (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX schedules_open ON schedules (id) WHERE state IN ('active', 'paused');
CREATE INDEX schedules_by_author ON schedules (author);
