//! TLS to `PostgreSQL`, by libpq's `sslmode`.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use crate::error::StorageError;

/// What is asked of the server's certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Security {
    /// `disable`: no TLS.
    Disabled,
    /// `prefer` and `require`: encrypted, whoever answers. The former falls back to no TLS.
    Encrypted,
    /// `verify-ca`: signed by a trusted authority.
    Authority(Roots),
    /// `verify-full`: and made out for the host.
    Host(Roots),
}

/// Who is trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Roots {
    /// The operating system's authorities, or Mozilla's where it has none.
    System,
    /// `sslrootcert`: those of a PEM file.
    File(PathBuf),
}

/// Checks less than a certificate's chain and name; what `sslmode` asks for short of `verify-full`.
#[derive(Debug)]
struct LenientVerifier {
    /// `None` accepts any certificate.
    chain: Option<Arc<WebPkiServerVerifier>>,
    algorithms: WebPkiSupportedAlgorithms,
}

/// The client side of TLS; `None` where there is none.
pub(super) fn client_config(security: &Security) -> Result<Option<ClientConfig>, StorageError> {
    let provider = Arc::new(ring::default_provider());
    let unusable = |error: rustls::Error| StorageError::Certificates {
        problem: error.to_string(),
    };
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(unusable)?;
    let chain = match security {
        Security::Disabled => return Ok(None),
        Security::Host(trusted) => {
            return Ok(Some(
                builder
                    .with_root_certificates(roots(trusted)?)
                    .with_no_client_auth(),
            ));
        }
        Security::Authority(trusted) => Some(chain_verifier(trusted, &provider)?),
        Security::Encrypted => None,
    };
    let verifier = LenientVerifier {
        chain,
        algorithms: provider.signature_verification_algorithms,
    };
    let config = builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(Some(config))
}

fn chain_verifier(
    trusted: &Roots,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, StorageError> {
    let roots = Arc::new(roots(trusted)?);
    WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(provider))
        .build()
        .map_err(|error| StorageError::Certificates {
            problem: error.to_string(),
        })
}

fn roots(trusted: &Roots) -> Result<RootCertStore, StorageError> {
    let mut store = RootCertStore::empty();
    match trusted {
        Roots::System => {
            let native = rustls_native_certs::load_native_certs();
            store.add_parsable_certificates(native.certs);
            if store.is_empty() {
                store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
            }
        }
        Roots::File(path) => {
            let unusable = |problem: String| StorageError::Certificates {
                problem: format!("sslrootcert {}: {problem}", path.display()),
            };
            let certificates =
                CertificateDer::pem_file_iter(path).map_err(|error| unusable(error.to_string()))?;
            for certificate in certificates {
                let certificate = certificate.map_err(|error| unusable(error.to_string()))?;
                store
                    .add(certificate)
                    .map_err(|error| unusable(error.to_string()))?;
            }
            if store.is_empty() {
                return Err(unusable("it holds no certificate".to_owned()));
            }
        }
    }
    Ok(store)
}

impl ServerCertVerifier for LenientVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(chain) = &self.chain else {
            return Ok(ServerCertVerified::assertion());
        };
        // The chain is checked before the name, so a wrong name means a right chain.
        match chain.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
