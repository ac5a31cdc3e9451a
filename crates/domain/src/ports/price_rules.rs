//! The operator's price rules: overrides and aliases as versioned rows.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    Actor, AliasId, OverrideId, PriceAlias, PriceOverride, PriceVersion, Timestamp, UpstreamId,
    UpstreamMultipliers,
};

/// From when to when a version of a rule was in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSpan {
    /// The price book version it came into force with. It names this version of the rule, and is its ETag.
    pub version: PriceVersion,
    /// When that was.
    pub since: Timestamp,
    /// Its end; `None` while it is in force.
    pub ended: Option<RuleEnd>,
}

/// How a version of a rule ended: replaced by the next one, or for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleEnd {
    /// The price book version without it.
    pub version: PriceVersion,
    /// When that became current.
    pub at: Timestamp,
    /// Who ended it.
    pub by: String,
    /// Why, where it ended for good and somebody said so.
    pub note: Option<String>,
}

/// One version of an override.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverrideVersion {
    /// What it says.
    pub price: PriceOverride,
    /// Since when the price is right in the operator's view, where that is earlier than [`RuleSpan::since`].
    pub effective_from: Option<Timestamp>,
    /// When it was in force.
    pub span: RuleSpan,
}

/// One version of an alias.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AliasVersion {
    /// What it says.
    pub alias: PriceAlias,
    /// Since when it is right in the operator's view, where that is earlier than [`RuleSpan::since`].
    pub effective_from: Option<Timestamp>,
    /// When it was in force.
    pub span: RuleSpan,
}

/// One version of an upstream's multipliers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MultiplierVersion {
    /// What they are.
    pub multipliers: UpstreamMultipliers,
    /// Who set them.
    pub author: String,
    /// Why, where somebody said so.
    pub note: Option<String>,
    /// Since when they are right in the operator's view, where that is earlier than [`RuleSpan::since`].
    pub effective_from: Option<Timestamp>,
    /// When they were in force.
    pub span: RuleSpan,
}

/// Which version of a rule a change starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleBefore {
    /// None: the rule is new.
    Nothing,
    /// Whichever is in force; there must be one.
    Any,
    /// This one.
    Version(PriceVersion),
}

/// One change of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleChange {
    /// Puts an override in force in place of the version before it.
    PutOverride {
        /// What it says; its author is the author of the change.
        price: PriceOverride,
        /// Since when it is right.
        effective_from: Option<Timestamp>,
        /// What it replaces.
        before: RuleBefore,
    },
    /// Ends an override.
    EndOverride {
        /// Which.
        id: OverrideId,
        /// What it ends.
        before: RuleBefore,
    },
    /// Puts an alias in force in place of the version before it.
    PutAlias {
        /// What it says; its author is the author of the change.
        alias: PriceAlias,
        /// Since when it is right.
        effective_from: Option<Timestamp>,
        /// What it replaces.
        before: RuleBefore,
    },
    /// Ends an alias.
    EndAlias {
        /// Which.
        id: AliasId,
        /// What it ends.
        before: RuleBefore,
    },
}

/// Who changes rules, when and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleEdit {
    /// Who.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
    /// Why rules end; what is put in force carries its own note.
    pub note: Option<String>,
}

/// How changes went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RulesChanged {
    /// All of them are in force with this version.
    Done(PriceVersion),
    /// None is: the change at this place found no rule in force.
    Missing {
        /// The place in the list.
        index: usize,
    },
    /// None is: the change at this place found another version in force.
    Stale {
        /// The place in the list.
        index: usize,
        /// The version in force.
        version: PriceVersion,
    },
    /// None is: for the name and upstream of the change at this place another rule is in force.
    Taken {
        /// The place in the list.
        index: usize,
        /// The other rule's id.
        by: uuid::Uuid,
    },
}

/// Overrides and aliases. Nothing is updated in place but the end of a version's validity.
#[async_trait]
pub trait PriceRuleStore: Send + Sync {
    /// The overrides in force, by model and id.
    async fn overrides(&self) -> Result<Vec<OverrideVersion>, StoreError>;

    /// Every version of an override, the latest first; empty if there never was one of this id.
    async fn override_versions(&self, id: OverrideId) -> Result<Vec<OverrideVersion>, StoreError>;

    /// The aliases in force, by name and id.
    async fn aliases(&self) -> Result<Vec<AliasVersion>, StoreError>;

    /// Every version of an alias, the latest first; empty if there never was one of this id.
    async fn alias_versions(&self, id: AliasId) -> Result<Vec<AliasVersion>, StoreError>;

    /// Every version of an upstream's multipliers, the latest first; also of one that is deleted.
    async fn multiplier_versions(&self, upstream: UpstreamId) -> Result<Vec<MultiplierVersion>, StoreError>;

    /// Makes all of the changes, with one price book version, or none.
    async fn change_rules(
        &self,
        changes: Vec<RuleChange>,
        edit: RuleEdit,
    ) -> Result<RulesChanged, StoreError>;
}
