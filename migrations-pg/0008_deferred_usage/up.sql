-- What is used later than it is asked for: background responses and batches. A row is handed over from the journal
-- when the request that made the object is answered, and waits here for whoever sees the object's end first. `operation`
-- holds all that was known at dispatch; the other columns are what is looked for.
CREATE TABLE deferred_operations (
    event_id       UUID PRIMARY KEY,
    upstream_id    UUID NOT NULL,
    upstream_name  TEXT NOT NULL,
    object_id      TEXT NOT NULL,
    -- A second request that the provider answered with the same object: billed once, by the first.
    duplicate      BOOLEAN NOT NULL,
    kind           TEXT NOT NULL,
    state          TEXT NOT NULL,
    request_id     UUID NOT NULL,
    key_id         UUID NOT NULL,
    key_name       TEXT NOT NULL,
    protocol       TEXT NOT NULL,
    model          TEXT,
    tier           TEXT,
    price_version  BIGINT NOT NULL,
    created_at     TIMESTAMPTZ NOT NULL,
    expires_at     TIMESTAMPTZ NOT NULL,
    next_poll_at   TIMESTAMPTZ NOT NULL,
    polls          INTEGER NOT NULL,
    holder         UUID,
    held_until     TIMESTAMPTZ,
    fence          BIGINT NOT NULL,
    provider_state TEXT,
    problem        TEXT,
    settled_at     TIMESTAMPTZ,
    operation      TEXT NOT NULL
);
CREATE UNIQUE INDEX deferred_operations_object ON deferred_operations (upstream_id, object_id) WHERE NOT duplicate;
CREATE INDEX deferred_operations_named ON deferred_operations (object_id, key_id);
CREATE INDEX deferred_operations_due ON deferred_operations (next_poll_at) WHERE state = 'open';
CREATE INDEX deferred_operations_request ON deferred_operations (request_id) WHERE state = 'open';
CREATE INDEX deferred_operations_newest ON deferred_operations (created_at, event_id);

-- Objects that cost nothing by themselves and are asked for by their name: files. They say at which upstream they are,
-- and whose they are.
CREATE TABLE upstream_objects (
    upstream_id UUID NOT NULL,
    object_id   TEXT NOT NULL,
    key_id      UUID NOT NULL,
    model       TEXT,
    -- The operation whose results it holds.
    event_id    UUID,
    created_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (upstream_id, object_id)
);
CREATE INDEX upstream_objects_named ON upstream_objects (object_id, key_id);
