//! What is read for the overview's periods.

use std::collections::BTreeSet;

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
        let market = reader.market().await?;
        let estimator = Estimator::new(&market);
        let of_month = reader.unbilled(&estimator, month).await?;
        Ok(Self {
            today: reader.whole(&estimator, day).await?,
            previous: PreviousPeriods {
                day: reader.whole(&estimator, yesterday).await?,
                day_so_far: PeriodTotals::new(day_so_far, reader.sums(day_so_far)?, None)?,
                month: reader.whole(&estimator, last_month).await?,
                month_so_far: PeriodTotals::new(month_so_far, reader.sums(month_so_far)?, None)?,
            },
            month: PeriodTotals::new(month, reader.sums(month)?, Some(UnbilledEstimate::of(&of_month)))?,
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

    async fn whole(&self, estimator: &Estimator<'_>, range: Range) -> Result<PeriodTotals, Problem> {
        let sums = self.sums(range)?;
        let estimate = if sums.unbilled > 0 {
            UnbilledEstimate::of(&self.unbilled(estimator, range).await?)
        } else {
            UnbilledEstimate::default()
        };
        Ok(PeriodTotals::new(range, sums, Some(estimate))?)
    }

    async fn unbilled(
        &self,
        estimator: &Estimator<'_>,
        range: Range,
    ) -> Result<Vec<(AttentionRow, Estimate)>, Problem> {
        let rows = self.rows(range).await?;
        let estimated = rows.into_iter().map(|row| {
            let estimate = estimator.estimate(&row);
            (row, estimate)
        });
        Ok(estimated.collect())
    }

    async fn rows(&self, (from, until): Range) -> Result<Vec<AttentionRow>, Problem> {
        let store = &self.state.store;
        Ok(match self.as_of {
            None => {
                store
                    .attention(from, Some(until), &AttentionKind::UNBILLED, GROUPS)
                    .await?
            }
            Some(as_of) => store.unbilled_as_of(from, until, as_of, GROUPS).await?,
        })
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
