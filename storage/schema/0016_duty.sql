-- 值班: whose turn it is to answer for a grid. A grid has one rota, or none and then its leader answers.

-- `begins` is the first day of the first turn, NULL until the bot has seen an imported rota. `holder` is who was told
-- last that it is theirs, or got the last case. `due_at` is when the next day of duty begins.
CREATE TABLE rotas (
    id     INTEGER PRIMARY KEY,
    grid   TEXT NOT NULL UNIQUE REFERENCES grids (code),
    turns  TEXT NOT NULL CHECK (turns IN ('week', 'day', 'case')),
    begins TEXT,
    holder INTEGER REFERENCES people (id),
    due_at TEXT
);
CREATE INDEX rotas_due ON rotas (due_at, id) WHERE due_at IS NOT NULL;

-- `list` is usual, holiday, or mode: with the name of a work mode.
CREATE TABLE rota_members (
    rota     INTEGER NOT NULL REFERENCES rotas (id) ON DELETE CASCADE,
    list     TEXT NOT NULL,
    position INTEGER NOT NULL,
    person   INTEGER NOT NULL REFERENCES people (id),
    PRIMARY KEY (rota, list, position)
);
CREATE INDEX rota_members_by_person ON rota_members (person);

-- Days that somebody has who would not have them by the list: set by a leader, or swapped.
CREATE TABLE duty_days (
    rota   INTEGER NOT NULL REFERENCES rotas (id) ON DELETE CASCADE,
    day    TEXT NOT NULL,
    person INTEGER NOT NULL REFERENCES people (id),
    PRIMARY KEY (rota, day)
);
CREATE INDEX duty_days_by_person ON duty_days (person);

-- Days on which somebody is not called: on leave, or silent twice.
CREATE TABLE duty_absences (
    id     INTEGER PRIMARY KEY,
    rota   INTEGER NOT NULL REFERENCES rotas (id) ON DELETE CASCADE,
    person INTEGER NOT NULL REFERENCES people (id),
    day    TEXT NOT NULL
);
CREATE INDEX duty_absences_by_rota ON duty_absences (rota, day);
CREATE INDEX duty_absences_by_person ON duty_absences (person);

-- `given` and `last_given` are the asker's turn, `taken` and `last_taken` what they take for it, where there is any.
CREATE TABLE swaps (
    id         INTEGER PRIMARY KEY,
    rota       INTEGER NOT NULL REFERENCES rotas (id) ON DELETE CASCADE,
    asker      INTEGER NOT NULL REFERENCES people (id),
    other      INTEGER NOT NULL REFERENCES people (id),
    given      TEXT NOT NULL,
    last_given TEXT NOT NULL,
    taken      TEXT,
    last_taken TEXT,
    state      TEXT NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'accepted', 'declined', 'lapsed')),
    due_at     TEXT
);
CREATE INDEX swaps_due ON swaps (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX swaps_by_rota ON swaps (rota);

-- A case that somebody on duty was called for, before the others: `due_at` is when those hear of it too. `missed` is
-- the day of duty on which it was not answered.
CREATE TABLE pages (
    id      INTEGER PRIMARY KEY,
    rota    INTEGER NOT NULL REFERENCES rotas (id) ON DELETE CASCADE,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    person  INTEGER NOT NULL REFERENCES people (id),
    due_at  TEXT,
    missed  TEXT,
    UNIQUE (rota, case_id)
);
CREATE INDEX pages_due ON pages (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX pages_missed ON pages (rota, missed) WHERE missed IS NOT NULL;
