//! Sums as series: the members with the highest cost, the others as one.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use tollgate_domain::ports::{MemberName, MemberNames, RangeSum, SumGroup};
use tollgate_domain::{MoneyError, RollupValues};

use super::question::Question;

/// One member over all points.
pub(super) struct Series {
    /// The id, team or model; `None` for the series of all others, or of everything.
    pub(super) member: Option<String>,
    /// What it is called.
    pub(super) name: Option<String>,
    /// Whether it is an upstream or key that is gone.
    pub(super) deleted: bool,
    /// How many members it stands for.
    pub(super) members: usize,
    /// Over the whole range.
    pub(super) total: RollupValues,
    /// Of each point.
    pub(super) points: Vec<RollupValues>,
}

/// All series, and the sum of them.
pub(super) struct AllSeries {
    pub(super) shown: Vec<Series>,
    pub(super) other: Option<Series>,
    pub(super) total: Series,
}

/// Ranks by cost, then attempts, then the member itself, so that the order does not depend on the database.
pub(super) fn of(
    question: &Question,
    points: usize,
    sums: Vec<RangeSum>,
    names: MemberNames,
) -> Result<AllSeries, MoneyError> {
    let mut total = Series::empty(None, points);
    let mut members: BTreeMap<String, Series> = BTreeMap::new();
    for sum in sums {
        total.add(sum.range, sum.values)?;
        if question.group.is_some() {
            let series = members.entry(sum.member.clone());
            let series = series.or_insert_with(|| Series::empty(Some(sum.member), points));
            series.add(sum.range, sum.values)?;
        }
    }
    let mut ranked: Vec<Series> = members.into_values().collect();
    ranked.sort_by_cached_key(|series| {
        let total = &series.total;
        (
            Reverse(total.cost),
            Reverse(total.attempts),
            series.member.clone(),
        )
    });
    let rest = ranked.split_off(ranked.len().min(question.top));
    let mut other: Option<Series> = None;
    for series in rest {
        let other = other.get_or_insert_with(|| Series::empty(None, points));
        other.members += 1;
        for (point, values) in series.points.into_iter().enumerate() {
            other.add(point, values)?;
        }
    }
    let names = by_member(question.group, names);
    for series in &mut ranked {
        series.members = 1;
        match (question.group, series.member.as_ref()) {
            (Some(SumGroup::Upstream | SumGroup::Key), Some(member)) => {
                let known = names.get(member);
                series.name = known.map(|known| known.name.clone());
                series.deleted = known.is_none_or(|known| known.deleted);
            }
            (_, member) => series.name = member.filter(|name| !name.is_empty()).cloned(),
        }
    }
    Ok(AllSeries {
        shown: ranked,
        other,
        total,
    })
}

fn by_member(group: Option<SumGroup>, names: MemberNames) -> HashMap<String, MemberName> {
    let names = match group {
        Some(SumGroup::Upstream) => names.upstreams,
        Some(SumGroup::Key) => names.keys,
        _ => Vec::new(),
    };
    names
        .into_iter()
        .map(|name| (name.member.clone(), name))
        .collect()
}

impl Series {
    fn empty(member: Option<String>, points: usize) -> Self {
        Self {
            member,
            name: None,
            deleted: false,
            members: 0,
            total: RollupValues::default(),
            points: vec![RollupValues::default(); points],
        }
    }

    fn add(&mut self, point: usize, values: RollupValues) -> Result<(), MoneyError> {
        self.total = self.total.checked_add(values)?;
        if let Some(sum) = self.points.get_mut(point) {
            *sum = sum.checked_add(values)?;
        }
        Ok(())
    }
}
