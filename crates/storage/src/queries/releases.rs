//! Releases of the synced catalog.

use std::collections::HashMap;

use diesel::prelude::*;
use tollgate_domain::ports::CatalogState;
use tollgate_domain::{
    HoldCounts, HoldState, NewRelease, PriceRelease, PriceVersion, ReleaseId, ReleaseOrigin, ReleaseState,
    Timestamp, Validators,
};

use super::{Conn, catalog, counters, dialect, price_changes, prices};
use crate::error::{Corrupt, QueryError};
use crate::rows::{ReleaseRow, origin};
use crate::schema::{catalog_models, price_holds, price_overrides, price_releases};
use crate::value::Id;

/// Makes a release the whole catalog. Several processes that start together all bring the bundled one; the first
/// counts.
pub(crate) fn publish(
    conn: &mut Conn,
    release: &NewRelease,
    at: Timestamp,
) -> Result<PriceVersion, QueryError> {
    dialect::write(conn, |conn| {
        dialect::lock_config(conn)?;
        let before = catalog::now(conn)?;
        let (put, remove) = catalog::difference(&before, &release.models);
        if let Some((version, _)) = current(conn)?
            && release.origin == ReleaseOrigin::Bundled
            && put.is_empty()
            && remove.is_empty()
        {
            return Ok(version);
        }
        price_changes::put_cards(conn, release.cards.iter().map(AsRef::as_ref))?;
        // The version's row refers to the release, and the release names the version: it is told afterwards.
        let expected = counters::versions(conn)?.prices.map_or(0, PriceVersion::get) + 1;
        diesel::insert_into(price_releases::table)
            .values(ReleaseRow::published(release, PriceVersion::new(expected), at)?)
            .execute(conn)?;
        let id = Id(release.id.uuid());
        let version = price_changes::new_version(conn, "release", &release.author, Some(id), at)?;
        catalog::write(conn, &put, &remove, version)?;
        Ok(version)
    })
}

/// The content hash of the current release.
pub(crate) fn current_hash(conn: &mut Conn) -> Result<Option<String>, QueryError> {
    Ok(current(conn)?.and_then(|(_, release)| release.content_hash))
}

/// What the catalog serves.
pub(crate) fn state(conn: &mut Conn) -> Result<Option<CatalogState>, QueryError> {
    dialect::snapshot(conn, |conn| {
        let Some((_, release)) = current(conn)? else {
            return Ok(None);
        };
        let in_force = || catalog_models::table.filter(catalog_models::valid_to_version.is_null());
        let models: i64 = in_force().count().get_result(conn)?;
        let stale: i64 = in_force()
            .filter(catalog_models::stale.eq(true))
            .count()
            .get_result(conn)?;
        let held: i64 = price_holds::table
            .filter(price_holds::state.eq(HoldState::Held.as_str()))
            .count()
            .get_result(conn)?;
        let overrides: i64 = price_overrides::table
            .filter(price_overrides::valid_to_version.is_null())
            .count()
            .get_result(conn)?;
        let count = |count: i64| u64::try_from(count).unwrap_or(0);
        Ok(Some(CatalogState {
            models: count(models),
            stale: count(stale),
            held: count(held),
            overrides: count(overrides),
            origin: origin(&release.origin)?,
            published_at: release.finished_at.unwrap_or(release.started_at).0,
            content_hash: release.content_hash.unwrap_or_default(),
            last_sync: latest_sync(conn)?,
        }))
    })
}

/// Releases, newest first.
pub(crate) fn list(
    conn: &mut Conn,
    after: Option<ReleaseId>,
    limit: u16,
) -> Result<Vec<PriceRelease>, QueryError> {
    dialect::snapshot(conn, |conn| {
        let mut query = price_releases::table
            .order(price_releases::id.desc())
            .limit(i64::from(limit))
            .select(ReleaseRow::as_select())
            .into_boxed::<dialect::Backend>();
        if let Some(after) = after {
            query = query.filter(price_releases::id.lt(Id(after.uuid())));
        }
        let rows = query.load(conn)?;
        complete(conn, rows)
    })
}

/// One release.
pub(crate) fn find(conn: &mut Conn, id: ReleaseId) -> Result<Option<PriceRelease>, QueryError> {
    dialect::snapshot(conn, |conn| {
        let row = find_row(conn, id)?;
        Ok(complete(conn, row.into_iter().collect())?.pop())
    })
}

/// The latest run that was a sync.
pub(crate) fn last_sync(conn: &mut Conn) -> Result<Option<PriceRelease>, QueryError> {
    dialect::snapshot(conn, latest_sync)
}

/// What to ask a URL with.
pub(crate) fn validators(conn: &mut Conn, url: &str, grammar: &str) -> Result<Validators, QueryError> {
    let taken_in = [
        ReleaseState::Success,
        ReleaseState::Partial,
        ReleaseState::Unchanged,
    ];
    let found: Option<(Option<String>, Option<String>)> = price_releases::table
        .filter(price_releases::url.eq(url))
        .filter(price_releases::grammar.eq(grammar))
        .filter(price_releases::state.eq_any(taken_in.map(ReleaseState::as_str)))
        .order(price_releases::id.desc())
        .select((price_releases::etag, price_releases::last_modified))
        .first(conn)
        .optional()?;
    let (etag, last_modified) = found.unwrap_or_default();
    Ok(Validators { etag, last_modified })
}

pub(super) fn find_row(conn: &mut Conn, id: ReleaseId) -> Result<Option<ReleaseRow>, QueryError> {
    let row = price_releases::table
        .find(Id(id.uuid()))
        .select(ReleaseRow::as_select());
    Ok(row.first(conn).optional()?)
}

/// The current version and the release in force at it.
pub(super) fn current(conn: &mut Conn) -> Result<Option<(PriceVersion, ReleaseRow)>, QueryError> {
    let Some(version) = counters::versions(conn)?.prices else {
        return Ok(None);
    };
    let row = prices::version_row(conn, version)?;
    let row = row.ok_or_else(|| Corrupt::new("price version", format!("{version} has no row")))?;
    let Some(release) = row.release_id else {
        return Ok(None);
    };
    let release = price_releases::table
        .find(release)
        .select(ReleaseRow::as_select())
        .first(conn)?;
    Ok(Some((version, release)))
}

fn latest_sync(conn: &mut Conn) -> Result<Option<PriceRelease>, QueryError> {
    let row = price_releases::table
        .filter(price_releases::origin.eq(ReleaseOrigin::Synced.as_str()))
        .order(price_releases::id.desc())
        .select(ReleaseRow::as_select())
        .first(conn)
        .optional()?;
    Ok(complete(conn, row.into_iter().collect())?.pop())
}

/// Rows with what is known of them elsewhere.
fn complete(conn: &mut Conn, rows: Vec<ReleaseRow>) -> Result<Vec<PriceRelease>, QueryError> {
    let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
    let counted: Vec<(Id, String, i64)> = price_holds::table
        .filter(price_holds::release_id.eq_any(&ids))
        .group_by((price_holds::release_id, price_holds::state))
        .select((
            price_holds::release_id,
            price_holds::state,
            diesel::dsl::count_star(),
        ))
        .load(conn)?;
    let mut holds: HashMap<Id, HoldCounts> = HashMap::new();
    for (release, state, count) in counted {
        let counts = holds.entry(release).or_default();
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        match state.as_str() {
            "held" => counts.held = count,
            "accepted" => counts.accepted = count,
            "rejected" => counts.rejected = count,
            _ => counts.superseded = count,
        }
    }
    let in_force = current(conn)?.map(|(_, release)| release.id);
    let releases: Result<_, Corrupt> = rows
        .into_iter()
        .map(|row| {
            let (counts, is_current) = (holds.remove(&row.id), in_force == Some(row.id));
            row.into_release(counts.unwrap_or_default(), is_current)
        })
        .collect();
    Ok(releases?)
}
