//! Whom the forwarder trusts.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};

/// TLS with the system's roots and a bundled set, so that it works in an empty container and behind a company's
/// own authority alike.
pub(super) fn config() -> Result<ClientConfig, rustls::Error> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let native = rustls_native_certs::load_native_certs();
    let (added, ignored) = roots.add_parsable_certificates(native.certs);
    tracing::debug!(
        added,
        ignored,
        failed = native.errors.len(),
        "system certificates loaded"
    );
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
