-- What watches over the bot: how long a delivery is under way, what was found wrong, and when a service was last heard.

ALTER TABLE outbox ADD COLUMN began_at TEXT;
CREATE INDEX outbox_unsettled ON outbox (state, promise) WHERE state IN ('doubt', 'dead');
CREATE INDEX inbox_aside ON inbox (seq) WHERE state = 'aside';

-- Nothing is owed on these though they are open, which must not be: the index is empty, and looking into it is free.
CREATE INDEX cases_unarmed ON cases (id) WHERE due_at IS NULL AND state IN ('reported', 'reopened', 'acknowledged');

-- What the auditor found, until it is right again: the owners are told once.
CREATE TABLE findings (
    what     TEXT NOT NULL,
    place    TEXT NOT NULL,
    found_at TEXT NOT NULL,
    PRIMARY KEY (what, place)
);

CREATE TABLE heard (
    channel TEXT PRIMARY KEY,
    at      TEXT NOT NULL
);
