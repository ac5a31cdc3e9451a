//! What the operator types.

use std::path::Path;
use std::process::{Command, Output};

use crate::support::{Backend, GatewayBuilder, SECRET_KEY};

fn gateway(dir: &Path, args: &[&str], env: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gateway"))
        .args(args)
        .current_dir(dir)
        .env_remove("DATABASE_URL")
        .envs(env.iter().copied())
        .output()
        .unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_wrong_value_names_key_value_and_example_before_anything_opens() {
    let dir = tempfile::tempdir().unwrap();
    let output = gateway(dir.path(), &["serve"], &[("TOLLGATE_LISTEN", "nowhere")]);
    assert!(!output.status.success());
    let text = stderr(&output);
    assert!(
        text.contains("listen") && text.contains("nowhere") && text.contains("127.0.0.1:8787"),
        "{text}"
    );
    assert_eq!(
        std::fs::read_dir(dir.path()).unwrap().count(),
        0,
        "nothing is left behind"
    );
}

#[test]
fn an_unknown_setting_is_named_with_its_source() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("tollgate.toml"), "[proxy]\ndrain_secs = 5\n").unwrap();
    let text = stderr(&gateway(dir.path(), &["config", "check"], &[]));
    assert!(
        text.contains("drain_secs") && text.contains("tollgate.toml"),
        "{text}"
    );
}

#[test]
fn config_check_prints_what_takes_effect_with_the_password_masked() {
    let dir = tempfile::tempdir().unwrap();
    let output = gateway(
        dir.path(),
        &["config", "check"],
        &[("DATABASE_URL", "postgres://me:hunter2@db/x")],
    );
    let text = stdout(&output);
    assert!(
        output.status.success() && text.contains("listen = \"127.0.0.1:8787\""),
        "{text}"
    );
    assert!(text.contains("***") && !text.contains("hunter2"), "{text}");
}

#[test]
fn postgresql_without_a_key_says_how_to_make_one() {
    let dir = tempfile::tempdir().unwrap();
    let output = gateway(
        dir.path(),
        &["serve"],
        &[("DATABASE_URL", "postgres://me@127.0.0.1:1/x")],
    );
    let text = stderr(&output);
    assert!(
        !output.status.success() && text.contains("TOLLGATE_SECRET_KEY"),
        "{text}"
    );
    assert!(text.contains("gateway secrets new-key"), "{text}");
}

#[test]
fn help_lists_every_subcommand() {
    let dir = tempfile::tempdir().unwrap();
    let text = stdout(&gateway(dir.path(), &["--help"], &[]));
    for word in [
        "serve",
        "migrate",
        "config",
        "secrets",
        "openapi",
        "TOLLGATE_LISTEN",
    ] {
        assert!(text.contains(word), "{word} is missing from:\n{text}");
    }
}

#[test]
fn migrate_applies_once_and_shows_its_state() {
    let dir = tempfile::tempdir().unwrap();
    let url = Backend::Sqlite.url(dir.path());
    let before = stdout(&gateway(
        dir.path(),
        &["migrate", "--database-url", &url, "status"],
        &[],
    ));
    assert!(before.contains("missing"), "{before}");
    let first = stdout(&gateway(dir.path(), &["migrate", "--database-url", &url], &[]));
    assert!(first.contains("applied"), "{first}");
    let second = stdout(&gateway(
        dir.path(),
        &["migrate", "--database-url", &url, "up"],
        &[],
    ));
    assert!(second.contains("up to date"), "{second}");
    let after = stdout(&gateway(
        dir.path(),
        &["migrate", "--database-url", &url, "status"],
        &[],
    ));
    assert!(!after.contains("missing"), "{after}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_gateway_on_the_same_data_directory_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let url = Backend::Sqlite.url(dir.path());
    let mut first = GatewayBuilder::new(dir.path(), &url).start().await;
    let data_dir = dir.path().to_str().unwrap();
    let output = gateway(
        dir.path(),
        &["serve"],
        &[
            ("TOLLGATE_SECRET_KEY", SECRET_KEY),
            ("TOLLGATE_DATA_DIR", data_dir),
            ("TOLLGATE_LISTEN", "127.0.0.1:0"),
        ],
    );
    let text = stderr(&output);
    assert!(
        !output.status.success() && text.contains("in use by another process"),
        "{text}"
    );
    first.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_start_writes_one_private_admin_token_that_works() {
    let dir = tempfile::tempdir().unwrap();
    let url = Backend::Sqlite.url(dir.path());
    let mut gateway = GatewayBuilder::new(dir.path(), &url)
        .without("TOLLGATE_ADMIN_TOKEN")
        .start()
        .await;
    let path = dir.path().join("admin-token");
    let token = std::fs::read_to_string(&path).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    let request = reqwest::Client::new().get(format!("{}/api/admin/keys", gateway.base_url()));
    assert_eq!(
        request.bearer_auth(token.trim()).send().await.unwrap().status(),
        200
    );
    gateway.stop().await;

    let mut again = GatewayBuilder::new(dir.path(), &url)
        .without("TOLLGATE_ADMIN_TOKEN")
        .start()
        .await;
    assert_eq!(std::fs::read_to_string(&path).unwrap(), token);
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_key_file_is_not_replaced_while_what_it_sealed_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let url = Backend::Sqlite.url(dir.path());
    let mut first = GatewayBuilder::new(dir.path(), &url)
        .without("TOLLGATE_SECRET_KEY")
        .start()
        .await;
    first.stop().await;
    std::fs::remove_file(dir.path().join("secret.key")).unwrap();
    let data_dir = dir.path().to_str().unwrap();
    let output = gateway(
        dir.path(),
        &["serve"],
        &[
            ("TOLLGATE_DATA_DIR", data_dir),
            ("TOLLGATE_LISTEN", "127.0.0.1:0"),
        ],
    );
    let text = stderr(&output);
    assert!(!output.status.success() && text.contains("put it back"), "{text}");
    assert!(!dir.path().join("secret.key").exists());
}
