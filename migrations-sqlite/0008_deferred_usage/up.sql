-- What is used later than it is asked for: background responses and batches. A row is handed over from the journal
-- when the request that made the object is answered, and waits here for whoever sees the object's end first. `operation`
-- holds all that was known at dispatch; the other columns are what is looked for.
CREATE TABLE deferred_operations (
    event_id       BLOB PRIMARY KEY,
    upstream_id    BLOB NOT NULL,
    upstream_name  TEXT NOT NULL,
    object_id      TEXT NOT NULL,
    -- A second request that the provider answered with the same object: billed once, by the first.
    duplicate      INTEGER NOT NULL,
    kind           TEXT NOT NULL,
    state          TEXT NOT NULL,
    request_id     BLOB NOT NULL,
    key_id         BLOB NOT NULL,
    key_name       TEXT NOT NULL,
    protocol       TEXT NOT NULL,
    model          TEXT,
    tier           TEXT,
    price_version  INTEGER NOT NULL,
    created_at     INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL,
    next_poll_at   INTEGER NOT NULL,
    polls          INTEGER NOT NULL,
    holder         BLOB,
    held_until     INTEGER,
    fence          INTEGER NOT NULL,
    provider_state TEXT,
    problem        TEXT,
    settled_at     INTEGER,
    operation      TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX deferred_operations_object ON deferred_operations (upstream_id, object_id) WHERE duplicate = 0;
CREATE INDEX deferred_operations_named ON deferred_operations (object_id, key_id);
CREATE INDEX deferred_operations_due ON deferred_operations (next_poll_at) WHERE state = 'open';
CREATE INDEX deferred_operations_request ON deferred_operations (request_id) WHERE state = 'open';
CREATE INDEX deferred_operations_newest ON deferred_operations (created_at, event_id);

-- Objects that cost nothing by themselves and are asked for by their name: files. They say at which upstream they are,
-- and whose they are.
CREATE TABLE upstream_objects (
    upstream_id BLOB NOT NULL,
    object_id   TEXT NOT NULL,
    key_id      BLOB NOT NULL,
    model       TEXT,
    -- The operation whose results it holds.
    event_id    BLOB,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (upstream_id, object_id)
) STRICT;
CREATE INDEX upstream_objects_named ON upstream_objects (object_id, key_id);
