DROP INDEX rollup_groups_of_models;
DROP INDEX ledger_entries_of_reason;
DROP INDEX ledger_entries_of_key;
CREATE INDEX ledger_entries_of_key ON ledger_entries (key_id, event_id, revision);
