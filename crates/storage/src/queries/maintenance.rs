//! Upkeep.

use tollgate_domain::Timestamp;

use super::{Conn, dialect};
use crate::error::QueryError;

/// Makes the partitions of the months around an instant, `None` for the server's now; the names of those made.
pub(crate) fn ensure_partitions(conn: &mut Conn, at: Option<Timestamp>) -> Result<Vec<String>, QueryError> {
    dialect::ensure_partitions(conn, at)
}

/// The tables whose default partition holds rows.
pub(crate) fn default_partitions_in_use(conn: &mut Conn) -> Result<Vec<String>, QueryError> {
    dialect::default_partitions_in_use(conn)
}
