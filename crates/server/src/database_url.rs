//! Database URLs in messages.

/// The URL with its password hidden, fit to be shown.
pub(crate) fn masked(url: &str) -> String {
    match url::Url::parse(url) {
        Ok(mut parsed) if parsed.password().is_some() => {
            // Fails only for URLs that cannot have a password, which this one has.
            if parsed.set_password(Some("***")).is_err() {
                "***".to_owned()
            } else {
                parsed.to_string()
            }
        }
        _ => url.to_owned(),
    }
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
    }
}
