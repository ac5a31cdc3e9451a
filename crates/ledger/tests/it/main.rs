//! The ledger over a real journal and a store that can be made to fail.

mod recording;
mod recovery;
mod settlement;
mod support;
mod writing;
