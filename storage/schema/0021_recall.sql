-- A card is called back in haste: its copies are found without a look at a month of other messages.
DROP INDEX outbox_alerts;
CREATE INDEX outbox_by_name ON outbox (card, id) WHERE card IS NOT NULL;
