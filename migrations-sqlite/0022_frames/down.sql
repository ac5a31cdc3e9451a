-- The first start without this adds everything up anew from the ledger.
UPDATE meta SET value = '0018' WHERE name = 'oldest_compatible' AND value = '0022';
DELETE FROM meta WHERE name IN ('group_sums', 'accounting_zone');
DROP TABLE rollup_combined;
DROP TABLE rollup_frames;
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
CREATE INDEX rollup_spans_of_key ON rollup_spans (span, key_id, bucket);
CREATE INDEX rollup_spans_of_team ON rollup_spans (span, team, bucket);
CREATE INDEX rollup_spans_of_upstream ON rollup_spans (span, upstream_id, bucket);
CREATE INDEX rollup_spans_of_model ON rollup_spans (span, model, bucket);
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
CREATE TABLE rollup_hours (
    dims   TEXT NOT NULL,
    one    TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    two    TEXT NOT NULL,
    writer BLOB NOT NULL,
    hours  BLOB NOT NULL,
    PRIMARY KEY (dims, one, bucket, two, writer)
) STRICT, WITHOUT ROWID;
CREATE INDEX rollup_hours_of_second ON rollup_hours (dims, two, bucket, one);
CREATE INDEX rollup_groups_of_models ON rollup_groups (bucket) WHERE dims = 'upstream_model' AND span = 'day';
