//! The objects of one key, as its lists show them.

use diesel::dsl::{exists, not, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel::upsert::excluded;
use tollgate_domain::ports::{
    DeferredRow as Row, FileFilter, FileNaming, HiddenObject, ObjectListing, ObjectOrder,
};
use tollgate_domain::{DeferredKind, UpstreamObject};

use super::{Conn, dialect};
use crate::error::QueryError;
use crate::rows::{DeferredRow, ObjectRow};
use crate::schema::{deferred_operations, hidden_objects, upstream_objects};
use crate::value::{At, Id};

/// Objects a statement.
const OBJECTS: usize = 1_000;

/// How Gemini's files are named.
const OF_GEMINI: &str = "files/%";
/// Files that are still being sent are kept like files, too; no provider knows these names.
const BEING_SENT: &str = "upload:%";

/// The first of the operations that one key has by one name.
const FIRST_OF_ITS_NAME: &str = "NOT EXISTS (SELECT 1 FROM deferred_operations earlier \
     WHERE earlier.object_id = deferred_operations.object_id AND earlier.key_id = deferred_operations.key_id \
     AND earlier.upstream_id = deferred_operations.upstream_id \
     AND earlier.event_id < deferred_operations.event_id)";

/// Orders a list and begins it where it is to begin.
macro_rules! paged {
    ($query:expr, $table:ident, $listing:expr) => {{
        let mut query = $query;
        match $listing.order {
            ObjectOrder::NewestFirst => {
                if let Some(after) = &$listing.after {
                    let (at, name) = (At(after.created_at), after.object_id.clone());
                    let same = $table::created_at.eq(at).and($table::object_id.lt(name));
                    query = query
                        .filter($table::created_at.le(at))
                        .filter($table::created_at.lt(at).or(same));
                }
                query.order(($table::created_at.desc(), $table::object_id.desc()))
            }
            ObjectOrder::OldestFirst => {
                if let Some(after) = &$listing.after {
                    let (at, name) = (At(after.created_at), after.object_id.clone());
                    let same = $table::created_at.eq(at).and($table::object_id.gt(name));
                    query = query
                        .filter($table::created_at.ge(at))
                        .filter($table::created_at.gt(at).or(same));
                }
                query.order(($table::created_at.asc(), $table::object_id.asc()))
            }
        }
    }};
}

/// A key's operations of one kind.
pub(crate) fn operations(
    conn: &mut Conn,
    kind: DeferredKind,
    listing: &ObjectListing,
) -> Result<Vec<Row>, QueryError> {
    let hidden = hidden_objects::table
        .filter(hidden_objects::upstream_id.eq(deferred_operations::upstream_id))
        .filter(hidden_objects::object_id.eq(deferred_operations::object_id))
        .filter(hidden_objects::hidden_until.gt(At(listing.now)));
    let query = deferred_operations::table
        .filter(deferred_operations::key_id.eq(Id(listing.key_id.uuid())))
        .filter(deferred_operations::kind.eq(kind.as_str()))
        .filter(sql::<Bool>(FIRST_OF_ITS_NAME))
        .filter(not(exists(hidden)))
        .limit(i64::from(listing.limit))
        .select(DeferredRow::as_select())
        .into_boxed::<dialect::Backend>();
    let rows: Vec<DeferredRow> = paged!(query, deferred_operations, listing).load(conn)?;
    let rows: Result<_, _> = rows.into_iter().map(Row::try_from).collect();
    Ok(rows?)
}

/// A key's files.
pub(crate) fn files(
    conn: &mut Conn,
    filter: FileFilter,
    listing: &ObjectListing,
) -> Result<Vec<UpstreamObject>, QueryError> {
    let hidden = hidden_objects::table
        .filter(hidden_objects::upstream_id.eq(upstream_objects::upstream_id))
        .filter(hidden_objects::object_id.eq(upstream_objects::object_id))
        .filter(hidden_objects::hidden_until.gt(At(listing.now)));
    let mut query = upstream_objects::table
        .filter(upstream_objects::key_id.eq(Id(listing.key_id.uuid())))
        .filter(not(exists(hidden)))
        .limit(i64::from(listing.limit))
        .select(ObjectRow::as_select())
        .into_boxed::<dialect::Backend>();
    query = match filter.naming {
        FileNaming::Gemini => query.filter(upstream_objects::object_id.like(OF_GEMINI)),
        FileNaming::Openai => query
            .filter(upstream_objects::object_id.not_like(OF_GEMINI))
            .filter(upstream_objects::object_id.not_like(BEING_SENT)),
    };
    query = match filter.results {
        Some(true) => query.filter(upstream_objects::event_id.is_not_null()),
        Some(false) => query.filter(upstream_objects::event_id.is_null()),
        None => query,
    };
    let rows: Vec<ObjectRow> = paged!(query, upstream_objects, listing).load(conn)?;
    let rows: Result<_, _> = rows.into_iter().map(UpstreamObject::try_from).collect();
    Ok(rows?)
}

/// Leaves objects out of lists for a while.
pub(crate) fn hide(conn: &mut Conn, objects: &[HiddenObject]) -> Result<(), QueryError> {
    for chunk in objects.chunks(OBJECTS) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|object| {
                (
                    hidden_objects::upstream_id.eq(Id(object.upstream_id.uuid())),
                    hidden_objects::object_id.eq(object.object_id.as_str()),
                    hidden_objects::hidden_until.eq(At(object.until)),
                )
            })
            .collect();
        diesel::insert_into(hidden_objects::table)
            .values(rows)
            .on_conflict((hidden_objects::upstream_id, hidden_objects::object_id))
            .do_update()
            .set(hidden_objects::hidden_until.eq(excluded(hidden_objects::hidden_until)))
            .execute(conn)?;
    }
    Ok(())
}
