//! Settlement, write-behind, replay and verification of the ledger.
