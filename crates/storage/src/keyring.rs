//! Sealing keys: credentials are stored encrypted and authenticated.

mod fingerprint;

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use secrecy::{ExposeSecret, SecretString};

use crate::error::StorageError;

pub(crate) use fingerprint::fingerprint;

/// The key that seals, and older ones that still open. Sealed values carry the id of their key; each is bound to
/// the row and column it is stored in, so that one cannot be copied to another place.
#[derive(Clone)]
pub struct Keyring {
    active: SealingKey,
    older: Vec<SealingKey>,
}

#[derive(Clone)]
struct SealingKey {
    id: String,
    key: LessSafeKey,
}

/// The form of a sealed value: `tg1.<key id>.<base64 of nonce and ciphertext>`.
const FORM: &str = "tg1";
const KEY_BYTES: usize = 32;
const ID_BYTES: usize = 4;

impl Keyring {
    /// Keys of 32 bytes in base64: the one that seals, and older ones that still open.
    ///
    /// # Errors
    /// [`StorageError::SealingKey`] for anything but 32 bytes in base64.
    pub fn from_base64<'a>(
        active: &str,
        older: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, StorageError> {
        Ok(Self {
            active: SealingKey::from_base64(active)?,
            older: older
                .into_iter()
                .map(SealingKey::from_base64)
                .collect::<Result<_, _>>()?,
        })
    }

    /// A new random key, in base64.
    ///
    /// # Errors
    /// [`StorageError::SealingKey`] when the system has no randomness.
    pub fn generate() -> Result<SecretString, StorageError> {
        let bytes: [u8; KEY_BYTES] = random()?;
        Ok(STANDARD_NO_PAD.encode(bytes).into())
    }

    /// The id of the key that seals: the first 8 hex digits of its SHA-256.
    pub fn active_id(&self) -> &str {
        &self.active.id
    }

    /// Seals a secret for one place, such as `upstreams.credential/<id>`.
    ///
    /// # Errors
    /// [`StorageError::SealingKey`] when the system has no randomness.
    pub fn seal(&self, place: &str, secret: &SecretString) -> Result<String, StorageError> {
        let nonce: [u8; NONCE_LEN] = random()?;
        let mut sealed = secret.expose_secret().as_bytes().to_vec();
        let key = &self.active.key;
        key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(place.as_bytes()),
            &mut sealed,
        )
        .map_err(|_| StorageError::SealingKey {
            problem: "the secret is too long",
        })?;
        let bytes: Vec<u8> = nonce.into_iter().chain(sealed).collect();
        Ok(format!(
            "{FORM}.{}.{}",
            self.active.id,
            STANDARD_NO_PAD.encode(bytes)
        ))
    }

    /// Opens what was sealed for the same place by any of the keys.
    ///
    /// # Errors
    /// [`StorageError::Unsealable`] when the key is not here, or the value was altered or moved.
    pub fn open(&self, place: &str, sealed: &str) -> Result<SecretString, StorageError> {
        let unsealable = |problem: &str| StorageError::Unsealable {
            problem: problem.to_owned(),
        };
        let (id, body) = parts(sealed).ok_or_else(|| unsealable("it is not a sealed value"))?;
        let mut keys = std::iter::once(&self.active).chain(&self.older);
        let key = keys.find(|key| key.id == id).ok_or_else(|| {
            unsealable(&format!(
                "it was sealed with key {id}, which is not among the configured ones: put that key back, behind \
                 the new one after a comma in TOLLGATE_SECRET_KEY, then run `gateway secrets rotate`"
            ))
        })?;
        let bytes = STANDARD_NO_PAD.decode(body).unwrap_or_default();
        let altered = || unsealable("it was altered, or belongs elsewhere");
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LEN>().ok_or_else(altered)?;
        let mut sealed = sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = key
            .key
            .open_in_place(nonce, Aad::from(place.as_bytes()), &mut sealed);
        let opened = opened.map_err(|_| altered())?;
        let text = std::str::from_utf8(opened).map_err(|_| altered())?;
        Ok(text.into())
    }

    /// Whether the active key sealed this.
    pub(crate) fn is_current(&self, sealed: &str) -> bool {
        parts(sealed).is_some_and(|(id, _)| id == self.active.id)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring")
            .field("active", &self.active.id)
            .field("older", &self.older.len())
            .finish_non_exhaustive()
    }
}

impl SealingKey {
    fn from_base64(text: &str) -> Result<Self, StorageError> {
        let malformed = || StorageError::SealingKey {
            problem: "it is not 32 bytes in base64 (`openssl rand -base64 32` makes one)",
        };
        let bytes = STANDARD_NO_PAD
            .decode(text.trim().trim_end_matches('='))
            .map_err(|_| malformed())?;
        let key = UnboundKey::new(&CHACHA20_POLY1305, &bytes).map_err(|_| malformed())?;
        let hash = digest(&SHA256, &bytes);
        let id = hex::encode(hash.as_ref().get(..ID_BYTES).unwrap_or_default());
        Ok(Self {
            id,
            key: LessSafeKey::new(key),
        })
    }
}

fn parts(sealed: &str) -> Option<(&str, &str)> {
    sealed.strip_prefix(FORM)?.strip_prefix('.')?.split_once('.')
}

fn random<const N: usize>() -> Result<[u8; N], StorageError> {
    let mut bytes = [0; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| StorageError::SealingKey {
            problem: "the system has no randomness",
        })?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> String {
        Keyring::generate().unwrap().expose_secret().to_owned()
    }

    #[test]
    fn a_sealed_value_opens_in_its_place_only() {
        let keyring = Keyring::from_base64(&key(), []).unwrap();
        let sealed = keyring
            .seal("upstreams.credential/1", &"sk-secret".into())
            .unwrap();
        assert!(!sealed.contains("secret"));
        let opened = keyring.open("upstreams.credential/1", &sealed).unwrap();
        assert_eq!(opened.expose_secret(), "sk-secret");
        let moved = keyring.open("upstreams.credential/2", &sealed).unwrap_err();
        assert!(moved.to_string().contains("elsewhere"), "{moved}");
        let altered = format!("{}A", &sealed[..sealed.len() - 1]);
        let altered = if altered == sealed {
            format!("{}B", &sealed[..sealed.len() - 1])
        } else {
            altered
        };
        assert!(keyring.open("upstreams.credential/1", &altered).is_err());
    }

    #[test]
    fn older_keys_open_and_the_active_one_seals() {
        let (old, new) = (key(), key());
        let before = Keyring::from_base64(&old, []).unwrap();
        let sealed = before.seal("x", &"s".into()).unwrap();
        let after = Keyring::from_base64(&new, [old.as_str()]).unwrap();
        assert_eq!(after.open("x", &sealed).unwrap().expose_secret(), "s");
        assert!(!after.is_current(&sealed));
        assert!(after.is_current(&after.seal("x", &"s".into()).unwrap()));
        let without = Keyring::from_base64(&new, []).unwrap();
        let error = without.open("x", &sealed).unwrap_err().to_string();
        assert!(error.contains(before.active_id()), "{error}");
    }

    #[test]
    fn a_key_is_32_bytes_and_never_shown() {
        assert!(Keyring::from_base64("c2hvcnQ=", []).is_err());
        assert!(Keyring::from_base64("not base64!", []).is_err());
        let text = key();
        let shown = format!("{:?}", Keyring::from_base64(&text, []).unwrap());
        assert!(!shown.contains(&text), "{shown}");
    }
}
