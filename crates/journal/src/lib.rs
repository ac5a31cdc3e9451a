//! Local append-only, group-committed, checksummed log with replay.
