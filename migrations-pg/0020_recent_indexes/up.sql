-- Recent entries of a key at a provider are found in the index alone, and those of a reason by it.
DROP INDEX ledger_entries_of_key;
CREATE INDEX ledger_entries_of_key ON ledger_entries (key_id, event_id, revision, provider, upstream_id);
CREATE INDEX ledger_entries_of_reason ON ledger_entries (reason, event_id, revision) WHERE reason IS NOT NULL;

-- What models cost on the last days, over all upstreams.
CREATE INDEX rollup_groups_of_models ON rollup_groups (bucket) WHERE dims = 'upstream_model' AND span = 'day';
