-- The web chat keeps voices, videos and files as well as pictures. `type` is what the server found them to be, in the
-- words of HTTP; `medium` how they are shown.

DROP INDEX web_messages_by_photo;
ALTER TABLE web_photos RENAME TO web_media;
ALTER TABLE web_media RENAME COLUMN jpeg TO bytes;
ALTER TABLE web_media ADD COLUMN medium TEXT NOT NULL DEFAULT 'photo'
    CHECK (medium IN ('photo', 'voice', 'video', 'file'));
ALTER TABLE web_media ADD COLUMN type TEXT NOT NULL DEFAULT 'image/jpeg';
ALTER TABLE web_media ADD COLUMN seconds INTEGER NOT NULL DEFAULT 0;
ALTER TABLE web_messages RENAME COLUMN photo TO media;
CREATE INDEX web_messages_by_media ON web_messages (media) WHERE media IS NOT NULL;
