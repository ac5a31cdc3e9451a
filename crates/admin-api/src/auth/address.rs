//! Where a caller is.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use http::request::Parts;
use http::{Extensions, HeaderMap, HeaderName};
use ipnet::IpNet;

use crate::AdminState;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address of a caller; `None` where the connection has none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Address(pub(crate) Option<IpAddr>);

impl Address {
    /// Where a request comes from: the other end of the connection or, where that is a trusted proxy, who it says it
    /// speaks for.
    pub(crate) fn of(extensions: &Extensions, headers: &HeaderMap, trusted: &[IpNet]) -> Self {
        let connection = extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = connection.map(|ConnectInfo(address)| address.ip().to_canonical());
        Self(peer.map(|peer| behind(peer, headers, trusted)))
    }
}

/// Each proxy appends whom it was called by, so the list is read from its end: the first who is no trusted proxy is the
/// caller. What stands before that was written by the caller and says nothing.
fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut caller = peer;
    if !is_trusted(&caller) {
        return caller;
    }
    let values: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    let named = values.iter().rev().flat_map(|value| value.rsplit(','));
    for text in named {
        // A trusted proxy that says something else than an address knows of nobody before itself.
        let Some(address) = parse(text.trim()) else { break };
        caller = address;
        if !is_trusted(&caller) {
            break;
        }
    }
    caller
}

/// An address, with a port or without.
fn parse(text: &str) -> Option<IpAddr> {
    let bare = text.parse().ok();
    let with_port = || text.parse().ok().map(|address: SocketAddr| address.ip());
    let in_brackets = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let address: IpAddr = bare.or_else(with_port).or_else(in_brackets)?;
    Some(address.to_canonical())
}

impl FromRequestParts<AdminState> for Address {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AdminState) -> Result<Self, Self::Rejection> {
        let trusted = &state.access.trusted_proxies;
        Ok(Self::of(&parts.extensions, &parts.headers, trusted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The caller behind a connection, with proxies at `10.0.0.0/8` and `fd00::/8`.
    fn caller(peer: &str, forwarded: &[&str]) -> String {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        behind(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn a_trusted_proxy_names_the_caller() {
        assert_eq!(caller("10.0.0.1", &["192.0.2.7"]), "192.0.2.7");
        assert_eq!(caller("10.0.0.1", &["192.0.2.7:40000"]), "192.0.2.7");
        assert_eq!(caller("fd00::1", &["2001:db8::7"]), "2001:db8::7");
        assert_eq!(caller("fd00::1", &["[2001:db8::7]:40000"]), "2001:db8::7");
        assert_eq!(caller("fd00::1", &["[2001:db8::7]"]), "2001:db8::7");
        assert_eq!(caller("10.0.0.1", &["::ffff:192.0.2.7"]), "192.0.2.7");
    }

    #[test]
    fn what_the_caller_wrote_into_the_list_is_not_believed() {
        assert_eq!(caller("10.0.0.1", &["198.51.100.1, 192.0.2.7"]), "192.0.2.7");
        assert_eq!(caller("10.0.0.1", &["198.51.100.1", "192.0.2.7"]), "192.0.2.7");
        assert_eq!(caller("10.0.0.1", &["10.0.0.9, 192.0.2.7"]), "192.0.2.7");
        assert_eq!(caller("10.0.0.1", &["nonsense, 192.0.2.7"]), "192.0.2.7");
    }

    #[test]
    fn proxies_before_proxies_are_passed_over() {
        assert_eq!(
            caller("10.0.0.1", &["192.0.2.7, 10.0.0.3, 10.0.0.2"]),
            "192.0.2.7"
        );
        assert_eq!(caller("10.0.0.1", &["10.0.0.3, 10.0.0.2"]), "10.0.0.3");
        assert_eq!(caller("10.0.0.1", &["192.0.2.7, unknown, 10.0.0.2"]), "10.0.0.2");
    }

    #[test]
    fn a_stranger_speaks_only_for_itself() {
        assert_eq!(caller("192.0.2.9", &["198.51.100.1"]), "192.0.2.9");
        assert_eq!(caller("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(caller("10.0.0.1", &["unknown"]), "10.0.0.1");
    }
}
