//! TLS to `PostgreSQL`, migrations included.

use std::path::Path;
use std::process::Command;

use secrecy::ExposeSecret;
use tempfile::TempDir;
use tollgate_domain::ports::ConfigStore;
use tollgate_storage::{DatabaseConfig, Keyring, StorageError, connect, migrate};
use tollgate_testkit::postgres::PgCluster;

use crate::fixture::execute;

/// Runs `openssl`, which the server's own packages bring along.
fn openssl(directory: &Path, arguments: &[&str]) {
    let done = Command::new("openssl")
        .current_dir(directory)
        .args(arguments)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// An authority, and a certificate of its for `localhost`.
fn certificates(authority: &str) -> TempDir {
    let directory = TempDir::new().unwrap();
    let path = directory.path();
    let key = [
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
    ];
    let subject = format!("/CN={authority}");
    let authority = [&["req", "-x509", "-days", "2", "-subj", &subject], &key[..]].concat();
    openssl(
        path,
        &[&authority[..], &["-keyout", "ca.key", "-out", "ca.pem"]].concat(),
    );
    let request = [&["req", "-subj", "/CN=localhost"], &key[..]].concat();
    openssl(
        path,
        &[&request[..], &["-keyout", "server.key", "-out", "server.csr"]].concat(),
    );
    std::fs::write(path.join("san.cnf"), "subjectAltName=DNS:localhost\n").unwrap();
    openssl(
        path,
        &[
            "x509",
            "-req",
            "-in",
            "server.csr",
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-CAcreateserial",
            "-days",
            "2",
            "-extfile",
            "san.cnf",
            "-out",
            "server.pem",
        ],
    );
    directory
}

/// Hands the certificate to the server, written by itself so that it owns the key, and asks for TLS from all.
async fn serve_tls(cluster: &PgCluster, certificates: &Path) {
    for file in ["server.pem", "server.key"] {
        let pem = std::fs::read_to_string(certificates.join(file)).unwrap();
        let statement = format!(
            "COPY (SELECT unnest(string_to_array('{}', E'\\n'))) TO PROGRAM 'umask 077 && cat > {file}'",
            pem.trim_end()
        );
        execute(cluster.base_url(), &statement).await.unwrap();
    }
    let only_tls = "COPY (SELECT 'hostssl all all all trust') TO PROGRAM 'cat > pg_hba.conf'";
    for statement in [
        "ALTER SYSTEM SET ssl_cert_file = 'server.pem'",
        "ALTER SYSTEM SET ssl_key_file = 'server.key'",
        "ALTER SYSTEM SET ssl = on",
        only_tls,
    ] {
        execute(cluster.base_url(), statement).await.unwrap();
    }
    cluster.stop().unwrap();
    cluster.resume().unwrap();
}

async fn works(url: &str) -> Result<(), StorageError> {
    migrate(url).await?;
    let key = Keyring::generate()?;
    let keyring = Keyring::from_base64(key.expose_secret(), [])?;
    let store = connect(DatabaseConfig {
        url: url.to_owned(),
        keyring,
        max_connections: 1,
    })
    .await?;
    store.versions().await?;
    Ok(())
}

#[tokio::test]
async fn sslmode_decides_which_servers_are_trusted() {
    let cluster = PgCluster::start_own().unwrap();
    let (ours, strangers) = (certificates("ours"), certificates("strangers"));
    serve_tls(&cluster, ours.path()).await;
    let numeric = cluster.base_url().to_owned();
    let named = numeric.replace("127.0.0.1", "localhost");
    assert_ne!(numeric, named);
    let root = |directory: &TempDir| format!("sslrootcert={}", directory.path().join("ca.pem").display());
    let (ours, strangers) = (root(&ours), root(&strangers));
    for (url, mode, trusted) in [
        (&numeric, "sslmode=require".to_owned(), true),
        (&numeric, "sslmode=prefer".to_owned(), true),
        (&numeric, "sslmode=disable".to_owned(), false),
        (&numeric, format!("sslmode=verify-ca&{ours}"), true),
        (&numeric, format!("sslmode=verify-ca&{strangers}"), false),
        (&named, format!("sslmode=verify-full&{ours}"), true),
        (&numeric, format!("sslmode=verify-full&{ours}"), false),
        (&named, format!("sslmode=verify-full&{strangers}"), false),
        (&named, "sslmode=verify-full&sslrootcert=system".to_owned(), false),
        (&numeric, format!("sslmode=require&{strangers}"), false),
    ] {
        let outcome = works(&format!("{url}?{mode}")).await;
        assert_eq!(outcome.is_ok(), trusted, "{mode}: {outcome:?}");
    }
}
