-- Ten neighbours, one flood: what the sameness of reports is judged by, and the cases that are made of many.

-- `vicinity` is the grid two above where it was reported, `heard_at` when it was last reported by anybody. `gathered`
-- is made of others; `alone` is one that people said is a thing of its own.
ALTER TABLE cases ADD COLUMN vicinity TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN heard_at TEXT;
ALTER TABLE cases ADD COLUMN gathered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN alone INTEGER NOT NULL DEFAULT 0;
CREATE INDEX cases_alike ON cases (vicinity, kind, heard_at)
    WHERE alone = 0 AND vicinity <> '' AND state IN ('acknowledged', 'reopened', 'reported');

-- A reporter is asked whether theirs is the same as another; until `due_at`.
CREATE TABLE offers (
    id     INTEGER PRIMARY KEY REFERENCES cases (id),
    same   INTEGER NOT NULL REFERENCES cases (id),
    due_at TEXT
);
CREATE INDEX offers_due ON offers (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX offers_of ON offers (same);

-- What was last shown of a gathered case, and when its summary changes next; no `due_at` where nothing is new.
CREATE TABLE summaries (
    id         INTEGER PRIMARY KEY REFERENCES cases (id),
    shown_at   TEXT NOT NULL,
    reports    INTEGER NOT NULL DEFAULT 0,
    households INTEGER NOT NULL DEFAULT 0,
    worst      TEXT NOT NULL DEFAULT '',
    endangered INTEGER NOT NULL DEFAULT 0,
    due_at     TEXT
);
CREATE INDEX summaries_due ON summaries (due_at, id) WHERE due_at IS NOT NULL;
