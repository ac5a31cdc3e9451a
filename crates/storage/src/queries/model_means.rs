//! What went to models, and what attempts of them cost on average.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use diesel::sql_query;
use tollgate_domain::ports::ModelMeans;
use tollgate_domain::{AccountingZone, ProviderName, RollupSpan, RollupValues, Timestamp, UpstreamId, Usd};
use uuid::Uuid;

use super::{Conn, derived, dialect};
use crate::error::{Corrupt, QueryError};
use crate::frame::{Holds, Stored, Sums, begins};
use crate::rows::ModelFrameRow;
use crate::schema::upstreams;
use crate::sql_type::Instant;
use crate::value::{At, Id};

/// The days of each model at each upstream.
type Days = BTreeMap<(String, String), BTreeMap<Timestamp, RollupValues>>;

/// Of each model at each upstream, since a day began and before another did.
pub(crate) fn model_means(
    conn: &mut Conn,
    since: Timestamp,
    until: Option<Timestamp>,
) -> Result<Vec<ModelMeans>, QueryError> {
    let (days, providers) = dialect::snapshot(conn, |conn| {
        let zone = derived::zone(conn)?;
        let days = days(conn, zone, (since, until))?;
        let providers = upstreams::table
            .select((upstreams::id, upstreams::provider))
            .load::<(Id, String)>(conn)?;
        Ok((days, providers))
    })?;
    let providers: HashMap<Id, String> = providers.into_iter().collect();
    let mut all = Vec::new();
    for ((upstream, model), days) in days {
        // Requests that were sent nowhere are counted, too.
        if upstream.is_empty() {
            continue;
        }
        let upstream = Uuid::parse_str(&upstream).map_err(Corrupt::of("rollup member"))?;
        let provider = providers.get(&Id(upstream));
        all.extend(means(
            days.into_values(),
            ModelMeans {
                upstream_id: UpstreamId::new(upstream),
                provider: provider.map(|name| ProviderName::new(name.as_str())),
                model,
                range: None,
                values: RollupValues::default(),
            },
        )?);
    }
    Ok(all)
}

/// Reads them; a day has a row for each process that wrote to it.
fn days(
    conn: &mut Conn,
    zone: AccountingZone,
    (since, until): (Timestamp, Option<Timestamp>),
) -> Result<Days, QueryError> {
    let before = until.map_or_else(String::new, |until| {
        format!(" AND bucket < {}", dialect::instant_literal(until))
    });
    let statement = format!(
        "SELECT bucket, one AS upstream, two AS model, buckets FROM rollup_frames{}
         WHERE bucket >= $1{before} AND dims = 'upstream_model' AND holds = 'sums' AND span = 'day'",
        dialect::indexed_by("rollup_frames_of_models"),
    );
    let first = Holds::Sums.row(RollupSpan::Day, since, zone);
    let rows: Vec<ModelFrameRow> = sql_query(statement).bind::<Instant, _>(At(first)).load(conn)?;
    let mut days = Days::new();
    for row in rows {
        let of_model = days.entry((row.upstream, row.model)).or_default();
        for bucket in Stored::new(&row.buckets) {
            let (distance, bytes) = bucket?;
            let day = begins(row.bucket.0, distance);
            if day >= since && until.is_none_or(|until| day < until) {
                let sum = of_model.entry(day).or_default();
                let values = Sums::unpack_values(bytes)?;
                *sum = sum.checked_add(values).map_err(Corrupt::of("sum"))?;
            }
        }
    }
    Ok(days)
}

/// The sums, and the days with the lowest and the highest mean; nothing where nothing was sent.
fn means(
    days: impl Iterator<Item = RollupValues>,
    mut means: ModelMeans,
) -> Result<Option<ModelMeans>, Corrupt> {
    let mut sent = false;
    for day in days.filter(|day| day.attempts != 0) {
        sent = true;
        let sum = means.values.checked_add(day);
        means.values = sum.map_err(Corrupt::of("sum"))?;
        // Whole 1e-12 USD, rounded towards zero.
        if let Some(mean) = day.cost.pico().checked_div(i128::from(day.billed)) {
            let mean = Usd::from_pico(mean);
            let (least, most) = means.range.unwrap_or((mean, mean));
            means.range = Some((least.min(mean), most.max(mean)));
        }
    }
    Ok(sent.then_some(means))
}
