//! Upstreams.

use diesel::dsl;
use diesel::prelude::*;
use tollgate_domain::ports::Edited;
use tollgate_domain::{Timestamp, Upstream, UpstreamId};

use super::{Conn, counters, dialect, price_changes};
use crate::error::QueryError;
use crate::rows::{SealedCredential, UpstreamRow};
use crate::schema::upstreams;
use crate::value::{At, Id};

type Living = dsl::Order<
    dsl::Select<
        dsl::Filter<upstreams::table, dsl::IsNull<upstreams::deleted_at>>,
        dsl::AsSelect<UpstreamRow, dialect::Backend>,
    >,
    (upstreams::priority, upstreams::name),
>;

/// The living ones, by priority and name.
pub(super) fn living() -> Living {
    upstreams::table
        .filter(upstreams::deleted_at.is_null())
        .select(UpstreamRow::as_select())
        .order((upstreams::priority, upstreams::name))
}

pub(crate) fn list(conn: &mut Conn) -> Result<Vec<Upstream>, QueryError> {
    let rows: Vec<UpstreamRow> = living().load(conn)?;
    let upstreams: Result<_, _> = rows.into_iter().map(Upstream::try_from).collect();
    Ok(upstreams?)
}

pub(crate) fn find(conn: &mut Conn, id: UpstreamId) -> Result<Option<Upstream>, QueryError> {
    let row = find_row(conn, id)?;
    Ok(row.map(Upstream::try_from).transpose()?)
}

pub(crate) fn create(
    conn: &mut Conn,
    mut upstream: Upstream,
    credential: SealedCredential,
    author: &str,
) -> Result<Upstream, QueryError> {
    let name = upstream.name.clone();
    upstream.revision = 1;
    let done = dialect::write(conn, |conn| {
        dialect::lock_config(conn)?;
        let at = upstream.created_at;
        let row = row(upstream, credential, None, author)?;
        diesel::insert_into(upstreams::table).values(&row).execute(conn)?;
        price_changes::put_multipliers(conn, &row.multipliers()?, author, None, at)?;
        counters::bump_config(conn)?;
        Ok(row.try_into()?)
    });
    done.map_err(|error: QueryError| error.about_name(&name))
}

pub(crate) fn update(
    conn: &mut Conn,
    mut upstream: Upstream,
    credential: SealedCredential,
    expected: Option<i64>,
    author: &str,
    note: Option<&str>,
) -> Result<Edited<Upstream>, QueryError> {
    let name = upstream.name.clone();
    let done = dialect::write(conn, |conn| {
        dialect::lock_config(conn)?;
        let Some(before) = find_row(conn, upstream.id)? else {
            return Ok(Edited::Missing);
        };
        if expected.is_some_and(|expected| expected != before.revision) {
            return Ok(Edited::Stale {
                revision: before.revision,
            });
        }
        let at = upstream.updated_at;
        upstream.revision = before.revision + 1;
        upstream.created_at = before.created_at.0;
        let row = row(upstream, credential, Some(&before), author)?;
        diesel::update(upstreams::table.find(row.id))
            .set(&row)
            .execute(conn)?;
        let multipliers = row.multipliers()?;
        if multipliers != before.multipliers()? {
            price_changes::put_multipliers(conn, &multipliers, author, note, at)?;
        }
        counters::bump_config(conn)?;
        Ok(Edited::Done(row.try_into()?))
    });
    done.map_err(|error: QueryError| error.about_name(&name))
}

pub(crate) fn delete(
    conn: &mut Conn,
    id: UpstreamId,
    expected: Option<i64>,
    author: &str,
    at: Timestamp,
) -> Result<Edited<()>, QueryError> {
    dialect::write(conn, |conn| {
        dialect::lock_config(conn)?;
        let Some(before) = find_row(conn, id)? else {
            return Ok(Edited::Missing);
        };
        if expected.is_some_and(|expected| expected != before.revision) {
            return Ok(Edited::Stale {
                revision: before.revision,
            });
        }
        diesel::update(upstreams::table.find(before.id))
            .set((
                upstreams::sealed_credential.eq(None::<String>),
                upstreams::enabled.eq(false),
                upstreams::updated_at.eq(At(at)),
                upstreams::updated_by.eq(author),
                upstreams::deleted_at.eq(Some(At(at))),
                upstreams::revision.eq(before.revision + 1),
            ))
            .execute(conn)?;
        counters::bump_config(conn)?;
        Ok(Edited::Done(()))
    })
}

/// Every sealed credential, of the living only: the deleted have none.
pub(crate) fn sealed(conn: &mut Conn) -> Result<Vec<(Id, String)>, QueryError> {
    let rows: Vec<(Id, Option<String>)> = upstreams::table
        .filter(upstreams::sealed_credential.is_not_null())
        .select((upstreams::id, upstreams::sealed_credential))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, sealed)| Some((id, sealed?)))
        .collect())
}

/// Replaces a sealed credential unless it changed meanwhile; how many rows were.
pub(crate) fn reseal(conn: &mut Conn, id: Id, before: &str, after: &str) -> Result<usize, QueryError> {
    let row = upstreams::table
        .find(id)
        .filter(upstreams::sealed_credential.eq(before));
    let changed = diesel::update(row)
        .set(upstreams::sealed_credential.eq(after))
        .execute(conn)?;
    Ok(changed)
}

fn find_row(conn: &mut Conn, id: UpstreamId) -> Result<Option<UpstreamRow>, QueryError> {
    let row = living().filter(upstreams::id.eq(Id(id.uuid())));
    Ok(row.first(conn).optional()?)
}

fn row(
    mut upstream: Upstream,
    credential: SealedCredential,
    before: Option<&UpstreamRow>,
    author: &str,
) -> Result<UpstreamRow, QueryError> {
    let (sealed, fingerprint) = match credential {
        SealedCredential::Keep => (
            before.and_then(|row| row.sealed_credential.clone()),
            before.and_then(|row| row.credential_fingerprint.clone()),
        ),
        SealedCredential::Remove => (None, None),
        SealedCredential::Replace { sealed, fingerprint } => (Some(sealed), Some(fingerprint)),
    };
    upstream.credential_fingerprint = fingerprint;
    Ok(UpstreamRow::new(upstream, sealed, author)?)
}
