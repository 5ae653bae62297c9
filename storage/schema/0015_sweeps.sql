-- The sweep: every household is asked, each by its squad leader, and the count climbs the tree.

-- Why a household comes first: 独居老人, 卧床. Empty where it does not.
ALTER TABLE households ADD COLUMN care TEXT NOT NULL DEFAULT '';

-- `asked` is the survey as it was when the sweep began, as JSON. `repeats` is an earlier sweep whose settled answers are
-- taken over. `step` is what happens at `due_at`, to the grids after `done_to`; of a draft, `due_at` is when it is dropped.
CREATE TABLE sweeps (
    id         INTEGER PRIMARY KEY,
    state      TEXT NOT NULL CHECK (state IN ('draft', 'open', 'paused', 'closed', 'dropped')),
    grid       TEXT NOT NULL REFERENCES grids (code),
    asked      TEXT NOT NULL,
    author     INTEGER NOT NULL REFERENCES people (id),
    holder     INTEGER NOT NULL REFERENCES people (id),
    drill      INTEGER NOT NULL DEFAULT 0,
    repeats    INTEGER REFERENCES sweeps (id),
    created_at TEXT NOT NULL,
    closes_at  TEXT NOT NULL,
    began_at   TEXT,
    paused_at  TEXT,
    ended_at   TEXT,
    step       TEXT NOT NULL DEFAULT 'opening' CHECK (step IN ('opening', 'leaders', 'deputies', 'above', 'closing')),
    done_to    TEXT NOT NULL DEFAULT '',
    due_at     TEXT,
    version    INTEGER NOT NULL DEFAULT 1,
    CHECK ((due_at IS NOT NULL) = (state IN ('draft', 'open'))),
    CHECK ((paused_at IS NOT NULL) = (state = 'paused'))
);
CREATE INDEX sweeps_due ON sweeps (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX sweeps_running ON sweeps (id) WHERE state IN ('open', 'paused');
CREATE INDEX sweeps_of_grid ON sweeps (grid, id);

-- A household of a sweep. `grid` is its squad when the sweep began, where it is counted; whoever leads it now asks it.
-- `carried` is set where the answer was taken over from the earlier sweep. `help_case` is what an answer opened.
CREATE TABLE sweep_households (
    sweep         INTEGER NOT NULL REFERENCES sweeps (id),
    household     INTEGER NOT NULL REFERENCES households (id),
    grid          TEXT NOT NULL REFERENCES grids (code),
    answer        TEXT,
    number        INTEGER CHECK (number >= 0),
    note          TEXT NOT NULL DEFAULT '',
    self_reported INTEGER NOT NULL DEFAULT 0,
    carried       INTEGER NOT NULL DEFAULT 0,
    person        INTEGER REFERENCES people (id),
    at            TEXT,
    help_case     INTEGER REFERENCES cases (id),
    PRIMARY KEY (sweep, household)
);
CREATE INDEX sweep_households_of_household ON sweep_households (household, sweep);
CREATE INDEX sweep_households_of_grid ON sweep_households (sweep, grid);
CREATE INDEX sweep_households_by_person ON sweep_households (person) WHERE person IS NOT NULL;

-- The count of each grid with all below it, in the tree as it was when the sweep began. `squads` are the grids in it that
-- ask doors, `begun` those that did. A squad itself `asks`: it began at `began_at`, looks at one household now, and its
-- checklist is the one of this `round`. Its card does not change before `free_at`; `alike` as in roll_ups.
CREATE TABLE sweep_counts (
    id       INTEGER PRIMARY KEY,
    sweep    INTEGER NOT NULL REFERENCES sweeps (id),
    grid     TEXT NOT NULL REFERENCES grids (code),
    parent   TEXT REFERENCES grids (code),
    total    INTEGER NOT NULL CHECK (total >= 0),
    done     INTEGER NOT NULL DEFAULT 0,
    help     INTEGER NOT NULL DEFAULT 0,
    unreached INTEGER NOT NULL DEFAULT 0,
    squads   INTEGER NOT NULL,
    begun    INTEGER NOT NULL DEFAULT 0,
    asks     INTEGER NOT NULL DEFAULT 0,
    vacant   INTEGER NOT NULL DEFAULT 0,
    began_at TEXT,
    looks_at INTEGER REFERENCES households (id),
    round    INTEGER NOT NULL DEFAULT 0,
    alike    INTEGER NOT NULL DEFAULT 1,
    free_at  TEXT NOT NULL,
    due_at   TEXT,
    UNIQUE (sweep, grid),
    CHECK (done >= 0 AND help >= 0 AND unreached >= 0 AND done + unreached <= total AND begun BETWEEN 0 AND squads)
);
CREATE INDEX sweep_counts_due ON sweep_counts (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX sweep_counts_below ON sweep_counts (sweep, parent);
CREATE INDEX sweep_counts_not_begun ON sweep_counts (sweep, grid) WHERE asks = 1 AND began_at IS NULL;

-- Everything that was said and done: of two answers of one household the later stands, and both are here.
CREATE TABLE sweep_log (
    id            INTEGER PRIMARY KEY,
    sweep         INTEGER NOT NULL REFERENCES sweeps (id),
    household     INTEGER REFERENCES households (id),
    person        INTEGER REFERENCES people (id),
    what          TEXT NOT NULL,
    number        INTEGER,
    words         TEXT NOT NULL DEFAULT '',
    self_reported INTEGER NOT NULL DEFAULT 0,
    at            TEXT NOT NULL
);
CREATE INDEX sweep_log_of_sweep ON sweep_log (sweep, household);
CREATE TRIGGER sweep_log_is_append_only BEFORE UPDATE ON sweep_log
BEGIN
    SELECT RAISE(ABORT, 'the log of sweeps is append-only');
END;
CREATE TRIGGER sweep_log_is_kept BEFORE DELETE ON sweep_log
BEGIN
    SELECT RAISE(ABORT, 'the log of sweeps is append-only');
END;
