-- Sums in rows of many buckets, instead of a row for each: the hours of a UTC day, the days of a month (latencies alone:
-- of a week) of the accounting zone. Here those with fewer dimensions. `buckets` has them as `frame.rs` packs them, `bucket` is the
-- beginning of the row. Three months of days of a member are read from 4 rows instead of 91. With row ids, for rows of
-- this length would go on in further pages without. The first start on this schema makes them of the quarter hours; a
-- binary that does not know them cannot add to them, so from here on it refuses to start.
CREATE TABLE rollup_frames (
    dims    TEXT NOT NULL,
    holds   TEXT NOT NULL,
    span    TEXT NOT NULL,
    one     TEXT NOT NULL,
    bucket  INTEGER NOT NULL,
    two     TEXT NOT NULL,
    writer  BLOB NOT NULL,
    buckets BLOB NOT NULL,
    PRIMARY KEY (dims, holds, span, one, bucket, two, writer)
) STRICT;
CREATE INDEX rollup_frames_of_second ON rollup_frames (dims, holds, span, two, bucket, one);
-- What models cost on the last days, over all upstreams.
CREATE INDEX rollup_frames_of_models ON rollup_frames (bucket)
    WHERE dims = 'upstream_model' AND holds = 'sums' AND span = 'day';

-- Of all combinations; each bucket has sums and latencies.
CREATE TABLE rollup_combined (
    span        TEXT NOT NULL,
    bucket      INTEGER NOT NULL,
    writer      BLOB NOT NULL,
    key_id      BLOB NOT NULL,
    team        TEXT NOT NULL,
    upstream_id BLOB NOT NULL,
    model       TEXT NOT NULL,
    buckets     BLOB NOT NULL,
    PRIMARY KEY (span, bucket, writer, key_id, team, upstream_id, model)
) STRICT;
CREATE INDEX rollup_combined_of_key ON rollup_combined (span, key_id, bucket);
CREATE INDEX rollup_combined_of_team ON rollup_combined (span, team, bucket);
CREATE INDEX rollup_combined_of_upstream ON rollup_combined (span, upstream_id, bucket);
CREATE INDEX rollup_combined_of_model ON rollup_combined (span, model, bucket);

DROP TABLE rollup_spans;
DROP TABLE rollup_tallies;
DROP TABLE rollup_hours;
DROP TABLE rollup_groups;

UPDATE meta SET value = '0022' WHERE name = 'oldest_compatible' AND value < '0022';
