-- How people are reached: on the account they used last, by a robot that only speaks, by the hand of their leader.

-- When somebody with several accounts began to use this one; of a single account nobody needs to know it.
ALTER TABLE accounts ADD COLUMN used_at TEXT;

-- An invitation for somebody's own second account: whoever uses it is this person.
ALTER TABLE invitations ADD COLUMN person INTEGER REFERENCES people (id);

-- Somebody says that they are a person of the register; `person` is that one. It is so once it is confirmed.
CREATE TABLE claims (
    id         INTEGER PRIMARY KEY,
    channel    TEXT NOT NULL,
    account    TEXT NOT NULL,
    chat       TEXT NOT NULL,
    claimant   INTEGER NOT NULL REFERENCES people (id),
    person     INTEGER NOT NULL REFERENCES people (id),
    claimed_at TEXT NOT NULL,
    answer     TEXT CHECK (answer IN ('same', 'other'))
);
CREATE INDEX claims_by_account ON claims (channel, account);

-- Groups where the bot only speaks: they hear what is told to everybody below a grid, and nothing else of it.
CREATE TABLE hearing_groups (
    channel TEXT NOT NULL,
    chat    TEXT NOT NULL,
    grid    TEXT NOT NULL REFERENCES grids (code),
    PRIMARY KEY (channel, chat)
);
CREATE INDEX hearing_groups_by_grid ON hearing_groups (grid);

-- Squads whose residents talk where no bot may be: their leader passes on what is told to everybody.
CREATE TABLE outside_groups (
    grid TEXT PRIMARY KEY REFERENCES grids (code)
);

-- Who was asked to pass on a broadcast to which squad, and when somebody said that it is done.
CREATE TABLE passings (
    broadcast INTEGER NOT NULL REFERENCES broadcasts (id),
    grid      TEXT NOT NULL REFERENCES grids (code),
    channel   TEXT NOT NULL,
    chat      TEXT NOT NULL,
    passed_at TEXT,
    PRIMARY KEY (broadcast, grid, channel, chat)
);
