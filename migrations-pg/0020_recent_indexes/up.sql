-- Recent entries of a key at a provider are found in the index alone, and those of a reason by it.
DROP INDEX ledger_entries_of_key;
CREATE INDEX ledger_entries_of_key ON ledger_entries (key_id, event_id, revision, provider, upstream_id);
CREATE INDEX ledger_entries_of_reason ON ledger_entries (reason, event_id, revision) WHERE reason IS NOT NULL;
