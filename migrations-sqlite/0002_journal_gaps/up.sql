-- Stretches of attempts that were served while a journal had no room: they have no entry. One row per gap note;
-- the note's place in its journal makes a replay change nothing, and its first instant tells it from a note of the
-- same place in a journal restored from a copy.
CREATE TABLE journal_gaps (
    journal_id  BLOB NOT NULL,
    position    INTEGER NOT NULL,
    first_at    INTEGER NOT NULL,
    last_at     INTEGER NOT NULL,
    attempts    INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (journal_id, position, first_at)
) STRICT;
CREATE INDEX journal_gaps_newest ON journal_gaps (last_at);

CREATE TRIGGER journal_gaps_no_update BEFORE UPDATE ON journal_gaps
BEGIN
    SELECT RAISE(ABORT, 'journal_gaps is insert-only: what was not recorded stays known');
END;
CREATE TRIGGER journal_gaps_no_delete BEFORE DELETE ON journal_gaps
BEGIN
    SELECT RAISE(ABORT, 'journal_gaps is insert-only: what was not recorded stays known');
END;
