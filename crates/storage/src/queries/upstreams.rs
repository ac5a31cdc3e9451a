//! Upstreams.

use diesel::dsl;
use diesel::prelude::*;
use serde_json::Value;
use tollgate_domain::ports::{Edited, MultiplierGrounds};
use tollgate_domain::{Actor, Timestamp, Upstream, UpstreamId};

use super::edit::{self, Revised};
use super::{Conn, dialect, price_changes};
use crate::error::QueryError;
use crate::rows::{Edit, SealedCredential, UpstreamRow, state};
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
    actor: &Actor,
) -> Result<Upstream, QueryError> {
    let (name, at) = (upstream.name.clone(), upstream.created_at);
    upstream.revision = 1;
    let done = edit::create(conn, actor, at, |conn| {
        let row = row(upstream, credential, None, &actor.name)?;
        diesel::insert_into(upstreams::table).values(&row).execute(conn)?;
        price_changes::put_multipliers(
            conn,
            &row.multipliers()?,
            &actor.name,
            &MultiplierGrounds::default(),
            at,
        )?;
        let created = Upstream::try_from(row)?;
        let after = state(&created)?;
        let edit = noted("upstream.create", &created, None, Some(after));
        Ok((created, edit))
    });
    done.map_err(|error: QueryError| error.about_name(&name))
}

pub(crate) fn update(
    conn: &mut Conn,
    mut upstream: Upstream,
    credential: SealedCredential,
    expected: Option<i64>,
    actor: &Actor,
    grounds: &MultiplierGrounds,
) -> Result<Edited<Upstream>, QueryError> {
    let (id, name, at) = (upstream.id, upstream.name.clone(), upstream.updated_at);
    let find = |conn: &mut Conn| find_row(conn, id);
    let done = edit::change(conn, (actor, at), expected, find, |conn, before| {
        let replaced = matches!(credential, SealedCredential::Replace { .. });
        upstream.revision = before.revision + 1;
        upstream.created_at = before.created_at.0;
        let row = row(upstream, credential, Some(&before), &actor.name)?;
        diesel::update(upstreams::table.find(row.id))
            .set(&row)
            .execute(conn)?;
        let multipliers = row.multipliers()?;
        if multipliers != before.multipliers()? {
            price_changes::put_multipliers(conn, &multipliers, &actor.name, grounds, at)?;
        }
        let (before, changed) = (Upstream::try_from(before)?, Upstream::try_from(row)?);
        let mut after = state(&changed)?;
        if let Some(fields) = after.as_object_mut() {
            // The masked states look alike whichever credential it is.
            if replaced {
                fields.insert("credential_replaced".to_owned(), true.into());
            }
            if let Some(note) = &grounds.note {
                fields.insert("note".to_owned(), note.as_str().into());
            }
            if let Some(since) = grounds.effective_from {
                fields.insert("effective_from".to_owned(), serde_json::json!(since));
            }
        }
        let edit = noted("upstream.update", &changed, Some(state(&before)?), Some(after));
        Ok((changed, edit))
    });
    done.map_err(|error: QueryError| error.about_name(&name))
}

pub(crate) fn delete(
    conn: &mut Conn,
    id: UpstreamId,
    expected: Option<i64>,
    actor: &Actor,
    at: Timestamp,
) -> Result<Edited<()>, QueryError> {
    let find = |conn: &mut Conn| find_row(conn, id);
    edit::change(conn, (actor, at), expected, find, |conn, before| {
        diesel::update(upstreams::table.find(before.id))
            .set((
                upstreams::sealed_credential.eq(None::<String>),
                upstreams::enabled.eq(false),
                upstreams::updated_at.eq(At(at)),
                upstreams::updated_by.eq(&*actor.name),
                upstreams::deleted_at.eq(Some(At(at))),
                upstreams::revision.eq(before.revision + 1),
            ))
            .execute(conn)?;
        let before = Upstream::try_from(before)?;
        let edit = noted("upstream.delete", &before, Some(state(&before)?), None);
        Ok(((), edit))
    })
}

fn noted(action: &'static str, upstream: &Upstream, before: Option<Value>, after: Option<Value>) -> Edit {
    Edit {
        action,
        id: Some(upstream.id.to_string()),
        name: Some(upstream.name.clone()),
        before,
        after,
    }
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

impl Revised for UpstreamRow {
    fn revision(&self) -> i64 {
        self.revision
    }
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
