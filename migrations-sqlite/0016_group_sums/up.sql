-- Sums with fewer dimensions than `rollup_spans`: of everything, by upstream, key, team or model, and by two of them, as
-- `dims` says. `one` and `two` are the members, empty where there is none; ids are 32 hexadecimal digits. Reports read
-- these in order instead of grouping all combinations. The first start on this schema adds them up; a binary that does
-- not know them would leave them out, so from here on it refuses to start.
CREATE TABLE rollup_groups (
    dims                   TEXT NOT NULL,
    span                   TEXT NOT NULL,
    one                    TEXT NOT NULL,
    bucket                 INTEGER NOT NULL,
    two                    TEXT NOT NULL,
    writer                 BLOB NOT NULL,
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
    PRIMARY KEY (dims, span, one, bucket, two, writer)
) STRICT, WITHOUT ROWID;
CREATE INDEX rollup_groups_of_second ON rollup_groups (dims, span, two, bucket, one);

-- What statistics need beside sums, by the same dimensions: speed, caching, and in `counts` how many attempts had which
-- latency and how many requests ended how (see `rows/tally.rs`).
CREATE TABLE rollup_tallies (
    dims                TEXT NOT NULL,
    span                TEXT NOT NULL,
    one                 TEXT NOT NULL,
    bucket              INTEGER NOT NULL,
    two                 TEXT NOT NULL,
    writer              BLOB NOT NULL,
    requests            INTEGER NOT NULL,
    timed_output_tokens INTEGER NOT NULL,
    generation_us       INTEGER NOT NULL,
    cache_saved_cost    INTEGER NOT NULL,
    cache_known         INTEGER NOT NULL,
    cache_unknown       INTEGER NOT NULL,
    counts              BLOB NOT NULL,
    PRIMARY KEY (dims, span, one, bucket, two, writer)
) STRICT, WITHOUT ROWID;
CREATE INDEX rollup_tallies_of_second ON rollup_tallies (dims, span, two, bucket, one);

-- The sums of all combinations, by one member.
CREATE INDEX rollup_spans_of_key ON rollup_spans (span, key_id, bucket);
CREATE INDEX rollup_spans_of_team ON rollup_spans (span, team, bucket);
CREATE INDEX rollup_spans_of_upstream ON rollup_spans (span, upstream_id, bucket);
CREATE INDEX rollup_spans_of_model ON rollup_spans (span, model, bucket);

-- What wants attention by weeks of the accounting zone, which begin on Mondays: `day` is the first.
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
CREATE INDEX attention_days_of_kind ON attention_days (kind, day);

-- Lists of requests by what few of them have, newest first. Rows without it cost nothing.
DROP INDEX request_logs_with_error;
CREATE INDEX request_logs_of_class ON request_logs ((http_status / 100), occurred_at, request_id)
    WHERE http_status IS NULL OR http_status < 200 OR http_status > 299;
CREATE INDEX request_logs_of_origin ON request_logs (error_origin, occurred_at, request_id)
    WHERE error_origin IS NOT NULL;
CREATE INDEX request_logs_not_billed ON request_logs (status, occurred_at, request_id) WHERE status <> 'billed';

UPDATE meta SET value = '0016' WHERE name = 'oldest_compatible' AND value < '0016';
