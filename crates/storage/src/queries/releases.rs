//! Releases of the synced catalog.

use diesel::prelude::*;
use tollgate_domain::ports::CatalogState;
use tollgate_domain::{NewRelease, PriceVersion, ReleaseOrigin, Timestamp};

use super::{Conn, counters, dialect, price_changes, prices};
use crate::error::{Corrupt, QueryError};
use crate::rows::{ReleaseModelRow, ReleaseRow, origin};
use crate::schema::{price_overrides, price_releases, release_models};
use crate::value::Id;

/// Makes a release current. Several processes that start together all bring the bundled one; the first counts.
pub(crate) fn publish(
    conn: &mut Conn,
    release: &NewRelease,
    at: Timestamp,
) -> Result<PriceVersion, QueryError> {
    const ROWS: usize = 1_000;
    dialect::write(conn, |conn| {
        dialect::lock_config(conn)?;
        if let Some((version, current)) = current(conn)? {
            let same = current.content_hash == release.content_hash;
            if same && release.origin == ReleaseOrigin::Bundled {
                return Ok(version);
            }
        }
        price_changes::put_cards(conn, release.cards.iter().map(AsRef::as_ref))?;
        diesel::insert_into(price_releases::table)
            .values(ReleaseRow::new(release, at)?)
            .execute(conn)?;
        for chunk in release.models.chunks(ROWS) {
            let rows: Vec<ReleaseModelRow> = chunk
                .iter()
                .map(|model| ReleaseModelRow::new(release.id, model))
                .collect();
            diesel::insert_into(release_models::table)
                .values(rows)
                .execute(conn)?;
        }
        let id = Id(release.id.uuid());
        price_changes::new_version(conn, "release", &release.author, Some(id), at)
    })
}

/// The content hash of the current release.
pub(crate) fn current_hash(conn: &mut Conn) -> Result<Option<String>, QueryError> {
    Ok(current(conn)?.map(|(_, release)| release.content_hash))
}

/// What the catalog serves.
pub(crate) fn state(conn: &mut Conn) -> Result<Option<CatalogState>, QueryError> {
    dialect::snapshot(conn, |conn| {
        let Some((_, release)) = current(conn)? else {
            return Ok(None);
        };
        let overrides: i64 = price_overrides::table
            .filter(price_overrides::valid_to_version.is_null())
            .count()
            .get_result(conn)?;
        Ok(Some(CatalogState {
            models: u64::try_from(release.models).unwrap_or(0),
            overrides: u64::try_from(overrides).unwrap_or(0),
            origin: origin(&release.origin)?,
            published_at: release.published_at.0,
            content_hash: release.content_hash,
        }))
    })
}

fn current(conn: &mut Conn) -> Result<Option<(PriceVersion, ReleaseRow)>, QueryError> {
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
