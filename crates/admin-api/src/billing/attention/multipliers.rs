//! Multipliers that would make requests free.

use std::collections::BTreeSet;

use tollgate_domain::ports::AttentionRow;
use tollgate_domain::{AttentionKind, AttentionSubject, Multiplier, Upstream};

use super::queue::bare;

/// Upstreams with a zero multiplier that no traffic among these rows is free by: nothing was lost yet.
pub(super) fn without_traffic<'u>(
    upstreams: impl Iterator<Item = &'u Upstream>,
    rows: &[AttentionRow],
) -> Vec<AttentionRow> {
    let seen: BTreeSet<_> = rows
        .iter()
        .filter(|row| row.subject.kind == AttentionKind::ZeroMultiplier)
        .filter_map(|row| row.subject.upstream_id)
        .collect();
    let silent = upstreams.filter(|upstream| has_zero(upstream) && !seen.contains(&upstream.id));
    silent
        .map(|upstream| {
            let subject = AttentionSubject {
                upstream_id: Some(upstream.id),
                ..AttentionSubject::bare(AttentionKind::ZeroMultiplier)
            };
            AttentionRow {
                upstream_name: Some(upstream.name.clone()),
                provider: Some(upstream.provider.as_str().to_owned()),
                ..bare(subject, 0, (upstream.updated_at, upstream.updated_at))
            }
        })
        .collect()
}

fn has_zero(upstream: &Upstream) -> bool {
    let of_models = upstream.model_multipliers.iter();
    of_models
        .map(|own| (own.input, own.output))
        .chain([(upstream.input_multiplier, upstream.output_multiplier)])
        .any(|(input, output)| input == Multiplier::ZERO || output == Multiplier::ZERO)
}
