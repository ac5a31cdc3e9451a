//! Sums as series: the members with the highest cost, the others as one.

use std::collections::HashMap;

use tollgate_domain::ports::{MemberName, MemberNames, SumGroup, TopSums};
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

/// The series of the members shown, in their order, of what is left of everything, and of everything.
pub(super) fn of(
    question: &Question,
    points: usize,
    sums: TopSums,
    names: MemberNames,
) -> Result<AllSeries, MoneyError> {
    let mut total = Series::empty(None, points);
    for sum in sums.totals {
        total.add(sum.range, sum.values)?;
    }
    let mut members: HashMap<String, Series> = HashMap::new();
    for sum in sums.sums {
        let series = members.entry(sum.member.clone());
        let series = series.or_insert_with(|| Series::empty(Some(sum.member), points));
        series.add(sum.range, sum.values)?;
    }
    let mut ranked: Vec<Series> = sums
        .shown
        .iter()
        .filter_map(|member| members.remove(member))
        .collect();
    let rest = sums.members.saturating_sub(ranked.len());
    let other = if rest > 0 {
        Some(total.less(&ranked, rest)?)
    } else {
        None
    };
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

    /// What is left of everything without some, and stands for so many members.
    fn less(&self, some: &[Self], members: usize) -> Result<Self, MoneyError> {
        let mut rest = Self::empty(None, self.points.len());
        rest.members = members;
        for (point, values) in self.points.iter().enumerate() {
            rest.add(point, *values)?;
        }
        for series in some {
            for (point, values) in series.points.iter().enumerate() {
                rest.add(point, values.negated())?;
            }
        }
        Ok(rest)
    }

    fn add(&mut self, point: usize, values: RollupValues) -> Result<(), MoneyError> {
        self.total = self.total.checked_add(values)?;
        if let Some(sum) = self.points.get_mut(point) {
            *sum = sum.checked_add(values)?;
        }
        Ok(())
    }
}
