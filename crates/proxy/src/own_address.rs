//! Where the gateway itself was asked, as its client sees it.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use http::header::HOST;
use http::{HeaderMap, request};
use ipnet::IpNet;

/// The address of a request, without its query. What stands before the gateway is heard only where it is trusted: a client
/// could name any address otherwise, and have others led there.
pub(crate) fn as_called(head: &request::Parts, trusted: &[IpNet]) -> String {
    let peer = head.extensions.get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map(|ConnectInfo(address)| address.ip().to_canonical());
    let behind = peer.is_some_and(|peer| trusted.iter().any(|network| network.contains(&peer)));
    let forwarded = |name: &str| first(&head.headers, name).filter(|_| behind);
    let secure = forwarded("x-forwarded-proto").is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"));
    let scheme = if secure { "https" } else { "http" };
    let own = head.uri.authority().map(http::uri::Authority::as_str);
    let host = forwarded("x-forwarded-host")
        .or_else(|| first(&head.headers, HOST.as_str()))
        .or(own);
    format!("{scheme}://{}{}", host.unwrap_or_default(), head.uri.path())
}

/// The first of the values in a header.
fn first<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let values = headers.get(name)?.to_str().ok()?;
    values
        .split(',')
        .next()
        .map(str::trim)
        .filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    const FORWARDED: [(&str, &str); 2] = [
        ("x-forwarded-host", "llm.example, inner.example"),
        ("x-forwarded-proto", "https, http"),
    ];

    /// The address of a request that comes from a peer, with proxies at `10.0.0.0/8`.
    fn address(peer: Option<&str>, headers: &[(&str, &str)]) -> String {
        let mut request = Request::builder().uri("/upload/v1beta/files?key=k");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (mut head, ()) = request.body(()).unwrap().into_parts();
        if let Some(peer) = peer {
            let peer: SocketAddr = peer.parse().unwrap();
            head.extensions.insert(ConnectInfo(peer));
        }
        as_called(&head, &["10.0.0.0/8".parse().unwrap()])
    }

    #[test]
    fn a_trusted_proxy_says_where_its_client_asked() {
        let named = [FORWARDED.as_slice(), &[("host", "gateway:8787")]].concat();
        for proxy in ["10.0.0.1:4000", "[::ffff:10.0.0.1]:4000"] {
            assert_eq!(
                address(Some(proxy), &named),
                "https://llm.example/upload/v1beta/files"
            );
        }
        assert_eq!(
            address(Some("10.0.0.1:4000"), &[("host", "gateway:8787")]),
            "http://gateway:8787/upload/v1beta/files"
        );
    }

    #[test]
    fn whoever_else_says_it_is_not_believed() {
        let named = [FORWARDED.as_slice(), &[("host", "gateway:8787")]].concat();
        for peer in [Some("192.0.2.7:4000"), None] {
            assert_eq!(address(peer, &named), "http://gateway:8787/upload/v1beta/files");
        }
    }
}
