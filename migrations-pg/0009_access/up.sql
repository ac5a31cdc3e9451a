-- Who may do what, and who did.

ALTER TABLE admin_tokens ADD COLUMN token_hint TEXT NOT NULL DEFAULT '';
ALTER TABLE admin_tokens ADD COLUMN expires_at TIMESTAMPTZ;
ALTER TABLE admin_tokens ADD COLUMN previous_hash BYTEA;
ALTER TABLE admin_tokens ADD COLUMN previous_until TIMESTAMPTZ;
ALTER TABLE admin_tokens ADD COLUMN last_used_at TIMESTAMPTZ;
-- Null until the first change.
ALTER TABLE admin_tokens ADD COLUMN updated_at TIMESTAMPTZ;
ALTER TABLE admin_tokens ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
CREATE INDEX admin_tokens_previous_hash ON admin_tokens (previous_hash);

-- One row for each edit, written in the edit's own transaction. States are JSON without secrets.
CREATE TABLE audit_log (
    id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at            TIMESTAMPTZ NOT NULL,
    actor_id      UUID,
    actor_name    TEXT NOT NULL,
    actor_role    TEXT NOT NULL,
    origin        TEXT NOT NULL,
    address       TEXT,
    action        TEXT NOT NULL,
    resource_kind TEXT NOT NULL,
    resource_id   TEXT,
    resource_name TEXT,
    state_before  TEXT,
    state_after   TEXT
);
CREATE INDEX audit_log_at ON audit_log (at);
CREATE INDEX audit_log_resource ON audit_log (resource_kind, resource_id, id);
CREATE INDEX audit_log_actor ON audit_log (actor_name, id);
CREATE INDEX audit_log_action ON audit_log (action, id);
CREATE TRIGGER audit_log_insert_only BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Sign-ins at the console. The secret in the cookie is kept as its SHA-256.
CREATE TABLE admin_sessions (
    id           UUID PRIMARY KEY,
    token_id     UUID NOT NULL REFERENCES admin_tokens (id) ON DELETE CASCADE,
    secret_hash  BYTEA NOT NULL UNIQUE,
    address      TEXT,
    created_at   TIMESTAMPTZ NOT NULL,
    last_seen_at TIMESTAMPTZ NOT NULL,
    expires_at   TIMESTAMPTZ NOT NULL
);
CREATE INDEX admin_sessions_token ON admin_sessions (token_id);
CREATE INDEX admin_sessions_expires ON admin_sessions (expires_at);

-- Requests that carried an idempotency key, with their sealed answer; without one as long as they are carried out.
CREATE TABLE idempotent_requests (
    token_id      UUID NOT NULL,
    request_key   TEXT NOT NULL,
    request_hash  BYTEA NOT NULL,
    claim_id      UUID NOT NULL,
    claimed_until TIMESTAMPTZ NOT NULL,
    sealed_answer TEXT,
    expires_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (token_id, request_key)
);
CREATE INDEX idempotent_requests_expires ON idempotent_requests (expires_at);
