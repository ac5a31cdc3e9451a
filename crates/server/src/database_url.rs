//! Database URLs in messages.

/// The URL with its password hidden, fit to be shown.
pub(crate) fn masked(url: &str) -> String {
    let Ok(mut parsed) = url::Url::parse(url) else {
        return url.to_owned();
    };
    let mut hidden = true;
    let mut touched = false;
    if parsed.password().is_some() {
        touched = true;
        hidden &= parsed.set_password(Some(MASK)).is_ok();
    }
    // At a web server the name alone may be a token.
    if matches!(parsed.scheme(), "http" | "https") && !parsed.username().is_empty() {
        touched = true;
        hidden &= parsed.set_username(MASK).is_ok();
    }
    let pairs: Vec<(String, String)> = parsed.query_pairs().into_owned().collect();
    if pairs.iter().any(|(name, _)| is_secret(name)) {
        touched = true;
        let mut query = parsed.query_pairs_mut();
        query.clear();
        for (name, value) in &pairs {
            query.append_pair(name, if is_secret(name) { MASK } else { value });
        }
    }
    match (touched, hidden) {
        (false, _) => url.to_owned(),
        (true, true) => parsed.to_string(),
        // Only for URLs that can have neither, which this one has.
        (true, false) => MASK.to_owned(),
    }
}

const MASK: &str = "***";

/// Whether a parameter of this name may hold a secret.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["pass", "secret", "token", "key", "sig"]
        .iter()
        .any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn the_password_is_masked_and_nothing_else() {
        assert_eq!(
            masked("postgres://me:secret@db/x?sslmode=require"),
            "postgres://me:***@db/x?sslmode=require"
        );
        assert_eq!(masked("sqlite:data/x.sqlite"), "sqlite:data/x.sqlite");
        assert_eq!(
            masked("postgres://db/x?password=secret&sslmode=require"),
            "postgres://db/x?password=***&sslmode=require"
        );
        assert_eq!(
            masked("https://token@example.com/map.json?access_token=abc"),
            "https://***@example.com/map.json?access_token=***"
        );
    }
}
