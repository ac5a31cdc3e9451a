-- Stretches of attempts that were served while a journal had no room: they have no entry. One row per gap note;
-- the note's place in its journal makes a replay change nothing, and its first instant tells it from a note of the
-- same place in a journal restored from a copy.
CREATE TABLE journal_gaps (
    journal_id  UUID NOT NULL,
    position    BIGINT NOT NULL,
    first_at    TIMESTAMPTZ NOT NULL,
    last_at     TIMESTAMPTZ NOT NULL,
    attempts    BIGINT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (journal_id, position, first_at)
);
CREATE INDEX journal_gaps_newest ON journal_gaps (last_at);

CREATE TRIGGER journal_gaps_insert_only BEFORE UPDATE OR DELETE ON journal_gaps
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_gaps_no_truncate BEFORE TRUNCATE ON journal_gaps
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
