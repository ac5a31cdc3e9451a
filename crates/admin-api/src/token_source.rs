//! Where the secrets of new keys come from.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};
use secrecy::{ExposeSecret, SecretString};

/// Bytes of randomness in a token.
const TOKEN_BYTES: usize = 32;

/// Makes the tokens of new keys.
pub trait TokenSource: Send + Sync {
    /// A fresh token: `tg-` and at least 256 bits of randomness in URL-safe characters.
    ///
    /// # Errors
    /// [`RandomnessUnavailable`] when the operating system gives none.
    fn new_token(&self) -> Result<SecretString, RandomnessUnavailable>;

    /// A fresh admin token: the same with `tga-` in front, so that nobody takes one for the other.
    ///
    /// # Errors
    /// [`RandomnessUnavailable`] when the operating system gives none.
    fn new_admin_token(&self) -> Result<SecretString, RandomnessUnavailable> {
        let token = self.new_token()?;
        let token = token.expose_secret();
        let random = token.strip_prefix("tg-").unwrap_or(token);
        Ok(format!("tga-{random}").into())
    }
}

/// Tokens from the operating system's randomness.
#[derive(Debug, Clone)]
pub struct SystemTokens(SystemRandom);

/// The operating system gave no randomness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no randomness for a new token")]
pub struct RandomnessUnavailable;

impl SystemTokens {
    /// Asks the operating system.
    pub fn new() -> Self {
        Self(SystemRandom::new())
    }
}

impl Default for SystemTokens {
    fn default() -> Self {
        Self::new()
    }
}

impl TokenSource for SystemTokens {
    fn new_token(&self) -> Result<SecretString, RandomnessUnavailable> {
        let mut bytes = [0_u8; TOKEN_BYTES];
        self.0.fill(&mut bytes).map_err(|_| RandomnessUnavailable)?;
        Ok(format!("tg-{}", URL_SAFE_NO_PAD.encode(bytes)).into())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn tokens_are_prefixed_long_and_never_repeat() {
        let source = SystemTokens::new();
        let tokens: HashSet<String> = (0..100)
            .map(|_| source.new_token().unwrap().expose_secret().to_owned())
            .collect();
        assert_eq!(tokens.len(), 100);
        for token in tokens {
            let random = token.strip_prefix("tg-").unwrap();
            assert_eq!(URL_SAFE_NO_PAD.decode(random).unwrap().len(), TOKEN_BYTES);
        }
    }
}
