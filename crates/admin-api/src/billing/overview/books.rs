//! What is read for the overview's periods.

use std::collections::BTreeSet;

use futures_util::future::try_join_all;
use tollgate_domain::ports::{AttentionRow, SumFilter, SumQuery};
use tollgate_domain::{AttentionKind, Interval, MoneyError, RollupValues, Timestamp, points, quarter_start};

use super::period::{PeriodTotals, PreviousPeriods};
use super::unbilled::{self, UnbilledAttempts, UnpricedModels};
use crate::AdminState;
use crate::billing::estimate::{Estimate, Estimator, Market, UnbilledEstimate};
use crate::problem::Problem;

/// Groups of unbilled attempts looked at in a period.
const GROUPS: u16 = 2_000;

type Range = (Timestamp, Timestamp);

/// The periods and what is not billed in the month.
pub(super) struct PeriodBooks {
    pub(super) today: PeriodTotals,
    pub(super) month: PeriodTotals,
    pub(super) previous: PreviousPeriods,
    pub(super) unpriced: UnpricedModels,
    pub(super) unbilled: Vec<UnbilledAttempts>,
}

impl PeriodBooks {
    /// The periods around `at`.
    pub(super) async fn read(
        state: &AdminState,
        at: Timestamp,
        as_of: Option<Timestamp>,
    ) -> Result<Self, Problem> {
        let (day, month) = (state.zone.day(at), state.zone.month(at));
        let (yesterday, same_time) = state.zone.day_before(at);
        let day_so_far = (yesterday.0, quarter_start(same_time).max(yesterday.0));
        let (last_month, same_day) = state.zone.month_before(at);
        let month_so_far = (last_month.0, quarter_start(same_day).max(last_month.0));
        let ends = [day_so_far.1, month_so_far.1];
        let reader = Reader::read(state, (last_month.0, month.1), &ends, as_of).await?;
        let periods = [month, day, yesterday, last_month];
        let (market, of_periods) = tokio::try_join!(reader.market(), reader.unbilled(periods))?;
        let estimator = Estimator::new(&market);
        let [of_month, of_day, of_yesterday, of_last_month] =
            of_periods.map(|rows| estimated(&estimator, rows));
        let whole = |period, unbilled: &[(AttentionRow, Estimate)]| {
            let estimate = UnbilledEstimate::of(unbilled);
            PeriodTotals::new(period, reader.sums(period)?, Some(estimate))
        };
        Ok(Self {
            today: whole(day, &of_day)?,
            previous: PreviousPeriods {
                day: whole(yesterday, &of_yesterday)?,
                day_so_far: PeriodTotals::new(day_so_far, reader.sums(day_so_far)?, None)?,
                month: whole(last_month, &of_last_month)?,
                month_so_far: PeriodTotals::new(month_so_far, reader.sums(month_so_far)?, None)?,
            },
            month: whole(month, &of_month)?,
            unpriced: UnpricedModels::of(&of_month),
            unbilled: unbilled::groups(&of_month),
        })
    }
}

/// Both months in one reading, day by day and at the ends of the parts.
struct Reader<'a> {
    state: &'a AdminState,
    as_of: Option<Timestamp>,
    sums: Vec<(Range, RollupValues)>,
}

impl<'a> Reader<'a> {
    async fn read(
        state: &'a AdminState,
        (from, until): Range,
        ends: &[Timestamp],
        as_of: Option<Timestamp>,
    ) -> Result<Self, Problem> {
        let days = points(state.zone, Interval::Day, from, until);
        let mut bounds: BTreeSet<Timestamp> = days.iter().map(|(from, _)| *from).collect();
        bounds.extend(ends.iter().filter(|end| **end > from && **end < until));
        let begins: Vec<Timestamp> = bounds.into_iter().collect();
        let ends = begins.iter().skip(1).copied().chain([until]);
        let ranges: Vec<Range> = begins.iter().copied().zip(ends).collect();
        let query = SumQuery {
            ranges: ranges.clone(),
            group: None,
            filter: SumFilter::default(),
            as_of,
        };
        let mut sums: Vec<(Range, RollupValues)> = ranges
            .into_iter()
            .map(|range| (range, RollupValues::default()))
            .collect();
        for sum in state.store.sums(query).await? {
            if let Some((_, values)) = sums.get_mut(sum.range) {
                *values = sum.values;
            }
        }
        Ok(Self { state, as_of, sums })
    }

    /// Of a period whose ends are among those read.
    fn sums(&self, (from, until): Range) -> Result<RollupValues, MoneyError> {
        let within = self
            .sums
            .iter()
            .filter(|(range, _)| from <= range.0 && range.1 <= until);
        within
            .map(|(_, values)| *values)
            .try_fold(RollupValues::default(), RollupValues::checked_add)
    }

    /// What is unbilled in periods whose ends are among those read; where nothing is, nothing is looked for.
    async fn unbilled<const N: usize>(&self, periods: [Range; N]) -> Result<[Vec<AttentionRow>; N], Problem> {
        let store = &self.state.store;
        let mut found = [const { Vec::new() }; N];
        let mut wanted = Vec::new();
        for (period, rows) in periods.into_iter().zip(&mut found) {
            if self.sums(period)?.unbilled > 0 {
                wanted.push((period, rows));
            }
        }
        if wanted.is_empty() {
            return Ok(found);
        }
        if let Some(as_of) = self.as_of {
            let ranges = wanted.iter().map(|(period, _)| *period).collect();
            let groups = store.unbilled_as_of(ranges, as_of, GROUPS).await?;
            for ((_, rows), groups) in wanted.into_iter().zip(groups) {
                *rows = groups;
            }
            return Ok(found);
        }
        let groups = wanted
            .iter()
            .map(|((from, until), _)| store.attention(*from, Some(*until), &AttentionKind::UNBILLED, GROUPS));
        let groups = try_join_all(groups).await?;
        for ((_, rows), groups) in wanted.into_iter().zip(groups) {
            *rows = groups;
        }
        Ok(found)
    }

    /// What estimates rest on; nothing needs to be read where everything is billed.
    async fn market(&self) -> Result<Market, Problem> {
        if self.sums.iter().any(|(_, values)| values.unbilled > 0) {
            Market::read(self.state).await
        } else {
            Ok(Market::bare(self.state))
        }
    }
}

fn estimated(estimator: &Estimator<'_>, rows: Vec<AttentionRow>) -> Vec<(AttentionRow, Estimate)> {
    let rows = rows.into_iter().map(|row| {
        let estimate = estimator.estimate(&row);
        (row, estimate)
    });
    rows.collect()
}
