//! Names that come from outside and are compared exactly.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Keeps the name exactly as given; cheap to clone.
            pub fn new(name: impl Into<Arc<str>>) -> Self {
                Self(name.into())
            }

            /// The name.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                Self::new(name)
            }
        }

        impl From<String> for $name {
            fn from(name: String) -> Self {
                Self::new(name)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

name! {
    /// A model's name as somebody wrote it: a caller, an upstream or the price catalog. Case matters.
    ModelName
}
impl ModelName {
    /// Whether a pattern stands for this name: it is the name itself, or its beginning followed by `*`.
    pub fn is_matched_by(&self, pattern: &Self) -> bool {
        match pattern.as_str().strip_suffix('*') {
            Some(beginning) => self.as_str().starts_with(beginning),
            None => self == pattern,
        }
    }
}

name! {
    /// An upstream's provider in LiteLLM's vocabulary (`openai`, `anthropic`, `gemini`, `azure`, `deepseek` …).
    /// It prefixes catalog names and selects the metering variant.
    ProviderName
}
