-- What wants attention by months of the accounting zone: `month` is the first instant, `sums` what the month comes to and
-- `days` the same by day, as `rows/attention_months.rs` packs them. Ninety days are three or four rows of a thing instead
-- of fourteen weeks and up to six days. The first start on this schema makes them of `attention_days`; a binary that does
-- not know them would leave them out, so from here on it refuses to start.
CREATE TABLE attention_months (
    month         INTEGER NOT NULL,
    writer        BLOB NOT NULL,
    id            TEXT NOT NULL,
    kind          TEXT NOT NULL,
    upstream_id   BLOB,
    upstream_name TEXT,
    provider      TEXT,
    model_sent    TEXT,
    model_served  TEXT,
    journal_id    BLOB,
    sums          BLOB NOT NULL,
    days          BLOB NOT NULL,
    PRIMARY KEY (month, writer, id)
) STRICT, WITHOUT ROWID;
DROP TABLE attention_weeks;

-- Unbilled attempts are few: what lists of them show is found in the index alone.
DROP INDEX ledger_entries_unbilled;
CREATE INDEX ledger_entries_unbilled ON ledger_entries (
    occurred_at, recorded_at, event_id, revision, reason, upstream_id, upstream_name, provider, model_requested, model_sent,
    model_served, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens
) WHERE status = 'unbilled';

UPDATE meta SET value = '0023' WHERE name = 'oldest_compatible' AND value < '0023';
