//! Adding to the sums of speed and caching.

use diesel::prelude::*;
use diesel::upsert::excluded;
use tollgate_domain::{JournaledEntry, collect_extras};

use super::Conn;
use crate::error::{Corrupt, QueryError};
use crate::rows::ExtrasRow;
use crate::schema::rollup_extras;

const ROWS: usize = 1_000;

/// In key order, so that two writers cannot wait for each other.
pub(super) fn add(conn: &mut Conn, fresh: &[&JournaledEntry]) -> Result<(), QueryError> {
    let sums = collect_extras(fresh.iter().copied()).map_err(Corrupt::of("rollup"))?;
    let rows: Vec<ExtrasRow> = sums
        .iter()
        .map(|(key, extras)| ExtrasRow::new(key, extras))
        .collect();
    for chunk in rows.chunks(ROWS) {
        diesel::insert_into(rollup_extras::table)
            .values(chunk)
            .on_conflict((
                rollup_extras::bucket,
                rollup_extras::writer,
                rollup_extras::key_id,
                rollup_extras::team,
                rollup_extras::upstream_id,
                rollup_extras::model,
            ))
            .do_update()
            .set((
                rollup_extras::timed_output_tokens
                    .eq(rollup_extras::timed_output_tokens + excluded(rollup_extras::timed_output_tokens)),
                rollup_extras::generation_us
                    .eq(rollup_extras::generation_us + excluded(rollup_extras::generation_us)),
                rollup_extras::cache_saved_cost
                    .eq(rollup_extras::cache_saved_cost + excluded(rollup_extras::cache_saved_cost)),
                rollup_extras::cache_known
                    .eq(rollup_extras::cache_known + excluded(rollup_extras::cache_known)),
                rollup_extras::cache_unknown
                    .eq(rollup_extras::cache_unknown + excluded(rollup_extras::cache_unknown)),
            ))
            .execute(conn)?;
    }
    Ok(())
}
