-- Who may do what, and who did.

ALTER TABLE admin_tokens ADD COLUMN token_hint TEXT NOT NULL DEFAULT '';
ALTER TABLE admin_tokens ADD COLUMN expires_at INTEGER;
ALTER TABLE admin_tokens ADD COLUMN previous_hash BLOB;
ALTER TABLE admin_tokens ADD COLUMN previous_until INTEGER;
ALTER TABLE admin_tokens ADD COLUMN last_used_at INTEGER;
-- Null until the first change.
ALTER TABLE admin_tokens ADD COLUMN updated_at INTEGER;
ALTER TABLE admin_tokens ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
CREATE INDEX admin_tokens_previous_hash ON admin_tokens (previous_hash);

-- One row for each edit, written in the edit's own transaction. States are JSON without secrets.
CREATE TABLE audit_log (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    at            INTEGER NOT NULL,
    actor_id      BLOB,
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
) STRICT;
CREATE INDEX audit_log_at ON audit_log (at);
CREATE INDEX audit_log_resource ON audit_log (resource_kind, resource_id, id);
CREATE INDEX audit_log_actor ON audit_log (actor_name, id);
CREATE INDEX audit_log_action ON audit_log (action, id);
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'audit_log is insert-only');
END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'audit_log is insert-only');
END;

-- Sign-ins at the console. The secret in the cookie is kept as its SHA-256.
CREATE TABLE admin_sessions (
    id           BLOB PRIMARY KEY,
    token_id     BLOB NOT NULL REFERENCES admin_tokens (id) ON DELETE CASCADE,
    secret_hash  BLOB NOT NULL UNIQUE,
    address      TEXT,
    created_at   INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX admin_sessions_token ON admin_sessions (token_id);
CREATE INDEX admin_sessions_expires ON admin_sessions (expires_at);

-- Requests that carried an idempotency key, with their sealed answer; without one as long as they are carried out.
CREATE TABLE idempotent_requests (
    token_id      BLOB NOT NULL,
    request_key   TEXT NOT NULL,
    request_hash  BLOB NOT NULL,
    claim_id      BLOB NOT NULL,
    claimed_until INTEGER NOT NULL,
    sealed_answer TEXT,
    expires_at    INTEGER NOT NULL,
    PRIMARY KEY (token_id, request_key)
) STRICT;
CREATE INDEX idempotent_requests_expires ON idempotent_requests (expires_at);
