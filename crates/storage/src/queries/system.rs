//! What the database says of itself, and who tested what.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use serde_json::Value;
use tollgate_domain::{Actor, Timestamp, UpstreamId};

use super::{Conn, audit, dialect, migrations};
use crate::error::QueryError;
use crate::rows::Edit;

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = Text)]
    version: String,
}

/// The database's own version and the name of the last migration that is applied.
pub(crate) fn versions(conn: &mut Conn) -> Result<(String, Option<String>), QueryError> {
    let own: Version = sql_query(dialect::VERSION).get_result(conn)?;
    Ok((own.version, migrations::state(conn)?.newest_applied()))
}

/// Notes who tests an upstream, and with what.
pub(crate) fn note_test(
    conn: &mut Conn,
    upstream: UpstreamId,
    name: String,
    what: Value,
    actor: &Actor,
    at: Timestamp,
) -> Result<(), QueryError> {
    let edit = Edit {
        action: "upstream.test",
        id: Some(upstream.to_string()),
        name: Some(name),
        before: None,
        after: Some(what),
    };
    dialect::write(conn, |conn| audit::note(conn, actor, at, edit))
}
