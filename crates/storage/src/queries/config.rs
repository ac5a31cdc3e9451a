//! What the hot path keeps in memory.

use diesel::prelude::*;
use tollgate_domain::ApiKey;
use tollgate_domain::ports::Versions;

use super::{Conn, counters, dialect, keys, upstreams};
use crate::error::QueryError;
use crate::rows::UpstreamRow;

/// The current counters.
pub(crate) fn versions(conn: &mut Conn) -> Result<Versions, QueryError> {
    counters::versions(conn)
}

/// The living upstreams, still sealed, and keys, of one state.
pub(crate) fn snapshot(conn: &mut Conn) -> Result<(i64, Vec<UpstreamRow>, Vec<ApiKey>), QueryError> {
    dialect::snapshot(conn, |conn| {
        let version = counters::versions(conn)?.config;
        let upstreams = upstreams::living().load(conn)?;
        Ok((version, upstreams, keys::list(conn)?))
    })
}
