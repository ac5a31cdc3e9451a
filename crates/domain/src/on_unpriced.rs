//! What happens to a request for which there is no price.

use serde::{Deserialize, Serialize};

/// Whether a request is served although nothing prices it on the upstream it would go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnUnpriced {
    /// It is served, and its entry is `unbilled` until there is a price.
    #[default]
    Serve,
    /// It is not sent to that upstream; without any other it is refused before dispatch.
    Refuse,
}

impl OnUnpriced {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Serve, Self::Refuse];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Serve => "serve",
            Self::Refuse => "refuse",
        }
    }

    /// What holds for a request: the key's word where it has one, else the upstream's, else the installation's.
    ///
    /// # Source
    /// `docs/adr/0010-price-rules.md`.
    ///
    /// ```
    /// use tollgate_domain::OnUnpriced::{Refuse, Serve, self};
    ///
    /// assert_eq!(OnUnpriced::decide(Some(Serve), Some(Refuse), Refuse), Serve);
    /// assert_eq!(OnUnpriced::decide(None, Some(Serve), Refuse), Serve);
    /// assert_eq!(OnUnpriced::decide(None, None, Refuse), Refuse);
    /// ```
    #[must_use]
    pub fn decide(key: Option<Self>, upstream: Option<Self>, installation: Self) -> Self {
        key.or(upstream).unwrap_or(installation)
    }
}
