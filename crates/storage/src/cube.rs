//! Sums with fewer dimensions than all four.

use tollgate_domain::ports::SumGroup;
use tollgate_domain::{JournalId, RollupKey, Timestamp};
use uuid::Uuid;

/// Which dimensions a sum tells apart: none, one, or two. Sums of these are kept beside those of all combinations,
/// because grouping combinations costs as much as there are combinations, whatever is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cube {
    /// The stable name, as stored.
    pub(crate) name: &'static str,
    /// The dimension of the member `one`; there is none where the other is alone.
    pub(crate) one: Option<SumGroup>,
    /// The dimension of the member `two`.
    pub(crate) two: Option<SumGroup>,
}

/// The place of a row among those of a [`Cube`] and a span, in the order of the primary key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) one: String,
    /// The beginning of the row.
    pub(crate) row: Timestamp,
    pub(crate) two: String,
    pub(crate) writer: JournalId,
}

const fn cube(name: &'static str, one: Option<SumGroup>, two: Option<SumGroup>) -> Cube {
    Cube { name, one, two }
}

impl Cube {
    /// All that are kept.
    pub(crate) const ALL: [Self; 11] = [
        cube("total", None, None),
        cube("upstream", None, Some(SumGroup::Upstream)),
        cube("key", None, Some(SumGroup::Key)),
        cube("team", None, Some(SumGroup::Team)),
        cube("model", None, Some(SumGroup::Model)),
        cube("upstream_key", Some(SumGroup::Upstream), Some(SumGroup::Key)),
        cube("upstream_team", Some(SumGroup::Upstream), Some(SumGroup::Team)),
        cube("upstream_model", Some(SumGroup::Upstream), Some(SumGroup::Model)),
        cube("team_key", Some(SumGroup::Team), Some(SumGroup::Key)),
        cube("team_model", Some(SumGroup::Team), Some(SumGroup::Model)),
        cube("key_model", Some(SumGroup::Key), Some(SumGroup::Model)),
    ];

    /// The one that tells exactly these apart; `None` for more than two.
    pub(crate) fn of(dimensions: &[SumGroup]) -> Option<Self> {
        Self::ALL.into_iter().find(|cube| {
            let own = [cube.one, cube.two].into_iter().flatten();
            own.clone().all(|dimension| dimensions.contains(&dimension))
                && dimensions
                    .iter()
                    .all(|dimension| own.clone().any(|own| own == *dimension))
        })
    }

    /// The column of a dimension.
    pub(crate) fn column(self, dimension: SumGroup) -> &'static str {
        if self.one == Some(dimension) { "one" } else { "two" }
    }

    /// Where what is keyed by all dimensions adds to, in the row that begins at an instant.
    pub(crate) fn place(self, key: &RollupKey, row: Timestamp) -> Place {
        let member = |dimension: Option<SumGroup>| match dimension {
            None => String::new(),
            Some(SumGroup::Upstream) => id_member(key.upstream_id.uuid()),
            Some(SumGroup::Key) => id_member(key.key_id.uuid()),
            Some(SumGroup::Team) => key.team.clone(),
            Some(SumGroup::Model) => key.model.clone(),
        };
        Place {
            one: member(self.one),
            row,
            two: member(self.two),
            writer: key.writer,
        }
    }
}

/// An id as a member: 32 hexadecimal digits. All zeros are nothing.
pub(crate) fn id_member(id: Uuid) -> String {
    if id.is_nil() {
        String::new()
    } else {
        id.simple().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_of_at_most_two_dimensions_has_sums_of_its_own() {
        let all = [SumGroup::Upstream, SumGroup::Key, SumGroup::Team, SumGroup::Model];
        let mut found = vec![Cube::of(&[]).unwrap().name];
        for (place, one) in all.iter().enumerate() {
            found.push(Cube::of(&[*one]).unwrap().name);
            assert_eq!(Cube::of(&[*one, *one]), Cube::of(&[*one]));
            for two in &all[place + 1..] {
                found.push(Cube::of(&[*one, *two]).unwrap().name);
                assert_eq!(Cube::of(&[*two, *one]), Cube::of(&[*one, *two]));
                let cube = Cube::of(&[*one, *two]).unwrap();
                assert_ne!(cube.column(*one), cube.column(*two));
            }
        }
        found.sort_unstable();
        found.dedup();
        assert_eq!(found.len(), Cube::ALL.len());
        assert_eq!(Cube::of(&all[..3]), None);
    }
}
