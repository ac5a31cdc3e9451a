//! Failed attempts to come in: who tries too often has to wait. Kept in memory, within bounds.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use tollgate_domain::Timestamp;

/// Failures of an address before it has to wait.
const FREE: u32 = 5;
/// The longest wait of an address, in seconds; the first is one second, and each failure doubles it.
const LONGEST_WAIT: i64 = 300;
/// An address that has not failed for so long starts anew.
const FORGET: TimeDelta = TimeDelta::minutes(15);
/// Addresses remembered at most; beyond that the one whose last failure is the oldest is forgotten.
const ADDRESSES: usize = 4_096;
/// Failures of all addresses together within [`WINDOW`] before everybody unknown has to wait.
const TOGETHER: u32 = 100;
const WINDOW: TimeDelta = TimeDelta::seconds(10);

/// Who failed, and how often.
#[derive(Debug, Default)]
pub(super) struct Attempts(Mutex<Table>);

#[derive(Debug, Default)]
struct Table {
    by_address: HashMap<IpAddr, Failures>,
    together: u32,
    window: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Timestamp,
}

impl Attempts {
    /// Whether somebody at this address may try; otherwise in how many seconds. Where no address is known nobody waits.
    pub(super) fn allow(&self, address: Option<IpAddr>, now: Timestamp) -> Result<(), i64> {
        let Some(address) = address else {
            return Ok(());
        };
        let table = self.table();
        let own = table
            .by_address
            .get(&network(address))
            .map_or(0, |failures| failures.wait(now));
        let all = match table.window {
            Some(start) if table.together >= TOGETHER => seconds_until(start + WINDOW, now),
            _ => 0,
        };
        match own.max(all) {
            0 => Ok(()),
            wait => Err(wait),
        }
    }

    /// Notes a failure of an address.
    pub(super) fn failed(&self, address: Option<IpAddr>, now: Timestamp) {
        let Some(address) = address.map(network) else {
            return;
        };
        let mut table = self.table();
        table.count_together(now);
        table.make_room(address, now);
        let failures = table
            .by_address
            .entry(address)
            .or_insert(Failures { count: 0, last: now });
        if now - failures.last > FORGET {
            failures.count = 0;
        }
        failures.count = failures.count.saturating_add(1);
        failures.last = now;
    }

    /// Notes a failure that is no guess at a token, such as a cookie that ran out: it makes nobody wait alone.
    pub(super) fn stumbled(&self, address: Option<IpAddr>, now: Timestamp) {
        if address.is_some() {
            self.table().count_together(now);
        }
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn count_together(&mut self, now: Timestamp) {
        if self.window.is_none_or(|start| now - start >= WINDOW) {
            self.window = Some(now);
            self.together = 0;
        }
        self.together = self.together.saturating_add(1);
    }

    fn make_room(&mut self, address: IpAddr, now: Timestamp) {
        if self.by_address.len() < ADDRESSES || self.by_address.contains_key(&address) {
            return;
        }
        self.by_address
            .retain(|_, failures| now - failures.last <= FORGET);
        if self.by_address.len() >= ADDRESSES {
            let oldest = self.by_address.iter().min_by_key(|(_, failures)| failures.last);
            if let Some(oldest) = oldest.map(|(address, _)| *address) {
                self.by_address.remove(&oldest);
            }
        }
    }
}

impl Failures {
    fn wait(self, now: Timestamp) -> i64 {
        if self.count < FREE || now - self.last > FORGET {
            return 0;
        }
        let doublings = (self.count - FREE).min(16);
        let wait = (1_i64 << doublings).min(LONGEST_WAIT);
        seconds_until(self.last + TimeDelta::seconds(wait), now)
    }
}

/// Whole seconds, rounded up; 0 once it has passed.
fn seconds_until(until: Timestamp, now: Timestamp) -> i64 {
    let millis = (until - now).num_milliseconds();
    if millis <= 0 { 0 } else { (millis + 999) / 1_000 }
}

/// Who can pick from a whole IPv6 network counts as one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn now() -> Timestamp {
        "2026-11-05T08:00:00Z".parse().unwrap()
    }

    fn address(n: u32) -> IpAddr {
        Ipv4Addr::from_bits(0x0a00_0000 + n).into()
    }

    #[test]
    fn after_five_failures_each_further_one_doubles_the_wait() {
        let attempts = Attempts::default();
        let mut at = now();
        for _ in 0..5 {
            assert_eq!(attempts.allow(Some(address(1)), at), Ok(()));
            attempts.failed(Some(address(1)), at);
        }
        for wait in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            assert_eq!(attempts.allow(Some(address(1)), at), Err(wait));
            assert_eq!(attempts.allow(Some(address(2)), at), Ok(()), "others do not wait");
            at += TimeDelta::seconds(wait);
            assert_eq!(attempts.allow(Some(address(1)), at), Ok(()));
            attempts.failed(Some(address(1)), at);
        }
        at += TimeDelta::minutes(16);
        attempts.failed(Some(address(1)), at);
        assert_eq!(attempts.allow(Some(address(1)), at), Ok(()), "all is forgotten");
    }

    #[test]
    fn many_addresses_together_make_everybody_wait_until_the_window_ends() {
        let attempts = Attempts::default();
        for n in 0..TOGETHER {
            attempts.failed(Some(address(n)), now());
        }
        assert_eq!(attempts.allow(Some(address(9_999)), now()), Err(10));
        let later = now() + WINDOW;
        assert_eq!(attempts.allow(Some(address(9_999)), later), Ok(()));
        attempts.stumbled(Some(address(1)), later);
        assert_eq!(attempts.allow(Some(address(9_999)), later), Ok(()));
    }

    #[test]
    fn no_more_than_the_bound_is_remembered() {
        let attempts = Attempts::default();
        for n in 0..10_000 {
            attempts.failed(Some(address(n)), now() + TimeDelta::milliseconds(i64::from(n)));
        }
        let table = attempts.table();
        assert_eq!(table.by_address.len(), ADDRESSES);
        assert!(table.by_address.contains_key(&address(9_999)));
        assert!(!table.by_address.contains_key(&address(0)));
    }

    #[test]
    fn a_v6_network_counts_as_one_and_a_mapped_address_as_the_v4_it_is() {
        let network_of = |text: &str| network(text.parse().unwrap());
        assert_eq!(network_of("2001:db8:1:2::3"), network_of("2001:db8:1:2:ffff::4"));
        assert_ne!(network_of("2001:db8:1:2::3"), network_of("2001:db8:1:3::3"));
        assert_eq!(network_of("::ffff:192.0.2.7"), network_of("192.0.2.7"));
    }
}
