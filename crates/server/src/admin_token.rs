//! The first admin token.

use std::io::IsTerminal;
use std::path::Path;

use anyhow::{Context, Result, bail};
use base64::Engine;
use ring::rand::{SecureRandom, SystemRandom};
use tollgate_domain::ports::{AdminToken, TokenStore};
use tollgate_domain::{Actor, AdminRole, AdminTokenId, Clock, IdSource};

use crate::{logging, private_file};

const VARIABLE: &str = "TOLLGATE_ADMIN_TOKEN";
const FILE: &str = "admin-token";
const MIN_LENGTH: usize = 20;

/// Makes sure the installation has an admin token: the one in the environment, or at the very first start a
/// generated one, stored hashed, written to a 0600 file and echoed only to a terminal.
///
/// # Errors
/// When the given token is too short, or database or data directory fail.
pub(crate) async fn ensure(
    store: &dyn TokenStore,
    data_dir: &Path,
    clock: &dyn Clock,
    ids: &dyn IdSource,
) -> Result<()> {
    let row = |name: &str, token: &str| {
        let (id, now) = (AdminTokenId::new(ids.new_id(clock.now())), clock.now());
        AdminToken::new(id, name, token, AdminRole::Admin, now)
    };
    let actor = Actor::system("start");
    if let Ok(token) = std::env::var(VARIABLE) {
        if token.len() < MIN_LENGTH {
            bail!(
                "{VARIABLE} is {} characters long; it needs at least {MIN_LENGTH}, for example from `openssl rand -hex 32`",
                token.len()
            );
        }
        return store
            .put_admin_token(row("environment", &token), &actor)
            .await
            .context("storing the admin token");
    }
    // The file comes first: a token that the database knows but nobody can read would lock everyone out.
    let path = data_dir.join(FILE);
    let kept = std::fs::read_to_string(&path)
        .ok()
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty());
    let made_now = kept.is_none();
    let token = kept.map_or_else(generate, Ok)?;
    if made_now {
        private_file::write(&path, format!("{token}\n").as_bytes())?;
    }
    let first = store
        .create_first_admin_token(row("admin", &token), &actor)
        .await
        .context("storing the admin token")?;
    if first {
        announce(&path, &token);
    } else if made_now {
        std::fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
    }
    Ok(())
}

fn announce(path: &Path, token: &str) {
    if std::io::stdout().is_terminal() {
        logging::say(&format!("admin token (also in {}): {token}", path.display()));
    } else {
        logging::say(&format!("admin token written to {}", path.display()));
    }
}

fn generate() -> Result<String> {
    let mut bytes = [0_u8; 32];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| anyhow::anyhow!("the system gives no randomness"))?;
    Ok(format!(
        "tga-{}",
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
    ))
}
