//! Service tiers.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A provider's service tier, normalised; prices differ by it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum ServiceTier {
    /// The ordinary one: `default`, `standard`, `auto`, `on_demand`, `standard_only`, or nothing said.
    #[default]
    Standard,
    /// Faster, dearer.
    Priority,
    /// Slower, cheaper.
    Flex,
    /// Asynchronous batches.
    Batch,
    /// Any other name, lower case, as the provider or the price map says it.
    Other(Box<str>),
}

impl ServiceTier {
    /// Normalises a provider's or a caller's word for a tier. Names are compared without case.
    ///
    /// ```
    /// # use tollgate_domain::ServiceTier;
    /// assert_eq!(ServiceTier::from_name("default"), ServiceTier::Standard);
    /// assert_eq!(ServiceTier::from_name("ON_DEMAND"), ServiceTier::Standard);
    /// assert_eq!(ServiceTier::from_name("flex").as_str(), "flex");
    /// ```
    pub fn from_name(name: &str) -> Self {
        match name.to_ascii_lowercase().as_str() {
            "" | "default" | "standard" | "auto" | "on_demand" | "standard_only" => Self::Standard,
            "priority" | "fast" => Self::Priority,
            "flex" => Self::Flex,
            "batch" | "batches" => Self::Batch,
            other => Self::Other(other.into()),
        }
    }

    /// The normalised name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Standard => "standard",
            Self::Priority => "priority",
            Self::Flex => "flex",
            Self::Batch => "batch",
            Self::Other(name) => name,
        }
    }
}

impl fmt::Display for ServiceTier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for ServiceTier {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ServiceTier {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Ok(Self::from_name(&name))
    }
}
