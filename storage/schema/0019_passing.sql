-- One of many versions of a count that goes on growing: where a card cannot change in place, only some are said.
ALTER TABLE outbox ADD COLUMN passing INTEGER NOT NULL DEFAULT 0;
