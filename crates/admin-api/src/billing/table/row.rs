//! What a kind of rule needs to be a table.

use billing_core::PriceBook;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tollgate_domain::ports::{Store, StoreError};
use tollgate_domain::{ModelName, Timestamp, Upstream, UpstreamId};
use uuid::Uuid;

use crate::billing::rule_change::Step;
use crate::field::FieldErrors;

/// How a field stands in a cell. An empty cell is a field that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::billing) enum Kind {
    /// As it is.
    Text,
    /// `true` or `false`.
    Bool,
    /// As JSON.
    Json,
}

/// A column: a field of the row in JSON, and how it stands in a cell.
pub(in crate::billing) type Column = (&'static str, Kind);

/// A rule as a row. Its JSON form has the fields that [`RuleRow::COLUMNS`] names.
pub(in crate::billing) trait RuleRow: Serialize + DeserializeOwned {
    /// A version of such a rule.
    type Version: Send;

    /// What such rules are called.
    const PLURAL: &'static str;

    /// The columns, in the order they are exported in.
    const COLUMNS: &'static [Column];

    /// The versions in force.
    fn in_force(store: &dyn Store) -> impl Future<Output = Result<Vec<Self::Version>, StoreError>> + Send;

    /// The name a version is for, and the upstream.
    fn key(version: &Self::Version) -> (&ModelName, Option<UpstreamId>);

    /// The row of a version; its upstream where that is living.
    fn of(version: Self::Version, upstream: Option<&Upstream>) -> Self;

    /// The name it is for.
    fn name(&self) -> &str;

    /// The upstream it is for, by id and by name.
    fn upstream(&self) -> (Option<Uuid>, Option<&str>);

    /// What has to be done so that the rule is in force; `None` with every fault noted.
    fn plan(
        self,
        upstream_id: Option<UpstreamId>,
        before: Option<&Self::Version>,
        scene: &Scene<'_>,
        errors: &mut FieldErrors,
    ) -> Option<PlannedRow>;
}

/// What a row is planned with.
pub(in crate::billing) struct Scene<'a> {
    /// The book with the rows before it in force.
    pub(in crate::billing) book: &'a PriceBook,
    /// Now.
    pub(in crate::billing) now: Timestamp,
    /// Who imports.
    pub(in crate::billing) author: &'a str,
    /// The id of a rule that is new.
    pub(in crate::billing) new_id: Uuid,
}

/// What a row comes to.
pub(in crate::billing) struct PlannedRow {
    /// The rule.
    pub(in crate::billing) id: Uuid,
    /// What puts it in force; `None` where it is already.
    pub(in crate::billing) step: Option<Step>,
    /// Why it may not do what it is meant to, in words.
    pub(in crate::billing) warnings: Vec<String>,
}
