//! Whom to trust: Mozilla's list and the system's.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};

/// TLS on ring, with the roots everything else here uses too.
///
/// # Errors
/// Where the library does not know its own defaults.
pub(super) fn config() -> Result<ClientConfig, rustls::Error> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let (_, _) = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}
