-- What somebody filled into the blanks of a template, as a JSON object: the words at its end have the same blanks.
ALTER TABLE broadcasts ADD COLUMN answers TEXT NOT NULL DEFAULT '{}';
