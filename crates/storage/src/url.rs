//! Which database.

use std::path::PathBuf;

use ::url::form_urlencoded;
use tokio_postgres::config::SslMode;

use crate::error::StorageError;
use crate::pg::{Roots, Security};

/// A parsed database URL.
pub(crate) enum DatabaseUrl {
    /// A file.
    Sqlite(PathBuf),
    /// A server.
    Postgres {
        /// Everything but the certificates.
        config: Box<tokio_postgres::Config>,
        /// The certificates.
        security: Security,
    },
}

impl DatabaseUrl {
    /// Reads `postgres://…` or the path of a `SQLite` file (`data/tollgate.db`, `sqlite:///var/lib/x.db`).
    pub(crate) fn parse(url: &str) -> Result<Self, StorageError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return postgres(url);
        }
        let path = ["sqlite://", "sqlite:"]
            .iter()
            .find_map(|scheme| url.strip_prefix(scheme))
            .unwrap_or(url);
        if path.is_empty() || path == ":memory:" || path.contains("://") {
            return Err(problem(
                "it is neither a file nor a PostgreSQL URL (for example \"sqlite:///var/lib/tollgate/tollgate.db\" \
                 or \"postgres://user@host/tollgate\")",
            ));
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }
}

/// Takes out what the driver does not know (`verify-ca`, `verify-full`, `sslrootcert`) and hands it the rest.
fn postgres(url: &str) -> Result<DatabaseUrl, StorageError> {
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let (mut mode, mut roots, mut rest) = (None, None, Vec::new());
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = form_urlencoded::parse(pair.as_bytes()).next().unwrap_or_default();
        match name.as_ref() {
            "sslmode" => mode = Some(value.into_owned()),
            "sslrootcert" if value == "system" => roots = Some(Roots::System),
            "sslrootcert" => roots = Some(Roots::File(PathBuf::from(value.into_owned()))),
            _ => rest.push(pair),
        }
    }
    // The driver's error may quote the URL.
    let parsed = format!("{address}?{}", rest.join("&")).parse::<tokio_postgres::Config>();
    let mut config = parsed.map_err(|_| {
        problem("it is not a PostgreSQL URL (for example \"postgres://user:password@host:5432/tollgate\")")
    })?;
    let (driver_mode, security) = match (mode.as_deref().unwrap_or("prefer"), roots) {
        ("disable", _) => (SslMode::Disable, Security::Disabled),
        ("allow" | "prefer", _) => (SslMode::Prefer, Security::Encrypted),
        ("require", None) => (SslMode::Require, Security::Encrypted),
        // As libpq does: with an authority at hand, `require` checks it.
        ("require" | "verify-ca", Some(roots)) => (SslMode::Require, Security::Authority(roots)),
        ("verify-ca", None) => (SslMode::Require, Security::Authority(Roots::System)),
        ("verify-full", roots) => (SslMode::Require, Security::Host(roots.unwrap_or(Roots::System))),
        _ => {
            return Err(problem(
                "sslmode is one of disable, prefer, require, verify-ca, verify-full",
            ));
        }
    };
    config.ssl_mode(driver_mode);
    Ok(DatabaseUrl::Postgres {
        config: Box::new(config),
        security,
    })
}

fn problem(problem: &str) -> StorageError {
    StorageError::Url {
        problem: problem.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn security(query: &str) -> Security {
        match DatabaseUrl::parse(&format!("postgres://u:p@h:5433/d?{query}")) {
            Ok(DatabaseUrl::Postgres { security, .. }) => security,
            _ => panic!("{query}"),
        }
    }

    #[test]
    fn sslmode_decides_what_is_verified() {
        let file = || Roots::File("/a b/ca.pem".into());
        assert_eq!(security(""), Security::Encrypted);
        assert_eq!(security("sslmode=disable"), Security::Disabled);
        assert_eq!(security("sslmode=require"), Security::Encrypted);
        assert_eq!(
            security("sslmode=require&sslrootcert=/a%20b/ca.pem"),
            Security::Authority(file())
        );
        assert_eq!(
            security("sslrootcert=/a%20b/ca.pem&sslmode=verify-full"),
            Security::Host(file())
        );
        assert_eq!(
            security("sslmode=verify-ca&sslrootcert=system"),
            Security::Authority(Roots::System)
        );
    }

    #[test]
    fn other_parameters_reach_the_driver() {
        let url = "postgres://u@h/d?connect_timeout=3&sslmode=verify-full&application_name=x";
        let Ok(DatabaseUrl::Postgres { config, .. }) = DatabaseUrl::parse(url) else {
            panic!("not parsed")
        };
        assert_eq!(config.get_application_name(), Some("x"));
        assert_eq!(config.get_ssl_mode(), SslMode::Require);
    }

    #[test]
    fn sqlite_is_a_path_with_or_without_scheme() {
        for (url, path) in [
            ("sqlite:///var/x.db", "/var/x.db"),
            ("sqlite:x.db", "x.db"),
            ("data/x.db", "data/x.db"),
        ] {
            let Ok(DatabaseUrl::Sqlite(parsed)) = DatabaseUrl::parse(url) else {
                panic!("{url}")
            };
            assert_eq!(parsed.to_string_lossy(), path);
        }
    }

    #[test]
    fn what_is_no_database_is_refused_without_repeating_the_password() {
        for url in [
            "",
            "sqlite::memory:",
            "mysql://u:secret@h/d",
            "postgres://u:secret@h:x/d",
        ] {
            let error = DatabaseUrl::parse(url)
                .err()
                .map(|error| error.to_string())
                .unwrap();
            assert!(!error.contains("secret"), "{error}");
        }
        let error = DatabaseUrl::parse("postgres://h/d?sslmode=on")
            .err()
            .map(|error| error.to_string());
        assert!(error.unwrap().contains("verify-full"));
    }
}
