//! Aliases as rows of a table.

use serde::{Deserialize, Serialize};
use tollgate_domain::ports::{AliasVersion, RuleBefore, Store, StoreError};
use tollgate_domain::{AliasId, ModelName, PriceAlias, Upstream, UpstreamId};
use utoipa::ToSchema;
use uuid::Uuid;

use super::draft::{AliasDraft, warnings};
use crate::billing::rule_change::Step;
use crate::billing::table::{Column, Kind, PlannedRow, RuleRow, Scene};
use crate::field::FieldErrors;

/// Aliases to export or import.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AliasTable, examples(json!({"items": [example()]})))]
pub(super) struct AliasTable {
    /// One row an alias.
    #[schema(max_items = 2000)]
    items: Vec<AliasRow>,
}

/// An alias as a row: what it is for and what it says. In CSV an empty cell is a field that is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(example))]
pub(super) struct AliasRow {
    /// The name an upstream uses, matched exactly.
    #[schema(min_length = 1, max_length = 256)]
    alias: String,
    /// The catalog or override name to price it as.
    #[schema(min_length = 1, max_length = 256)]
    target: String,
    /// The only upstream it is for, by id; global without id and name.
    #[serde(default)]
    upstream_id: Option<Uuid>,
    /// The same by name; either is enough.
    #[serde(default)]
    upstream_name: Option<String>,
    /// The reason.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 500)]
    note: Option<String>,
}

fn example() -> serde_json::Value {
    serde_json::json!({
        "alias": "house-mini",
        "target": "gpt-5-mini",
        "upstream_id": null,
        "upstream_name": null,
        "note": "our name for it",
    })
}

impl RuleRow for AliasRow {
    type Version = AliasVersion;

    const PLURAL: &'static str = "aliases";

    const COLUMNS: &'static [Column] = &[
        ("alias", Kind::Text),
        ("target", Kind::Text),
        ("upstream_id", Kind::Text),
        ("upstream_name", Kind::Text),
        ("note", Kind::Text),
    ];

    async fn in_force(store: &dyn Store) -> Result<Vec<AliasVersion>, StoreError> {
        store.aliases().await
    }

    fn key(version: &AliasVersion) -> (&ModelName, Option<UpstreamId>) {
        (&version.alias.alias, version.alias.upstream_id)
    }

    fn of(version: AliasVersion, upstream: Option<&Upstream>) -> Self {
        let alias = version.alias;
        Self {
            alias: alias.alias.to_string(),
            target: alias.target.to_string(),
            upstream_id: alias.upstream_id.map(UpstreamId::uuid),
            upstream_name: upstream.map(|upstream| upstream.name.clone()),
            note: alias.note,
        }
    }

    fn name(&self) -> &str {
        &self.alias
    }

    fn upstream(&self) -> (Option<Uuid>, Option<&str>) {
        (self.upstream_id, self.upstream_name.as_deref())
    }

    fn plan(
        self,
        upstream_id: Option<UpstreamId>,
        before: Option<&AliasVersion>,
        scene: &Scene<'_>,
        errors: &mut FieldErrors,
    ) -> Option<PlannedRow> {
        let alias = PriceAlias {
            id: before.map_or(AliasId::new(scene.new_id), |version| version.alias.id),
            alias: ModelName::new(self.alias),
            target: ModelName::new(self.target),
            upstream_id,
            note: self.note,
            author: scene.author.to_owned(),
        };
        let same = before.is_some_and(|version| {
            (&version.alias.target, &version.alias.note) == (&alias.target, &alias.note)
        });
        if same {
            return Some(PlannedRow {
                id: alias.id.uuid(),
                step: None,
                warnings: Vec::new(),
            });
        }
        let draft = AliasDraft {
            alias,
            effective_from: None,
            confirm: false,
        };
        let effective_from = draft.check(scene.book, scene.now, errors);
        let alias = draft.alias;
        let before = before.map_or(RuleBefore::Nothing, |version| {
            RuleBefore::Version(version.span.version)
        });
        Some(PlannedRow {
            id: alias.id.uuid(),
            warnings: warnings(scene.book, &alias),
            step: Some(Step::PutAlias {
                alias,
                effective_from,
                before,
            }),
        })
    }
}
