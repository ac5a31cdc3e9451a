-- The weeks are made of the days by the first start without this.
UPDATE meta SET value = '0022' WHERE name = 'oldest_compatible' AND value = '0023';
DELETE FROM meta WHERE name IN ('attention_months', 'group_sums');
DROP INDEX ledger_entries_unbilled;
CREATE INDEX ledger_entries_unbilled ON ledger_entries (occurred_at) WHERE status = 'unbilled';
DROP TABLE attention_months;
CREATE TABLE attention_weeks (
    day                INTEGER NOT NULL,
    writer             BLOB NOT NULL,
    id                 TEXT NOT NULL,
    kind               TEXT NOT NULL,
    upstream_id        BLOB,
    upstream_name      TEXT,
    provider           TEXT,
    model_sent         TEXT,
    model_served       TEXT,
    journal_id         BLOB,
    count              INTEGER NOT NULL,
    input_tokens       INTEGER NOT NULL,
    cache_read_tokens  INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL,
    output_tokens      INTEGER NOT NULL,
    reasoning_tokens   INTEGER NOT NULL,
    list_cost          INTEGER NOT NULL,
    cost               INTEGER NOT NULL,
    reported_cost      INTEGER NOT NULL,
    at_stake           INTEGER NOT NULL,
    first_at           INTEGER NOT NULL,
    last_at            INTEGER NOT NULL,
    PRIMARY KEY (day, writer, id)
) STRICT, WITHOUT ROWID;
