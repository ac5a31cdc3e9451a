//! Identities. All are UUIDs in distinct types, so that one cannot stand in for another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps an id made elsewhere.
            pub const fn new(id: Uuid) -> Self {
                Self(id)
            }

            /// The bare UUID, for storage and wire formats.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                Uuid::from_str(text).map(Self)
            }
        }
    };
}

id! {
    /// One attempt at one upstream: a UUIDv7 minted before its `opened` record. All revisions of a ledger
    /// entry share it.
    EventId
}
id! {
    /// One request of a caller, minted at admission (UUIDv7); has one or more attempts.
    RequestId
}
id! {
    /// An upstream. Never reused.
    UpstreamId
}
id! {
    /// A client's API key. Never reused.
    KeyId
}
id! {
    /// A named admin token.
    AdminTokenId
}
id! {
    /// A sign-in at the console.
    AdminSessionId
}
id! {
    /// A release of the synced price catalog.
    ReleaseId
}
id! {
    /// A manual price, over all its versions.
    OverrideId
}
id! {
    /// A model alias, over all its versions.
    AliasId
}
id! {
    /// A journal, and with it the gateway process that owns its directory.
    JournalId
}

id! {
    /// One run of a background job (UUIDv7).
    JobRunId
}

impl KeyId {
    /// Stands for the operator's own test calls in ledger and logs. Never given to a key, and no token leads to it.
    pub const CONSOLE: Self = Self(Uuid::from_u128(0x0000_0000_0000_7000_8000_c0de_7e57_ca11));
}

impl UpstreamId {
    /// No upstream in particular: what programs use that tell none apart. Never given to a real one.
    pub const NONE: Self = Self(Uuid::nil());
}
