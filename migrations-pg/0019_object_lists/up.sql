-- A key's own objects are listed, newest first, page by page.
CREATE INDEX deferred_operations_of_key ON deferred_operations (key_id, kind, created_at, object_id);
CREATE INDEX upstream_objects_of_key ON upstream_objects (key_id, created_at, object_id);

-- Objects that their upstream did not know any more when a list asked for them: no list asks again before this instant.
CREATE TABLE hidden_objects (
    upstream_id  UUID NOT NULL,
    object_id    TEXT NOT NULL,
    hidden_until TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (upstream_id, object_id)
);
