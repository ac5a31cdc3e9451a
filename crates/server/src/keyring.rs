//! Where the key that seals credentials comes from.

use std::path::Path;

use anyhow::{Context, Result, bail};
use secrecy::ExposeSecret;
use tollgate_storage::Keyring;

use crate::private_file;

const VARIABLE: &str = "TOLLGATE_SECRET_KEY";
const FILE: &str = "secret.key";

/// Written at every start; where it is, a key has been in use.
const SEALED: &str = "last-known.sealed";

/// The keyring: from the environment (`TOLLGATE_SECRET_KEY`, base64 of 32 bytes; older keys behind it, separated
/// by commas), or for an embedded database from a generated file in the data directory.
///
/// # Errors
/// On PostgreSQL the key must be given, since a key generated on one replica could not read what another sealed.
pub(crate) fn load(data_dir: &Path, embedded: bool) -> Result<Keyring> {
    if let Ok(text) = std::env::var(VARIABLE) {
        return parse(&text).with_context(|| format!("{VARIABLE} is not usable; {}", how_to()));
    }
    if !embedded {
        bail!(
            "{VARIABLE} is not set: with PostgreSQL the key that seals upstream credentials must be given; {}",
            how_to()
        );
    }
    let path = data_dir.join(FILE);
    if path.exists() {
        let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        return parse(&text).with_context(|| format!("{} is damaged", path.display()));
    }
    let sealed = data_dir.join(SEALED);
    if sealed.exists() {
        bail!(
            "{} is missing, but what it sealed is there: put it back, or set {VARIABLE} if the key came \
             from there. If it is lost, delete {} to begin with a new \
             key; upstream credentials in the database then have to be entered again",
            path.display(),
            sealed.display()
        );
    }
    let key = Keyring::generate().context("generating a key")?;
    private_file::write(&path, format!("{}\n", key.expose_secret()).as_bytes())?;
    parse(key.expose_secret())
}

/// The first key seals; the others, after commas, still open what they sealed.
fn parse(text: &str) -> Result<Keyring> {
    let mut keys = text.split(',').map(str::trim);
    Ok(Keyring::from_base64(keys.next().unwrap_or_default(), keys)?)
}

fn how_to() -> String {
    format!(
        "make one with `gateway secrets new-key` (or `openssl rand -base64 32`) and set {VARIABLE} to it on every replica"
    )
}
