//! `deny.toml`, the part of it that the checks here enforce themselves.

use serde::Deserialize;

/// The dependency policy. Fields of cargo-deny that no check here knows are left to it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Policy {
    pub(crate) graph: Graph,
    pub(crate) licenses: Licenses,
    pub(crate) bans: Bans,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Graph {
    /// Target triples the workspace is built for.
    pub(crate) targets: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Licenses {
    /// SPDX identifiers, those with an exception in full.
    pub(crate) allow: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Bans {
    pub(crate) deny: Vec<CrateRule>,
    pub(crate) skip: Vec<CrateRule>,
}

/// A crate, as `name` or `name@version`, and why it is listed.
#[derive(Debug, Deserialize)]
pub(crate) struct CrateRule {
    #[serde(rename = "crate")]
    pub(crate) spec: String,
    #[serde(default)]
    pub(crate) reason: String,
}

impl Policy {
    /// Reads the file's text.
    pub(crate) fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}

#[cfg(test)]
mod tests {
    use super::Policy;

    #[test]
    fn unknown_fields_of_cargo_deny_are_ignored_and_known_ones_read() {
        let policy = Policy::parse(
            "[bans]\nwildcards = \"deny\"\nskip = [{ crate = \"a@1.0.0\", reason = \"b needs it\" }]\n\
             [licenses]\nallow = [\"MIT\"]",
        )
        .unwrap();
        assert_eq!(policy.licenses.allow, ["MIT"]);
        assert_eq!(policy.bans.skip[0].spec, "a@1.0.0");
        assert_eq!(policy.bans.skip[0].reason, "b needs it");
        assert!(policy.bans.deny.is_empty());
    }
}
