-- Corrections are few: whether an attempt was corrected by an instant is told by them alone.
CREATE INDEX ledger_entries_corrections ON ledger_entries (event_id, revision, recorded_at) WHERE revision > 0;
