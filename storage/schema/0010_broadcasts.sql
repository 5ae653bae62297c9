-- Alerts, notices and drills: what was written, who let it go out, and which chats it went to.

-- `area` is a JSON list of grids, each with all below it. `cap` is what a CAP file said besides, as JSON.
-- Whoever wrote it never approves it, and no warning of danger leaves without an approver or a reason why there is none.
CREATE TABLE broadcasts (
    id           INTEGER PRIMARY KEY,
    sort         TEXT NOT NULL CHECK (sort IN ('alert', 'notice', 'drill')),
    colour       TEXT CHECK (colour IN ('blue', 'yellow', 'orange', 'red')),
    stage        TEXT NOT NULL
        CHECK (stage IN ('draft', 'submitted', 'sent', 'rejected', 'returned', 'lapsed', 'discarded', 'cancelled',
                         'cleared', 'expired', 'revised')),
    text         TEXT NOT NULL DEFAULT '',
    template     TEXT NOT NULL DEFAULT '',
    area         TEXT NOT NULL DEFAULT '[]',
    author       INTEGER NOT NULL REFERENCES people (id),
    approver     INTEGER REFERENCES people (id),
    bypass       TEXT NOT NULL DEFAULT '',
    training     INTEGER NOT NULL DEFAULT 0,
    receipts     TEXT NOT NULL DEFAULT 'none' CHECK (receipts IN ('none', 'squad', 'household')),
    created_at   TEXT NOT NULL,
    submitted_at TEXT,
    sent_at      TEXT,
    onset_at     TEXT,
    expires_at   TEXT,
    ended_at     TEXT,
    due_at       TEXT,
    revises      INTEGER REFERENCES broadcasts (id),
    cap          TEXT NOT NULL DEFAULT '',
    version      INTEGER NOT NULL DEFAULT 1,
    CHECK (approver <> author),
    CHECK (sent_at IS NULL OR sort = 'notice' OR colour IS NOT NULL),
    CHECK (sent_at IS NULL OR sort = 'notice' OR colour NOT IN ('orange', 'red')
           OR approver IS NOT NULL OR bypass <> '')
);
CREATE INDEX broadcasts_due ON broadcasts (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX broadcasts_by_author ON broadcasts (author);

-- Where it went: exactly these hear what becomes of it.
CREATE TABLE broadcast_chats (
    broadcast INTEGER NOT NULL REFERENCES broadcasts (id),
    channel   TEXT NOT NULL,
    chat      TEXT NOT NULL,
    grid      TEXT NOT NULL REFERENCES grids (code),
    PRIMARY KEY (broadcast, channel, chat)
);
CREATE INDEX broadcast_chats_by_chat ON broadcast_chats (channel, chat);

CREATE TABLE broadcast_log (
    id        INTEGER PRIMARY KEY,
    broadcast INTEGER NOT NULL REFERENCES broadcasts (id),
    at        TEXT NOT NULL,
    event     TEXT NOT NULL,
    person    INTEGER REFERENCES people (id),
    words     TEXT NOT NULL DEFAULT ''
);
CREATE INDEX broadcast_log_by_broadcast ON broadcast_log (broadcast);
CREATE TRIGGER broadcast_log_is_append_only BEFORE UPDATE ON broadcast_log
BEGIN
    SELECT RAISE(ABORT, 'the log of a broadcast is append-only');
END;
CREATE TRIGGER broadcast_log_is_kept BEFORE DELETE ON broadcast_log
BEGIN
    SELECT RAISE(ABORT, 'the log of a broadcast is append-only');
END;

-- What grids have in common and a warning may name: low-lying ground, a chemical works beside it.
CREATE TABLE grid_tags (
    grid TEXT NOT NULL REFERENCES grids (code),
    tag  TEXT NOT NULL,
    PRIMARY KEY (grid, tag)
);
CREATE INDEX grid_tags_by_tag ON grid_tags (tag);

-- Where the copies of one broadcast got to, without a look at everything else that was ever promised.
CREATE INDEX outbox_alerts ON outbox (card, id) WHERE card >= 'alert:' AND card < 'alert;';

-- Called back while it was under way: if it did not arrive, it is not sent again.
ALTER TABLE outbox ADD COLUMN recalled INTEGER NOT NULL DEFAULT 0;
