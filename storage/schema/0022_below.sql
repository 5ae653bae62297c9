-- What lies right below a grid of a sweep is listed by code: so it is found by one index, and not by going through the
-- whole sweep in that order.
DROP INDEX sweep_counts_below;
CREATE INDEX sweep_counts_below ON sweep_counts (sweep, parent, grid);
