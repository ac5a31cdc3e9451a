//! Where the sums of a piece of time are read, and under which conditions.

use tollgate_domain::ports::{SumFilter, SumGroup};
use tollgate_domain::{KeyId, RollupSpan, UpstreamId};
use uuid::Uuid;

use super::dialect;
use crate::cube::{Cube, id_member};
use crate::frame::Holds;

/// A table, and the conditions on it.
pub(super) struct Source {
    /// The table, and on `SQLite` the index to read it by.
    pub(super) table: String,
    /// Conditions, each beginning with `AND`: after those on the bucket, for `SQLite` numbers parameters by appearance.
    pub(super) conditions: String,
    /// The texts they bind, from the third parameter on.
    pub(super) texts: Vec<String>,
    /// SQL for the member as text; an empty text where there is no group.
    pub(super) member: String,
    /// What tells members apart; `None` without a group.
    pub(super) by: Option<String>,
}

/// What is asked of a source.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    /// What members are of.
    pub(super) group: Option<SumGroup>,
    /// Which attempts.
    pub(super) filter: &'a SumFilter,
    /// Which members, as sums name them; `None` for all.
    pub(super) members: Option<&'a [String]>,
}

impl Source {
    /// Of all combinations, in rows of many buckets: by the index on the member that is likely to have the fewest.
    pub(super) fn of_combined(span: RollupSpan, asked: Asked<'_>) -> Self {
        let condition = format!(" AND span = '{}'", span.as_str());
        let by = asked.rarest().map(dialect::indexed_by).unwrap_or_default();
        Self::of_all(&format!("rollup_combined{by}"), condition, asked)
    }

    /// Of a table of all combinations.
    pub(super) fn of_all(table: &str, mut conditions: String, asked: Asked<'_>) -> Self {
        let mut texts = Vec::new();
        for (dimension, member) in asked.fixed() {
            let value = match &member {
                Member::Id(id) => dialect::id_literal(*id),
                Member::Text(text) => bound(&mut texts, text),
            };
            push(&mut conditions, column(dimension), &value);
        }
        if let (Some(group), Some(members)) = (asked.group, asked.members) {
            let values = members.iter().map(|member| match group {
                SumGroup::Upstream | SumGroup::Key => {
                    dialect::id_literal(Uuid::parse_str(member).unwrap_or_default())
                }
                SumGroup::Team | SumGroup::Model => bound(&mut texts, member),
            });
            let values: Vec<String> = values.collect();
            push_any(&mut conditions, column(group), &values);
        }
        let member = match asked.group {
            None => "''".to_owned(),
            Some(group @ (SumGroup::Upstream | SumGroup::Key)) => dialect::id_text(column(group)),
            Some(group) => column(group).to_owned(),
        };
        Self {
            table: table.to_owned(),
            conditions,
            texts,
            member,
            by: asked.group.map(|group| column(group).to_owned()),
        }
    }

    /// Of the sums with fewer dimensions.
    pub(super) fn of_cube(cube: Cube, (holds, span): (Holds, RollupSpan), asked: Asked<'_>) -> Self {
        let mut texts = Vec::new();
        let mut conditions = format!(
            " AND dims = '{}' AND holds = '{}' AND span = '{}'",
            cube.name,
            holds.as_str(),
            span.as_str(),
        );
        let (mut first, mut second) = (false, false);
        for (dimension, member) in asked.fixed() {
            let value = match &member {
                Member::Id(id) => format!("'{}'", id_member(*id)),
                Member::Text(text) => bound(&mut texts, text),
            };
            first |= cube.one == Some(dimension);
            second |= cube.two == Some(dimension);
            push(&mut conditions, cube.column(dimension), &value);
        }
        if let (Some(group), Some(members)) = (asked.group, asked.members) {
            let values = members.iter().map(|member| match group {
                SumGroup::Upstream | SumGroup::Key => {
                    format!("'{}'", id_member(Uuid::parse_str(member).unwrap_or_default()))
                }
                SumGroup::Team | SumGroup::Model => bound(&mut texts, member),
            });
            let values: Vec<String> = values.collect();
            first |= cube.one == Some(group);
            second |= cube.two == Some(group);
            push_any(&mut conditions, cube.column(group), &values);
        }
        // Without a member of its own the primary key is by time at once; with one of the second the index on it is.
        if cube.one.is_none() && !second {
            conditions.push_str(" AND one = ''");
        }
        let member = asked.group.map(|group| cube.column(group).to_owned());
        // Without statistics the primary key looks as good, which has the second member behind the time.
        let by = if second && !first {
            dialect::indexed_by("rollup_frames_of_second")
        } else {
            String::new()
        };
        Self {
            table: format!("rollup_frames{by}"),
            conditions,
            texts,
            member: member.clone().unwrap_or_else(|| "''".to_owned()),
            by: member,
        }
    }
}

enum Member {
    Id(Uuid),
    Text(String),
}

impl Asked<'_> {
    /// The kept sums that tell apart what is asked for; `None` for more than two dimensions.
    pub(super) fn cube(self) -> Option<Cube> {
        let fixed = self.fixed().into_iter().map(|(dimension, _)| dimension);
        let dimensions: Vec<SumGroup> = fixed.chain(self.group).collect();
        Cube::of(&dimensions)
    }

    /// The index of the sums of all combinations on the member that is likely to have the fewest.
    fn rarest(self) -> Option<&'static str> {
        let filter = self.filter;
        let choices = [
            (filter.key_id.is_some(), "rollup_combined_of_key"),
            (filter.model.is_some(), "rollup_combined_of_model"),
            (filter.team.is_some(), "rollup_combined_of_team"),
            (filter.upstream_id.is_some(), "rollup_combined_of_upstream"),
        ];
        let found = choices.into_iter().find(|(is_fixed, _)| *is_fixed);
        found.map(|(_, index)| index)
    }

    /// The dimensions that are narrowed to one member.
    fn fixed(self) -> Vec<(SumGroup, Member)> {
        let filter = self.filter;
        let upstream = filter.upstream_id.map(UpstreamId::uuid).map(Member::Id);
        let key = filter.key_id.map(KeyId::uuid).map(Member::Id);
        let team = filter.team.clone().map(Member::Text);
        let model = filter.model.clone().map(Member::Text);
        let all = [
            (SumGroup::Upstream, upstream),
            (SumGroup::Key, key),
            (SumGroup::Team, team),
            (SumGroup::Model, model),
        ];
        let fixed = all
            .into_iter()
            .filter_map(|(dimension, member)| Some((dimension, member?)));
        fixed.collect()
    }
}

/// The column of a dimension in a table of all combinations.
pub(super) const fn column(dimension: SumGroup) -> &'static str {
    match dimension {
        SumGroup::Upstream => "upstream_id",
        SumGroup::Key => "key_id",
        SumGroup::Team => "team",
        SumGroup::Model => "model",
    }
}

/// Ids as everybody writes them.
pub(super) fn member_text(group: Option<SumGroup>, text: String) -> String {
    match group {
        Some(SumGroup::Upstream | SumGroup::Key) => Uuid::parse_str(&text).map_or(text, |id| id.to_string()),
        _ => text,
    }
}

/// Takes a text among those bound; its placeholder.
fn bound(texts: &mut Vec<String>, text: &str) -> String {
    texts.push(text.to_owned());
    format!("${}", texts.len() + 2)
}

fn push(conditions: &mut String, column: &str, value: &str) {
    for part in [" AND ", column, " = ", value] {
        conditions.push_str(part);
    }
}

fn push_any(conditions: &mut String, column: &str, values: &[String]) {
    for part in [" AND ", column, " IN (", &values.join(", "), ")"] {
        conditions.push_str(part);
    }
}
