-- What wants attention by months of the accounting zone: `month` is the first instant, `sums` what the month comes to and
-- `days` the same by day, as `rows/attention_months.rs` packs them. Ninety days are three or four rows of a thing instead
-- of fourteen weeks and up to six days. The first start on this schema makes them of `attention_days`; a binary that does
-- not know them would leave them out, so from here on it refuses to start.
CREATE TABLE attention_months (
    month         TIMESTAMPTZ NOT NULL,
    writer        UUID NOT NULL,
    id            TEXT NOT NULL,
    kind          TEXT NOT NULL,
    upstream_id   UUID,
    upstream_name TEXT,
    provider      TEXT,
    model_sent    TEXT,
    model_served  TEXT,
    journal_id    UUID,
    sums          BYTEA NOT NULL,
    days          BYTEA NOT NULL,
    PRIMARY KEY (month, writer, id)
) WITH (fillfactor = 70);
DROP TABLE attention_weeks;

UPDATE meta SET value = '0023' WHERE name = 'oldest_compatible' AND value < '0023';
