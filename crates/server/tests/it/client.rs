//! The subcommands that speak to a running gateway, as an operator types them.

use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::{Value, json};
use tokio::process::Command;

use crate::support::{ADMIN_TOKEN, Backend, GatewayBuilder, Setup, binary};

mod exports;
mod streams;
mod tables;

/// A terminal beside the gateway.
struct Shell<'s> {
    setup: &'s Setup,
}

impl Shell<'_> {
    fn command(&self, args: &[&str]) -> Command {
        command(self.setup.data_dir.path(), self.setup.gateway.admin_url(), args)
    }

    async fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().await.unwrap()
    }

    /// What a command that goes well prints.
    async fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args).await;
        assert!(output.status.success(), "{args:?}: {}", stderr(&output));
        stdout(&output)
    }

    async fn json(&self, args: &[&str]) -> Value {
        let mut args = args.to_vec();
        args.push("--json");
        serde_json::from_str(&self.ok(&args).await).unwrap()
    }

    /// The exit code of a command and what it complains of.
    async fn fails(&self, args: &[&str]) -> (i32, String) {
        let output = self.run(args).await;
        (output.status.code().unwrap(), stderr(&output))
    }
}

fn command(dir: &Path, url: &str, args: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command
        .args(args)
        .current_dir(dir)
        .env_remove("DATABASE_URL")
        .env("TOLLGATE_URL", url)
        .env("TOLLGATE_ADMIN_TOKEN", ADMIN_TOKEN)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn upstreams_are_made_changed_tested_and_removed() {
    let setup = Setup::new(Backend::Sqlite).await;
    let shell = Shell { setup: &setup };

    // The credential comes from a file or from standard input, and never comes back.
    let secret = setup.data_dir.path().join("provider-key");
    std::fs::File::create(&secret)
        .unwrap()
        .write_all(format!("{}\n", setup.simulator.credential()).as_bytes())
        .unwrap();
    let base_url = setup.simulator.base_url();
    let made = shell
        .json(&[
            "upstream",
            "create",
            "--name",
            "reseller 模型",
            "--provider",
            "openai",
            "--protocol",
            "openai_chat",
            "--base-url",
            &base_url,
            "--credential-file",
            "provider-key",
            "--model",
            "fast=gpt-4o-mini",
            "--output-multiplier",
            "0.85",
            "--priority",
            "7",
        ])
        .await;
    assert_eq!(
        (&made["has_credential"], &made["priority"]),
        (&json!(true), &json!(7))
    );
    assert_eq!(
        made["models"],
        json!([{"model": "fast", "send_as": "gpt-4o-mini"}])
    );
    assert!(!made.to_string().contains(setup.simulator.credential()));

    let table = shell.ok(&["upstream", "list", "--provider", "openai"]).await;
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("NAME") && lines.len() == 3, "{table}");
    assert!(!table.contains("anthropic"));

    let tested = shell.json(&["upstream", "test", "reseller 模型"]).await;
    assert_eq!(tested["result"]["ok"], true, "{tested}");
    assert_eq!(tested["result"]["billing_status"], "billed");
    // The simulator says more than it is asked for, so only that both are known can be compared.
    assert!(tested["preview"]["cost"].is_string() && tested["result"]["cost"].is_string());
    assert_eq!(
        tested["preview"]["rule"]["priced_as"],
        tested["result"]["rule"]["priced_as"]
    );

    let changed = shell
        .json(&[
            "upstream",
            "update",
            "reseller 模型",
            "--account-label",
            "org-1",
            "--enabled",
            "false",
        ])
        .await;
    assert_eq!(
        (&changed["account_label"], &changed["enabled"]),
        (&json!("org-1"), &json!(false))
    );
    let emptied = shell
        .json(&[
            "upstream",
            "update",
            "reseller 模型",
            "--account-label",
            "none",
            "--if-match",
            "2",
        ])
        .await;
    assert_eq!(emptied["account_label"], Value::Null);

    shell.ok(&["upstream", "delete", "reseller 模型"]).await;
    let (code, text) = shell.fails(&["upstream", "get", "reseller 模型"]).await;
    assert!(code == 1 && text.contains("nothing named"), "{code}: {text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_made_limited_rotated_and_removed() {
    let setup = Setup::new(Backend::Sqlite).await;
    let shell = Shell { setup: &setup };
    let upstream = shell.json(&["upstream", "get", "openai"]).await;
    let key = shell
        .json(&[
            "key",
            "create",
            "--name",
            "ci",
            "--team",
            "build",
            "--allow-upstream",
            "openai",
            "--allow-model",
            "fast",
        ])
        .await;
    assert_eq!(key["key"]["allowed_upstreams"], json!([upstream["id"]]));
    let rotated = shell
        .json(&["key", "rotate", "ci", "--grace-seconds", "60"])
        .await;
    assert_ne!(rotated["token"], key["token"]);
    assert!(rotated["key"]["retiring_token"]["accepted_until"].is_string());
    let shown = shell.ok(&["key", "rotate", "ci"]).await;
    assert!(shown.contains("token, shown this once: tg-"), "{shown}");
    let listed = shell.ok(&["key", "list", "--team", "build", "--activity"]).await;
    assert!(
        listed.contains("CHARGE THIS MONTH") && listed.contains("ci"),
        "{listed}"
    );

    shell.ok(&["key", "delete", "ci"]).await;
    let (code, text) = shell.fails(&["key", "get", "ci"]).await;
    assert!(code == 1 && text.contains("nothing named"), "{code}: {text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_to_fail_has_its_exit_code_and_says_why() {
    let setup = Setup::new(Backend::Sqlite).await;
    let shell = Shell { setup: &setup };

    let (code, text) = shell
        .fails(&[
            "upstream",
            "update",
            "openai",
            "--weight",
            "0",
            "--base-url",
            "nowhere",
        ])
        .await;
    assert_eq!(code, 1);
    assert!(text.contains("validation_failed, 422"), "{text}");
    assert!(
        text.contains("weight: 0 is outside 1..=1000") && text.contains("base_url: "),
        "{text}"
    );
    let (code, text) = shell
        .fails(&["upstream", "update", "openai", "--weight", "0", "--json"])
        .await;
    let problem: Value = serde_json::from_str(text.trim_start_matches("gateway: ")).unwrap();
    assert_eq!((code, &problem["status"]), (1, &json!(422)));
    let (code, text) = shell
        .fails(&[
            "upstream",
            "update",
            "openai",
            "--weight",
            "5",
            "--if-match",
            "77",
        ])
        .await;
    assert!(code == 1 && text.contains("stale, 412"), "{code}: {text}");

    let (code, _) = shell.fails(&["upstream", "list", "--limit", "0"]).await;
    assert_eq!(code, 2, "a bound that the command line knows itself");
    let (code, text) = shell.fails(&["upstream", "update", "openai"]).await;
    assert!(code == 2 && text.contains("nothing to set"), "{code}: {text}");
    let (code, text) = shell.fails(&["price", "simulate", "m", "--usage", "input"]).await;
    assert!(code == 2 && text.contains("METER=COUNT"), "{code}: {text}");

    let wrong = command(setup.data_dir.path(), setup.gateway.admin_url(), &["key", "list"])
        .env("TOLLGATE_ADMIN_TOKEN", "tga-not-the-token-of-this-one")
        .output()
        .await
        .unwrap();
    assert_eq!(wrong.status.code(), Some(1));
    let text = stderr(&wrong);
    assert!(
        text.contains("unauthenticated, 401") && !text.contains("not-the-token"),
        "{text}"
    );
    let silent = command(setup.data_dir.path(), "http://127.0.0.1:1", &["key", "list"])
        .output()
        .await
        .unwrap();
    assert_eq!(silent.status.code(), Some(3));
    assert!(
        stderr(&silent).contains("no answer from 127.0.0.1:1"),
        "{}",
        stderr(&silent)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_is_found_where_the_gateway_wrote_it() {
    let dir = tempfile::tempdir().unwrap();
    let database = Backend::Sqlite.url(dir.path());
    let builder = GatewayBuilder::new(dir.path(), &database).without("TOLLGATE_ADMIN_TOKEN");
    let gateway = builder.start().await;
    let list = |token_file: Option<&'static str>| {
        let mut command = command(dir.path(), gateway.admin_url(), &["key", "list"]);
        command.env_remove("TOLLGATE_ADMIN_TOKEN").args(token_file);
        command
    };
    let found = list(None)
        .env("TOLLGATE_DATA_DIR", dir.path())
        .output()
        .await
        .unwrap();
    assert!(found.status.success(), "{}", stderr(&found));
    let given = list(Some("--token-file=admin-token")).output().await.unwrap();
    assert!(given.status.success(), "{}", stderr(&given));
    let nowhere = list(None).output().await.unwrap();
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(
        stderr(&nowhere).contains("TOLLGATE_ADMIN_TOKEN"),
        "{}",
        stderr(&nowhere)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn prices_jobs_and_the_system_are_shown_and_steered() {
    let setup = Setup::new(Backend::Sqlite).await;
    let shell = Shell { setup: &setup };

    let simulated = shell
        .json(&[
            "price",
            "simulate",
            "gpt-4o-mini",
            "--usage",
            "input=1000",
            "--usage",
            "output=100",
            "--upstream",
            "openai",
        ])
        .await;
    let list_cost = &simulated["results"][0]["list_cost"];
    assert!(list_cost.is_string(), "{simulated}");
    let refused = shell
        .fails(&[
            "override",
            "create",
            "--model",
            "gpt-4o-mini",
            "--input",
            "400",
            "--output",
            "900",
        ])
        .await;
    assert!(refused.0 == 1 && refused.1.contains("--confirm"), "{refused:?}");
    let made = shell
        .json(&[
            "override",
            "create",
            "--model",
            "gpt-4o-mini",
            "--input",
            "400",
            "--output",
            "900",
            "--confirm",
            "--note",
            "contract",
        ])
        .await;
    let id = made["override"]["id"].as_str().unwrap();
    let listed = shell.ok(&["override", "list", "--model", "gpt-4o-mini"]).await;
    assert!(listed.contains("400") && listed.contains(id), "{listed}");
    shell.ok(&["override", "reset", id, "--confirm"]).await;
    let alias = shell
        .json(&["alias", "create", "house-mini", "gpt-4o-mini"])
        .await;
    shell
        .ok(&[
            "alias",
            "delete",
            alias["alias"]["id"].as_str().unwrap(),
            "--confirm",
            "--note",
            "over",
        ])
        .await;

    let jobs = shell.ok(&["job", "list"]).await;
    assert!(
        jobs.contains("price_sync") && jobs.contains("partition_maintenance"),
        "{jobs}"
    );
    let paused = shell.json(&["job", "pause", "partition_maintenance"]).await;
    assert_eq!(
        (&paused["state"], paused["next_run_at"].is_null()),
        (&json!("paused"), true)
    );
    shell.ok(&["job", "resume", "partition_maintenance"]).await;
    shell.ok(&["job", "run", "partition_maintenance"]).await;
    let (code, text) = shell.fails(&["job", "run", "nothing"]).await;
    assert!(code == 1 && text.contains("not_found, 404"), "{text}");

    let version = shell.json(&["system", "version"]).await;
    assert_eq!(version["database"]["kind"], "sqlite");
    assert!(version["rustc"].is_string() && version["uptime_seconds"].is_number());
    let config = shell.ok(&["system", "config"]).await;
    assert!(
        config.contains("TOLLGATE_LISTEN") && config.contains("environment"),
        "{config}"
    );
    assert!(!config.contains(ADMIN_TOKEN));
    let journal = shell.json(&["system", "journal"]).await;
    assert_eq!(
        (&journal["state"], &journal["durability"]),
        (&json!("ok"), &json!("process"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn admin_tokens_are_made_shown_rotated_and_removed() {
    let setup = Setup::new(Backend::Sqlite).await;
    let shell = Shell { setup: &setup };
    let me = shell.json(&["whoami"]).await;
    assert_eq!((&me["role"], &me["origin"]), (&json!("admin"), &json!("bearer")));
    let made = shell
        .json(&["token", "create", "--name", "grace", "--role", "viewer"])
        .await;
    let theirs = made["token"].as_str().unwrap();
    let limited = command(
        setup.data_dir.path(),
        setup.gateway.admin_url(),
        &["key", "create", "--name", "x"],
    )
    .env("TOLLGATE_ADMIN_TOKEN", theirs)
    .output()
    .await
    .unwrap();
    assert_eq!(limited.status.code(), Some(1));
    assert!(
        stderr(&limited).contains("forbidden, 403"),
        "{}",
        stderr(&limited)
    );
    let listed = shell.ok(&["token", "list"]).await;
    assert!(listed.contains("grace") && listed.contains("viewer"), "{listed}");
    let rotated = shell.ok(&["token", "rotate", "grace"]).await;
    assert!(
        rotated.contains("shown this once") && !rotated.contains(theirs),
        "{rotated}"
    );
    shell.ok(&["token", "delete", "grace"]).await;
    assert_eq!(shell.fails(&["token", "get", "grace"]).await.0, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn completions_know_every_subcommand() {
    let dir = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish"] {
        let script = command(dir.path(), "http://127.0.0.1:1", &["completions", shell])
            .output()
            .await
            .unwrap();
        let text = stdout(&script);
        for word in ["upstream", "rotate", "export", "grace"] {
            assert!(
                script.status.success() && text.contains(word),
                "{shell} lacks {word}"
            );
        }
    }
}
