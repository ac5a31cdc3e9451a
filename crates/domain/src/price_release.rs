//! Releases of the price catalog: each run of the sync is one, whatever came of it.

use std::fmt;

use crate::{
    CardId, ModelLimits, ModelMode, ModelName, PriceVersion, PricedModel, ProviderName, ReleaseCounts,
    ReleaseId, ReleaseOrigin, Timestamp,
};

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    )*};
}

names! {
    /// What came of a run.
    ReleaseState {
        /// It is under way.
        Running = "running",
        /// Everything the map says is in force.
        Success = "success",
        /// Some prices wait for the operator, all others are in force.
        Partial = "partial",
        /// The map says what is in force already.
        Unchanged = "unchanged",
        /// Nothing was put in force; what the map says waits for the operator, or cannot be read.
        Held = "held",
        /// No map could be fetched, or the run was cut short.
        Failed = "failed",
    }

    /// What set a run off.
    RunTrigger {
        /// The start of the gateway: the snapshot in the binary.
        Start = "start",
        /// The schedule.
        Schedule = "schedule",
        /// An operator.
        Manual = "manual",
    }

    /// Why a model's new price was not put in force by itself.
    HoldReason {
        /// A rate of a model in use changed by more than the factor.
        Factor = "factor",
        /// Something that cost money would be free.
        TurnedFree = "turned_free",
        /// Something that was free would cost money, on a model in use.
        TurnedPriced = "turned_priced",
        /// A rate or modifier of a model in use would be gone.
        RateGone = "rate_gone",
        /// Something else the price of a model in use depends on, such as hours or free units, would change.
        Terms = "terms",
        /// A rate jumped so far that per token and per million were probably mixed up.
        UnitJump = "unit_jump",
        /// A token rate so high that it is probably given in another unit.
        Implausible = "implausible",
        /// The release is held as a whole.
        Release = "release",
    }

    /// What became of a held price.
    HoldState {
        /// It waits for the operator.
        Held = "held",
        /// The operator put it in force.
        Accepted = "accepted",
        /// The operator refused it. The same price for the same model is not proposed again.
        Rejected = "rejected",
        /// A later map proposes something else.
        Superseded = "superseded",
    }
}

/// What a model's catalog row would become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHold {
    /// The model.
    pub model: ModelName,
    /// The card it would get; `None` where it is gone from the map and would be marked stale.
    pub card_id: Option<CardId>,
    /// The provider it would get.
    pub provider: Option<ProviderName>,
    /// The mode it would get.
    pub mode: Option<ModelMode>,
    /// The limits it would get.
    pub limits: ModelLimits,
    /// The card it has; `None` where it has no price yet.
    pub current_card_id: Option<CardId>,
    /// Why it is held.
    pub reason: HoldReason,
    /// Which rate, from what to what.
    pub detail: String,
}

/// A held price and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldPrice {
    /// The release that proposed it.
    pub release_id: ReleaseId,
    /// What is proposed, and why it was held.
    pub hold: NewHold,
    /// What became of it.
    pub state: HoldState,
    /// When the operator decided.
    pub decided_at: Option<Timestamp>,
    /// Who decided.
    pub decided_by: Option<String>,
}

/// How many of a release's held prices are in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HoldCounts {
    /// Waiting for the operator.
    pub held: u32,
    /// Put in force.
    pub accepted: u32,
    /// Refused.
    pub rejected: u32,
    /// Overtaken by a later map.
    pub superseded: u32,
}

/// What a server said about the map's version, to be asked with next time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Validators {
    /// Its `ETag`.
    pub etag: Option<String>,
    /// Its `Last-Modified`.
    pub last_modified: Option<String>,
}

/// A run of the sync, or the bundled snapshot taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceRelease {
    /// Its id; follows a running sync too.
    pub id: ReleaseId,
    /// How it came to be.
    pub origin: ReleaseOrigin,
    /// What set it off.
    pub trigger: RunTrigger,
    /// Who set it off.
    pub author: String,
    /// What came of it.
    pub state: ReleaseState,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended; `None` while it runs.
    pub finished_at: Option<Timestamp>,
    /// Where the map came from, without credentials or query.
    pub url: Option<String>,
    /// SHA-256 of the map, hex; `None` where none was read.
    pub content_hash: Option<String>,
    /// Priced models in the map; `None` where none was read.
    pub models: Option<u32>,
    /// What differed.
    pub counts: ReleaseCounts,
    /// Names of price fields nobody understood.
    pub unknown_fields: Vec<String>,
    /// Why it failed or was held, or what else there is to say.
    pub reason: Option<String>,
    /// What should alarm the operator although it was put in force.
    pub alarm: Option<String>,
    /// The first price version made of it; `None` where it never was in force.
    pub version: Option<PriceVersion>,
    /// What became of the prices it held.
    pub holds: HoldCounts,
    /// Whether it is the one in force.
    pub current: bool,
}

/// What changes in the catalog, and how it is to be stored.
#[derive(Debug, Clone, Default)]
pub struct CatalogWrite {
    /// Models whose row is new or differs.
    pub put: Vec<PricedModel>,
    /// Cards that `put` and held prices refer to and the catalog does not have yet.
    pub cards: Vec<std::sync::Arc<crate::RateCard>>,
    /// Prices that wait for the operator.
    pub holds: Vec<NewHold>,
}
