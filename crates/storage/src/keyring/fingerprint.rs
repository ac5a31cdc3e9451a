//! Telling credentials apart without revealing them.

use ring::digest::{SHA256, digest};
use secrecy::{ExposeSecret, SecretString};

const BYTES: usize = 8;

/// The first 16 hex digits of the secret's SHA-256.
pub(crate) fn fingerprint(secret: &SecretString) -> String {
    let hash = digest(&SHA256, secret.expose_secret().as_bytes());
    hex::encode(hash.as_ref().get(..BYTES).unwrap_or_default())
}
