//! What went to models, and what attempts of them cost on average.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text};
use tollgate_domain::ports::ModelMeans;
use tollgate_domain::{ProviderName, RollupValues, Timestamp, UpstreamId, Usd};
use uuid::Uuid;

use super::{Conn, dialect};
use crate::error::{Corrupt, QueryError};
use crate::schema::upstreams;
use crate::sql_type::Instant;
use crate::value::{At, Id};

#[derive(QueryableByName)]
struct MeansRow {
    #[diesel(sql_type = Text)]
    upstream: String,
    #[diesel(sql_type = Text)]
    model: String,
    #[diesel(sql_type = Nullable<Text>)]
    least: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    most: Option<String>,
    #[diesel(sql_type = BigInt)]
    attempts: i64,
    #[diesel(sql_type = BigInt)]
    no_charge: i64,
    #[diesel(sql_type = BigInt)]
    input_tokens: i64,
    #[diesel(sql_type = BigInt)]
    cache_read_tokens: i64,
    #[diesel(sql_type = BigInt)]
    cache_write_tokens: i64,
    #[diesel(sql_type = BigInt)]
    output_tokens: i64,
    #[diesel(sql_type = BigInt)]
    reasoning_tokens: i64,
}

const COUNTS: [&str; 7] = [
    "attempts",
    "no_charge",
    "input_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "output_tokens",
    "reasoning_tokens",
];

/// Of each model at each upstream, since a day began and before another did.
pub(crate) fn model_means(
    conn: &mut Conn,
    since: Timestamp,
    until: Option<Timestamp>,
) -> Result<Vec<ModelMeans>, QueryError> {
    let before = until.map_or_else(String::new, |until| {
        format!(" AND bucket < {}", dialect::instant_literal(until))
    });
    // A day has a row for each process that wrote to it.
    let of_days = COUNTS.map(|column| format!("SUM({column}) AS {column}"));
    let of_all = COUNTS.map(|column| format!("CAST(SUM({column}) AS BIGINT) AS {column}"));
    let table = format!("rollup_groups{}", dialect::indexed_by("rollup_groups_of_models"));
    let statement = format!(
        "SELECT one AS upstream, two AS model, CAST(MIN(mean) AS TEXT) AS least, CAST(MAX(mean) AS TEXT) AS most, {}
         FROM (
            SELECT one, two, CASE WHEN SUM(billed) <> 0 THEN {} END AS mean, {}
            FROM {table}
            WHERE bucket >= $1{before} AND dims = 'upstream_model' AND span = 'day'
            GROUP BY one, bucket, two HAVING SUM(attempts) <> 0
         ) AS days
         GROUP BY one, two",
        of_all.join(", "),
        dialect::whole_quotient("SUM(cost)", "SUM(billed)"),
        of_days.join(", "),
    );
    let rows: Vec<MeansRow> = sql_query(statement).bind::<Instant, _>(At(since)).load(conn)?;
    let providers: HashMap<Id, String> = upstreams::table
        .select((upstreams::id, upstreams::provider))
        .load::<(Id, String)>(conn)?
        .into_iter()
        .collect();
    let means = rows.into_iter().map(|row| {
        let upstream = Uuid::parse_str(&row.upstream).map_err(Corrupt::of("rollup member"))?;
        let mean = |text: Option<String>| text.map(|text| text.parse::<i128>()).transpose();
        let range = mean(row.least).map_err(Corrupt::of("mean"))?;
        let range = range.zip(mean(row.most).map_err(Corrupt::of("mean"))?);
        Ok(ModelMeans {
            upstream_id: UpstreamId::new(upstream),
            provider: providers
                .get(&Id(upstream))
                .map(|name| ProviderName::new(name.as_str())),
            model: row.model,
            range: range.map(|(least, most)| (Usd::from_pico(least), Usd::from_pico(most))),
            values: RollupValues {
                attempts: row.attempts,
                no_charge: row.no_charge,
                input_tokens: row.input_tokens,
                cache_read_tokens: row.cache_read_tokens,
                cache_write_tokens: row.cache_write_tokens,
                output_tokens: row.output_tokens,
                reasoning_tokens: row.reasoning_tokens,
                ..RollupValues::default()
            },
        })
    });
    Ok(means.collect::<Result<_, Corrupt>>()?)
}
