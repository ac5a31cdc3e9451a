//! What is asked, checked.

use chrono::TimeDelta;
use tollgate_domain::ports::{SumFilter, SumGroup};
use tollgate_domain::{AccountingZone, Interval, KeyId, Timestamp, UpstreamId, hour_start, quarter_start};

use crate::billing::take_as_of;
use crate::extract::{QueryReader, parse_id};
use crate::time_text::parse_time;

/// Members shown if the caller does not say.
const TOP: u16 = 10;
const TOP_MAX: u16 = 50;
/// Before this, zones had offsets that are no quarter hours.
const EARLIEST: &str = "2000-01-01T00:00:00Z";
/// What groups are called.
const GROUPS: [(&str, SumGroup); 4] = [
    ("upstream", SumGroup::Upstream),
    ("key", SumGroup::Key),
    ("team", SumGroup::Team),
    ("model", SumGroup::Model),
];

/// What to sum, and how.
pub(super) struct Question {
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
    pub(super) interval: Interval,
    pub(super) zone: AccountingZone,
    pub(super) group: Option<SumGroup>,
    pub(super) top: usize,
    pub(super) filter: SumFilter,
    pub(super) as_of: Option<Timestamp>,
}

impl Question {
    /// Reads the parameters; faults stay with the reader.
    pub(super) fn read(query: &mut QueryReader, accounting: AccountingZone, now: Timestamp) -> Self {
        let interval = query.take("interval", |text| {
            Interval::from_name(text).ok_or_else(|| one_of(text, &Interval::ALL.map(Interval::as_str)))
        });
        let interval = interval.unwrap_or(Interval::Day);
        let zone = query.take("zone", |text| {
            AccountingZone::try_new(text).map_err(|error| error.to_string())
        });
        let zone = zone.unwrap_or(accounting);
        let until = query.take("until", on_a_quarter);
        let until = until.unwrap_or_else(|| hour_start(now) + TimeDelta::hours(1));
        let within = until - TimeDelta::minutes(15);
        let from = query.take("from", on_a_quarter);
        let from = from.unwrap_or_else(|| match interval {
            Interval::Hour => zone.day(within).0,
            Interval::Day | Interval::Month => zone.month(within).0,
        });
        let days = most_days(interval);
        if from >= until {
            query.refuse("from", "must lie before until".to_owned());
        } else if until - from > TimeDelta::days(days) {
            query.refuse(
                "from",
                format!(
                    "lies more than {days} days before until, the most by {}",
                    interval.as_str()
                ),
            );
        }
        let group = query.take("group_by", |text| {
            let found = GROUPS.iter().find(|(name, _)| *name == text);
            found
                .map(|(_, group)| *group)
                .ok_or_else(|| one_of(text, &GROUPS.map(|(name, _)| name)))
        });
        let top = query.take("top", |text| {
            let top = text.parse().ok().filter(|top| (1..=TOP_MAX).contains(top));
            top.ok_or_else(|| format!("{text:?} is outside 1..={TOP_MAX}"))
        });
        Self {
            from,
            until,
            interval,
            zone,
            group,
            top: usize::from(top.unwrap_or(TOP)),
            filter: SumFilter {
                upstream_id: query.take("upstream_id", parse_id).map(UpstreamId::new),
                key_id: query.take("key_id", parse_id).map(KeyId::new),
                team: query.take("team", |text| Ok(text.to_owned())),
                model: query.take("model", |text| Ok(text.to_owned())),
            },
            as_of: take_as_of(query, now),
        }
    }

    /// What the group is called.
    pub(super) fn group_name(&self) -> Option<&'static str> {
        let found = GROUPS.iter().find(|(_, group)| Some(*group) == self.group);
        found.map(|(name, _)| *name)
    }
}

const fn most_days(interval: Interval) -> i64 {
    match interval {
        Interval::Hour => 31,
        Interval::Day => 400,
        Interval::Month => 3_660,
    }
}

fn on_a_quarter(text: &str) -> Result<Timestamp, String> {
    let at = parse_time(text)?;
    if quarter_start(at) != at {
        return Err(format!(
            "{text:?} is not on a quarter hour such as \"2026-11-05T08:15:00Z\""
        ));
    }
    let earliest = parse_time(EARLIEST)?;
    let latest = earliest + TimeDelta::days(365 * 200);
    if at < earliest || at > latest {
        return Err(format!("{text:?} is outside 2000 to 2199"));
    }
    Ok(at)
}

fn one_of(text: &str, names: &[&str]) -> String {
    format!("{text:?} is none of {}", names.join(", "))
}
