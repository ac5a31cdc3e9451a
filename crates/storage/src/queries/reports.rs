//! Sums for the admin API.

use tollgate_domain::Timestamp;
use tollgate_domain::ports::{SumFilter, SumQuery, Totals};

use super::{Conn, sums};
use crate::error::QueryError;

/// Sums over the buckets of a range.
pub(crate) fn totals(conn: &mut Conn, from: Timestamp, until: Timestamp) -> Result<Totals, QueryError> {
    let query = SumQuery {
        ranges: vec![(from, until)],
        group: None,
        filter: SumFilter::default(),
        as_of: None,
    };
    let sums = sums::sums(conn, &query)?;
    Ok(Totals {
        values: sums.first().map(|sum| sum.values).unwrap_or_default(),
    })
}
