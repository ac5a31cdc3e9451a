//! The settings of who comes in to the admin API and the console.

use std::net::IpAddr;

use anyhow::{Context, Result};
use chrono::TimeDelta;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use tollgate_admin_api::AccessPolicy;

use super::check::range;

/// As many proxies as anybody names one by one.
const MAX_PROXIES: usize = 100;
/// The longest a session may last: 30 days.
const MAX_MINUTES: u64 = 30 * 24 * 60;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AccessSection {
    /// A session at the console ends when it has not been used for so long.
    pub(crate) session_idle_minutes: u64,
    /// It ends after so long, used or not.
    pub(crate) session_max_minutes: u64,
    /// Reverse proxies, by address or network, whose `x-forwarded-for` is believed.
    pub(crate) trusted_proxies: Vec<String>,
}

impl Default for AccessSection {
    fn default() -> Self {
        Self {
            session_idle_minutes: 2 * 60,
            session_max_minutes: 12 * 60,
            trusted_proxies: Vec::new(),
        }
    }
}

impl AccessSection {
    /// What the admin API goes by.
    ///
    /// # Errors
    /// When a setting is not valid; they are checked on loading.
    pub(crate) fn policy(&self) -> Result<AccessPolicy> {
        let minutes = |count: u64| i64::try_from(count).ok().and_then(TimeDelta::try_minutes);
        let proxies = self.trusted_proxies.iter();
        let proxies: Option<Vec<IpNet>> = proxies.map(|text| network(text)).collect();
        Ok(AccessPolicy {
            session_idle: minutes(self.session_idle_minutes).context("access.session_idle_minutes")?,
            session_length: minutes(self.session_max_minutes).context("access.session_max_minutes")?,
            trusted_proxies: proxies.context("access.trusted_proxies")?.into(),
        })
    }
}

pub(super) fn check(faults: &mut Vec<String>, access: &AccessSection) {
    let (idle, longest) = (access.session_idle_minutes, access.session_max_minutes);
    range(faults, "access.session_idle_minutes", idle, 1, MAX_MINUTES);
    range(faults, "access.session_max_minutes", longest, 1, MAX_MINUTES);
    if idle > longest {
        faults.push(format!(
            "access.session_idle_minutes = {idle} is longer than access.session_max_minutes = {longest}; for example \
             access.session_idle_minutes = {longest}"
        ));
    }
    let count = access.trusted_proxies.len();
    if count > MAX_PROXIES {
        faults.push(format!(
            "access.trusted_proxies names {count}, at most {MAX_PROXIES} are allowed; for example name their network, \
             [\"10.0.0.0/8\"]"
        ));
    }
    for text in &access.trusted_proxies {
        match network(text) {
            None => faults.push(format!(
                "access.trusted_proxies has {text:?}, which is neither an address nor a network; for example \
                 [\"127.0.0.1\", \"10.0.0.0/8\"]"
            )),
            Some(network) if network.prefix_len() == 0 => faults.push(format!(
                "access.trusted_proxies has {text:?}, which is everybody: whoever connects could name any address; for \
                 example [\"10.0.0.0/8\"]"
            )),
            Some(_) => {}
        }
    }
}

/// A network, or an address alone.
fn network(text: &str) -> Option<IpNet> {
    let alone = || text.parse::<IpAddr>().ok().map(IpNet::from);
    text.parse().ok().or_else(alone)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(change: impl FnOnce(&mut AccessSection)) -> String {
        let (mut section, mut faults) = (AccessSection::default(), Vec::new());
        change(&mut section);
        check(&mut faults, &section);
        faults.join("\n")
    }

    #[test]
    fn the_defaults_are_valid_and_trust_nobody() {
        assert_eq!(faults(|_| ()), "");
        let policy = AccessSection::default().policy().unwrap();
        assert_eq!(policy.session_idle, TimeDelta::hours(2));
        assert_eq!(policy.session_length, TimeDelta::hours(12));
        assert!(policy.trusted_proxies.is_empty());
    }

    #[test]
    fn proxies_are_addresses_or_networks() {
        let section = AccessSection {
            trusted_proxies: ["127.0.0.1", "10.0.0.0/8", "fd00::/8"].map(str::to_owned).into(),
            ..AccessSection::default()
        };
        let policy = section.policy().unwrap();
        let shown: Vec<String> = policy.trusted_proxies.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["127.0.0.1/32", "10.0.0.0/8", "fd00::/8"]);
    }

    #[test]
    fn each_fault_names_the_key_the_value_and_an_example() {
        for (text, says) in [
            ("proxy.internal", "neither an address nor a network"),
            ("10.0.0.0/33", "neither an address nor a network"),
            ("0.0.0.0/0", "everybody"),
            ("::/0", "everybody"),
        ] {
            let fault = faults(|section| section.trusted_proxies = vec![text.to_owned()]);
            assert!(
                fault.contains(says) && fault.contains(text) && fault.contains("10.0.0.0/8"),
                "{fault}"
            );
        }
        let many = faults(|section| section.trusted_proxies = vec!["10.0.0.1".to_owned(); 101]);
        assert!(many.contains("names 101"), "{many}");
        let longer = faults(|section| section.session_idle_minutes = 721);
        assert!(longer.contains("access.session_idle_minutes = 720"), "{longer}");
        for minutes in [0, 43_201] {
            let fault = faults(|section| {
                section.session_idle_minutes = minutes;
                section.session_max_minutes = minutes;
            });
            assert!(
                fault.contains("session_idle_minutes") && fault.contains("session_max_minutes"),
                "{fault}"
            );
            assert!(fault.contains("outside 1..=43200"), "{fault}");
        }
    }
}
