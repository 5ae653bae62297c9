-- Mediation of disputes: what a case does not say. Its id is the case's; the first party is the case's reporter.
-- What people said in it is in the log of the case.

CREATE TABLE mediations (
    id            INTEGER PRIMARY KEY REFERENCES cases (id),
    other_name    TEXT,
    other_phone   TEXT NOT NULL DEFAULT '',
    other_person  INTEGER REFERENCES people (id),
    other_invited INTEGER REFERENCES people (id),
    agreement     TEXT NOT NULL DEFAULT '',
    version       INTEGER NOT NULL DEFAULT 0,
    first_agreed  INTEGER NOT NULL DEFAULT 0,
    other_agreed  INTEGER NOT NULL DEFAULT 0,
    agreed_at     TEXT,
    due_at        TEXT
);
CREATE INDEX mediations_due ON mediations (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX mediations_by_other ON mediations (other_person) WHERE other_person IS NOT NULL;

CREATE TABLE mediation_helpers (
    mediation INTEGER NOT NULL REFERENCES mediations (id),
    person    INTEGER NOT NULL REFERENCES people (id),
    PRIMARY KEY (mediation, person)
);

-- A code by which the other party comes in, kept as its SHA-256. A new one takes the place of the old.
CREATE TABLE mediation_codes (
    mediation  INTEGER PRIMARY KEY REFERENCES mediations (id),
    code_hash  TEXT NOT NULL UNIQUE,
    expires_at TEXT NOT NULL
);

CREATE TABLE visits (
    id        INTEGER PRIMARY KEY,
    mediation INTEGER NOT NULL REFERENCES cases (id),
    at        TEXT NOT NULL,
    place     TEXT NOT NULL DEFAULT '',
    asked     INTEGER NOT NULL DEFAULT 0,
    note      TEXT NOT NULL DEFAULT '',
    due_at    TEXT
);
CREATE INDEX visits_due ON visits (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX visits_by_mediation ON visits (mediation);
