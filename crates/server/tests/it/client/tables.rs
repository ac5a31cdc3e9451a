//! Tables for people, JSON for scripts, and what to do about wrong input.

use serde_json::{Value, json};

use super::Shell;
use crate::support::{Backend, Setup};

/// Checks that a list is a table with these columns, and the same as JSON; the rows of the table.
async fn listed(shell: &Shell<'_>, args: &[&str], columns: &[&str]) -> (Vec<String>, Value) {
    let table = shell.ok(args).await;
    let mut lines = table.lines();
    let head = lines.next().unwrap();
    let mut rest = head;
    for column in columns {
        let at = rest
            .find(column)
            .unwrap_or_else(|| panic!("{column} in {head:?} of {args:?}"));
        rest = &rest[at + column.len()..];
    }
    let rows: Vec<String> = lines.map(str::to_owned).collect();
    let json = shell.json(args).await;
    assert_eq!(
        json["items"].as_array().unwrap().len(),
        rows.len(),
        "{args:?}: {table}"
    );
    (rows, json)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_list_is_a_table_for_people_and_json_for_scripts() {
    let setup = Setup::new(Backend::Sqlite).await;
    let shell = Shell { setup: &setup };
    let columns = [
        "NAME", "PROVIDER", "ENABLED", "PRIORITY", "WEIGHT", "BASE URL", "ID",
    ];
    let (rows, json) = listed(&shell, &["upstream", "list"], &columns).await;
    assert_eq!(rows.len(), 3);
    for (row, item) in rows.iter().zip(json["items"].as_array().unwrap()) {
        assert!(row.starts_with(item["name"].as_str().unwrap()), "{row}");
        assert!(row.trim_end().ends_with(item["id"].as_str().unwrap()), "{row}");
    }
    let activity = [
        "NAME",
        "LAST USED",
        "ATTEMPTS TODAY",
        "COST TODAY",
        "COST THIS MONTH",
    ];
    let (rows, _) = listed(
        &shell,
        &["upstream", "list", "--activity", "--q", "openai"],
        &activity,
    )
    .await;
    assert!(
        rows.len() == 1 && rows[0].contains(" - "),
        "never used is a dash: {rows:?}"
    );
    let (rows, json) = listed(
        &shell,
        &["key", "list", "--team", "research"],
        &["NAME", "OWNER", "TEAM"],
    )
    .await;
    assert!(
        rows[0].contains("laptop") && rows[0].contains("alice"),
        "{rows:?}"
    );
    assert!(json["items"][0].get("token").is_none(), "{json}");
}

#[tokio::test(flavor = "multi_thread")]
async fn prices_and_overrides_are_tables_too() {
    let setup = Setup::new(Backend::Sqlite).await;
    let shell = Shell { setup: &setup };
    let prices = [
        "price",
        "list",
        "--q",
        "gpt-4o-mini",
        "--provider",
        "openai",
        "--limit",
        "2",
    ];
    let table = shell.ok(&prices).await;
    assert!(
        table.contains("INPUT $/M") && table.contains("gpt-4o-mini"),
        "{table}"
    );
    assert!(table.contains("more: --cursor "), "the way to the rest: {table}");
    let page = shell.json(&prices).await;
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
    let all = shell
        .json(&[
            "price",
            "list",
            "--q",
            "gpt-4o-mini",
            "--provider",
            "openai",
            "--all",
        ])
        .await;
    assert!(all["items"].as_array().unwrap().len() > 2 && all["next_cursor"].is_null());
    let simulated = shell
        .ok(&[
            "price",
            "simulate",
            "gpt-4o-mini",
            "--usage",
            "input=1000",
            "--usage",
            "output=1000",
        ])
        .await;
    let mut lines = simulated.lines();
    assert!(lines.next().unwrap().contains("LIST COST"), "{simulated}");
    // 0.15 and 0.6 USD per million.
    assert!(lines.next().unwrap().contains("0.00075"), "{simulated}");

    let set = [
        "override", "create", "--model", "house-1", "--input", "0.2", "--output", "1.6", "--note", "ours",
    ];
    let made = shell.json(&set).await;
    let id = made["override"]["id"].as_str().unwrap();
    let columns = [
        "MODEL",
        "UPSTREAM",
        "INPUT $/M",
        "OUTPUT $/M",
        "CACHE READ $/M",
        "AUTHOR",
        "ID",
    ];
    let (rows, _) = listed(&shell, &["override", "list", "--q", "house"], &columns).await;
    let cells: Vec<&str> = rows[0].split_whitespace().collect();
    assert_eq!(cells, ["house-1", "-", "0.2", "1.6", "-", "environment", id]);
    let one = shell.ok(&["override", "get", id]).await;
    assert!(
        one.lines()
            .any(|line| line.starts_with("note") && line.contains("ours")),
        "{one}"
    );
    let changed = shell.json(&["override", "update", id, "--output", "1.5"]).await;
    assert_eq!(changed["override"]["output_usd_per_mtok"], json!("1.5"));
    let history = shell.json(&["override", "history", id]).await;
    assert_eq!(history["items"].as_array().unwrap().len(), 2, "{history}");
    shell
        .ok(&["override", "delete", id, "--confirm", "--note", "over"])
        .await;
    assert_eq!(shell.fails(&["override", "get", id]).await.0, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_input_says_what_to_do() {
    let setup = Setup::new(Backend::Sqlite).await;
    let shell = Shell { setup: &setup };
    let upstream = |url: &'static str| {
        vec![
            "upstream",
            "create",
            "--name",
            "x",
            "--provider",
            "openai",
            "--protocol",
            "openai_chat",
            "--base-url",
            url,
        ]
    };
    let cases: [(Vec<&str>, i32, &[&str]); 13] = [
        (upstream("example.com"), 1, &["base_url: ", "http"]),
        (
            vec!["upstream", "create", "--name", "x"],
            1,
            &["missing field `provider`"],
        ),
        (vec!["upstream", "get", "nowhere"], 1, &["nothing named"]),
        (
            vec!["upstream", "list", "--enabled", "perhaps"],
            2,
            &["true, false"],
        ),
        (
            vec!["upstream", "update", "openai", "--output-multiplier", "0"],
            1,
            &["allow_free"],
        ),
        (
            vec!["upstream", "update", "openai", "--output-multiplier", "101"],
            1,
            &["output_multiplier: ", "100"],
        ),
        (
            vec![
                "upstream",
                "test",
                "openai",
                "--model",
                "m",
                "--protocol",
                "smoke",
            ],
            1,
            &["protocol: "],
        ),
        (vec!["key", "create", "--name", ""], 1, &["name: "]),
        (
            vec!["key", "rotate", "laptop", "--grace-seconds", "604801"],
            1,
            &["604800"],
        ),
        (vec!["price", "simulate", "m"], 2, &["--usage <METER=COUNT>"]),
        (
            vec!["price", "simulate", "m", "--usage", "thoughts=1"],
            1,
            &["thoughts"],
        ),
        (
            vec!["override", "create", "--model", "m", "--input", "0.0000002"],
            1,
            &["per million"],
        ),
        (vec!["override", "get", "x"], 1, &["not_found, 404"]),
    ];
    for (args, exit, says) in cases {
        let (code, text) = shell.fails(&args).await;
        assert_eq!(code, exit, "{args:?}: {text}");
        for part in says {
            assert!(text.contains(part), "{part} is missing for {args:?}: {text}");
        }
    }
}
