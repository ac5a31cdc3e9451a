//! Schema changes.

use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use diesel_migrations::MigrationHarness;

use super::{Conn, dialect};
use crate::error::QueryError;
use crate::migrate::{Embedded, SchemaState};
use crate::schema::meta;

/// diesel's own.
const APPLIED: &str = "__diesel_schema_migrations";
const OLDEST_COMPATIBLE: &str = "oldest_compatible";

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = Text)]
    version: String,
}

/// Applies what is missing; `None` when the schema is too new to touch.
pub(crate) fn up(conn: &mut Conn) -> Result<Option<Vec<String>>, QueryError> {
    dialect::migrating(conn, |conn| {
        if state(conn)?.needs_newer().is_some() {
            return Ok(None);
        }
        let done = conn.run_pending_migrations(dialect::MIGRATIONS);
        let versions = done.map_err(QueryError::Migration)?;
        let versions: Vec<String> = versions.iter().map(ToString::to_string).collect();
        let names = embedded()?
            .into_iter()
            .filter(|known| versions.contains(&known.version));
        Ok(Some(names.map(|known| known.name).collect()))
    })
}

/// What is applied, known and needed.
pub(crate) fn state(conn: &mut Conn) -> Result<SchemaState, QueryError> {
    let (mut applied, mut oldest_compatible) = (Vec::new(), None);
    if dialect::table_exists(conn, APPLIED)? {
        let rows: Vec<Version> =
            sql_query(format!("SELECT version FROM {APPLIED} ORDER BY version")).load(conn)?;
        applied = rows.into_iter().map(|row| row.version).collect();
    }
    if dialect::table_exists(conn, "meta")? {
        let row = meta::table.find(OLDEST_COMPATIBLE).select(meta::value);
        oldest_compatible = row.first(conn).optional()?;
    }
    Ok(SchemaState {
        known: embedded()?,
        applied,
        oldest_compatible,
    })
}

fn embedded() -> Result<Vec<Embedded>, QueryError> {
    let migrations: Vec<Box<dyn Migration<dialect::Backend>>> =
        dialect::MIGRATIONS.migrations().map_err(QueryError::Migration)?;
    let mut known: Vec<Embedded> = migrations
        .iter()
        .map(|migration| Embedded {
            version: migration.name().version().to_string(),
            name: migration.name().to_string(),
        })
        .collect();
    known.sort_by(|a, b| a.version.cmp(&b.version));
    Ok(known)
}
