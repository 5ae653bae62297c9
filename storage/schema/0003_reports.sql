-- Reports as people really make them: what their words say, what is added later, and which message is about which case.

ALTER TABLE cases RENAME COLUMN photos TO attachments;
ALTER TABLE cases ADD COLUMN severity TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN people INTEGER;
ALTER TABLE cases ADD COLUMN danger INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN served TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN discreet INTEGER NOT NULL DEFAULT 0;

-- People's own words in the log may have to be erased one day; the lines never change otherwise.
ALTER TABLE case_log ADD COLUMN words TEXT NOT NULL DEFAULT '';
DROP TRIGGER case_log_is_append_only;
CREATE TRIGGER case_log_is_append_only BEFORE UPDATE ON case_log
WHEN NEW.words <> '' OR (NEW.id, NEW.case_id, NEW.at, NEW.event, coalesce(NEW.person, 0), NEW.grid, NEW.detail)
                     <> (OLD.id, OLD.case_id, OLD.at, OLD.event, coalesce(OLD.person, 0), OLD.grid, OLD.detail)
BEGIN
    SELECT RAISE(ABORT, 'the log of a case is append-only');
END;

-- A message that is about a case, besides its report and its cards: a reply to it belongs to that case.
CREATE TABLE case_messages (
    channel    TEXT NOT NULL,
    chat       TEXT NOT NULL,
    message_id TEXT NOT NULL,
    case_id    INTEGER NOT NULL REFERENCES cases (id),
    album      TEXT,
    PRIMARY KEY (channel, chat, message_id)
);
CREATE INDEX case_messages_by_case ON case_messages (case_id);
CREATE INDEX case_messages_by_album ON case_messages (channel, chat, album) WHERE album IS NOT NULL;
CREATE INDEX cases_by_message ON cases (reported_channel, reported_chat, report_message);
CREATE INDEX cards_by_message ON cards (channel, chat, message_id) WHERE message_id IS NOT NULL;

-- Pictures, voices and places that came without words: they join the report that their sender makes next.
CREATE TABLE loose (
    id          INTEGER PRIMARY KEY,
    channel     TEXT NOT NULL,
    chat        TEXT NOT NULL,
    account     TEXT NOT NULL,
    message_id  TEXT,
    album       TEXT,
    attachments TEXT NOT NULL DEFAULT '[]',
    latitude    REAL,
    longitude   REAL,
    came_at     TEXT NOT NULL
);
CREATE INDEX loose_by_sender ON loose (channel, chat, account);
