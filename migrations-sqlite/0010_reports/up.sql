-- Sums of attempts as they stand: a correction moves what its attempt adds. The parts that rest on estimates, and the
-- tokens without a price, have columns of their own. All of it is derived from the ledger, and the first start on this
-- schema adds it up: a binary that knows fewer columns would leave them out, so from here on it refuses to start.
DROP TABLE rollups;
CREATE TABLE rollups (
    bucket                 INTEGER NOT NULL,
    writer                 BLOB NOT NULL,
    key_id                 BLOB NOT NULL,
    team                   TEXT NOT NULL,
    upstream_id            BLOB NOT NULL,
    model                  TEXT NOT NULL,
    requests               INTEGER NOT NULL,
    attempts               INTEGER NOT NULL,
    billed                 INTEGER NOT NULL,
    unbilled               INTEGER NOT NULL,
    no_charge              INTEGER NOT NULL,
    estimated              INTEGER NOT NULL,
    input_tokens           INTEGER NOT NULL,
    cache_read_tokens      INTEGER NOT NULL,
    cache_write_tokens     INTEGER NOT NULL,
    output_tokens          INTEGER NOT NULL,
    reasoning_tokens       INTEGER NOT NULL,
    unbilled_input_tokens  INTEGER NOT NULL,
    unbilled_output_tokens INTEGER NOT NULL,
    list_cost              INTEGER NOT NULL,
    cost                   INTEGER NOT NULL,
    charge                 INTEGER NOT NULL,
    estimated_list_cost    INTEGER NOT NULL,
    estimated_cost         INTEGER NOT NULL,
    estimated_charge       INTEGER NOT NULL,
    PRIMARY KEY (bucket, writer, key_id, team, upstream_id, model)
) STRICT, WITHOUT ROWID;

-- The same by longer buckets: UTC hours, and days of the accounting zone that `meta` names.
CREATE TABLE rollup_spans (
    span                   TEXT NOT NULL,
    bucket                 INTEGER NOT NULL,
    writer                 BLOB NOT NULL,
    key_id                 BLOB NOT NULL,
    team                   TEXT NOT NULL,
    upstream_id            BLOB NOT NULL,
    model                  TEXT NOT NULL,
    requests               INTEGER NOT NULL,
    attempts               INTEGER NOT NULL,
    billed                 INTEGER NOT NULL,
    unbilled               INTEGER NOT NULL,
    no_charge              INTEGER NOT NULL,
    estimated              INTEGER NOT NULL,
    input_tokens           INTEGER NOT NULL,
    cache_read_tokens      INTEGER NOT NULL,
    cache_write_tokens     INTEGER NOT NULL,
    output_tokens          INTEGER NOT NULL,
    reasoning_tokens       INTEGER NOT NULL,
    unbilled_input_tokens  INTEGER NOT NULL,
    unbilled_output_tokens INTEGER NOT NULL,
    list_cost              INTEGER NOT NULL,
    cost                   INTEGER NOT NULL,
    charge                 INTEGER NOT NULL,
    estimated_list_cost    INTEGER NOT NULL,
    estimated_cost         INTEGER NOT NULL,
    estimated_charge       INTEGER NOT NULL,
    PRIMARY KEY (span, bucket, writer, key_id, team, upstream_id, model)
) STRICT, WITHOUT ROWID;

-- What was recorded later than the quarter hour after its bucket, by the quarter hour it was recorded in: taken away, it
-- leaves the sums as they were.
CREATE TABLE rollup_late (
    bucket                 INTEGER NOT NULL,
    recorded               INTEGER NOT NULL,
    writer                 BLOB NOT NULL,
    key_id                 BLOB NOT NULL,
    team                   TEXT NOT NULL,
    upstream_id            BLOB NOT NULL,
    model                  TEXT NOT NULL,
    requests               INTEGER NOT NULL,
    attempts               INTEGER NOT NULL,
    billed                 INTEGER NOT NULL,
    unbilled               INTEGER NOT NULL,
    no_charge              INTEGER NOT NULL,
    estimated              INTEGER NOT NULL,
    input_tokens           INTEGER NOT NULL,
    cache_read_tokens      INTEGER NOT NULL,
    cache_write_tokens     INTEGER NOT NULL,
    output_tokens          INTEGER NOT NULL,
    reasoning_tokens       INTEGER NOT NULL,
    unbilled_input_tokens  INTEGER NOT NULL,
    unbilled_output_tokens INTEGER NOT NULL,
    list_cost              INTEGER NOT NULL,
    cost                   INTEGER NOT NULL,
    charge                 INTEGER NOT NULL,
    estimated_list_cost    INTEGER NOT NULL,
    estimated_cost         INTEGER NOT NULL,
    estimated_charge       INTEGER NOT NULL,
    PRIMARY KEY (bucket, recorded, writer, key_id, team, upstream_id, model)
) STRICT, WITHOUT ROWID;

-- What wants attention, by day of the accounting zone.
CREATE TABLE attention_days (
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
CREATE INDEX attention_days_of ON attention_days (id, day);

-- What people say of it.
CREATE TABLE attention_states (
    id            TEXT PRIMARY KEY,
    owner         TEXT,
    snoozed_until INTEGER,
    note          TEXT,
    updated_at    INTEGER NOT NULL,
    updated_by    TEXT NOT NULL,
    revision      INTEGER NOT NULL
) STRICT;

-- The last half hour before an instant, and entries by what they are filtered by, newest first.
CREATE INDEX ledger_entries_recorded ON ledger_entries (recorded_at);
CREATE INDEX ledger_entries_of_key ON ledger_entries (key_id, event_id, revision);
CREATE INDEX ledger_entries_of_upstream ON ledger_entries (upstream_id, event_id, revision);
CREATE INDEX ledger_entries_of_provider ON ledger_entries (provider, event_id, revision);
CREATE INDEX ledger_entries_of_model
    ON ledger_entries (COALESCE(model_served, model_sent, model_requested), event_id, revision);
CREATE INDEX ledger_entries_not_billed ON ledger_entries (event_id, revision) WHERE status <> 'billed';
CREATE INDEX ledger_conflicts_newest ON ledger_conflicts (recorded_at);

UPDATE meta SET value = '0010' WHERE name = 'oldest_compatible' AND value < '0010';
