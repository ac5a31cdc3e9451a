//! Secrets from files and standard input, never from the command line.

use std::io::Read;
use std::path::Path;

use anyhow::{Context as _, Result};
use secrecy::SecretString;

use super::failure::Failure;

/// Reads a secret; - is standard input. Blanks and line ends around it are no part of it.
pub(super) fn read(file: &Path) -> Result<SecretString> {
    let text = text(file)?;
    let secret = text.trim();
    if secret.is_empty() {
        return Err(Failure::usage(format!("{} holds no secret", file.display())));
    }
    Ok(secret.to_owned().into())
}

/// Reads a text; - is standard input.
pub(super) fn text(file: &Path) -> Result<String> {
    if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .context("reading standard input")?;
        return Ok(text);
    }
    std::fs::read_to_string(file)
        .map_err(|error| Failure::usage(format!("{} cannot be read: {error}", file.display())))
}
