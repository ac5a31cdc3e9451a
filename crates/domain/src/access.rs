//! Who manages the gateway, and who did what.

use std::net::IpAddr;
use std::sync::Arc;

use crate::AdminTokenId;

/// What an admin token may do. Each role may do what the ones after it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AdminRole {
    /// Everything.
    Admin,
    /// Reading everything but secrets, and what sets prices.
    Finance,
    /// Reading everything but secrets.
    Viewer,
}

/// How somebody came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActorOrigin {
    /// With a token in the request's header.
    Bearer,
    /// With a session of the console.
    Session,
    /// Not at all: the gateway acts by itself.
    System,
}

/// Who changes something: named in what is changed, and in the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The admin token; `None` for the gateway itself.
    pub token_id: Option<AdminTokenId>,
    /// Its name then.
    pub name: Arc<str>,
    /// What it might do then.
    pub role: AdminRole,
    /// How it came in.
    pub origin: ActorOrigin,
    /// From where, as far as it is known.
    pub address: Option<IpAddr>,
}

impl AdminRole {
    /// All of them, the mightiest first.
    pub const ALL: [Self; 3] = [Self::Admin, Self::Finance, Self::Viewer];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Finance => "finance",
            Self::Viewer => "viewer",
        }
    }

    /// The role of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// Whether it may do what `needed` may.
    pub const fn covers(self, needed: Self) -> bool {
        self.rank() >= needed.rank()
    }

    const fn rank(self) -> u8 {
        match self {
            Self::Admin => 2,
            Self::Finance => 1,
            Self::Viewer => 0,
        }
    }
}

impl ActorOrigin {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Bearer, Self::Session, Self::System];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bearer => "bearer",
            Self::Session => "session",
            Self::System => "system",
        }
    }
}

impl Actor {
    /// The gateway itself, under the name of what makes it act.
    pub fn system(name: &str) -> Self {
        Self {
            token_id: None,
            name: name.into(),
            role: AdminRole::Admin,
            origin: ActorOrigin::System,
            address: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_covers_itself_and_what_is_below() {
        let covered = |role: AdminRole| AdminRole::ALL.map(|needed| role.covers(needed));
        assert_eq!(covered(AdminRole::Admin), [true, true, true]);
        assert_eq!(covered(AdminRole::Finance), [false, true, true]);
        assert_eq!(covered(AdminRole::Viewer), [false, false, true]);
        for role in AdminRole::ALL {
            assert_eq!(AdminRole::from_name(role.as_str()), Some(role));
        }
        assert_eq!(AdminRole::from_name("root"), None);
    }
}
