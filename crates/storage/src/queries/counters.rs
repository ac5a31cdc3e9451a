//! The counters that move with every change.

use diesel::prelude::*;
use tollgate_domain::PriceVersion;
use tollgate_domain::ports::Versions;

use super::Conn;
use crate::error::QueryError;
use crate::schema::config_version::dsl::{config, config_version, prices};

pub(super) fn versions(conn: &mut Conn) -> Result<Versions, QueryError> {
    let (at, price): (i64, i64) = config_version.select((config, prices)).first(conn)?;
    Ok(Versions {
        config: at,
        prices: (price > 0).then(|| PriceVersion::new(price)),
    })
}

/// Counts a change to an upstream or key.
pub(super) fn bump_config(conn: &mut Conn) -> Result<(), QueryError> {
    diesel::update(config_version)
        .set(config.eq(config + 1))
        .execute(conn)?;
    Ok(())
}

/// Takes the next price version. The row stays locked until the transaction ends: versions become visible in
/// their order.
pub(super) fn next_prices(conn: &mut Conn) -> Result<PriceVersion, QueryError> {
    let next: i64 = diesel::update(config_version)
        .set(prices.eq(prices + 1))
        .returning(prices)
        .get_result(conn)?;
    Ok(PriceVersion::new(next))
}
