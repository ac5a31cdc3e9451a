//! Exports, and requests as they end.

use std::process::Stdio;
use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::{Shell, command, stderr, stdout};
use crate::support::{Setup, both};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// Asks for a short chat; the request's id.
pub(super) async fn chat(setup: &Setup) -> String {
    let body = json!({"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "hello"}]});
    let url = format!("{}/v1/chat/completions", setup.gateway.base_url());
    let request = Client::new().post(url).bearer_auth(&setup.key).json(&body);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let id = answer.headers()["x-tollgate-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    answer.bytes().await.unwrap();
    id
}

/// Waits until so many requests are in the database with their bill.
pub(super) async fn settled(setup: &Setup, requests: usize) {
    let settled = async {
        while {
            let list = setup.admin.get("/request-logs?billing_status=billed").await;
            list["items"].as_array().unwrap().len() < requests
        } {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, settled).await.unwrap();
}

/// The first line that `gateway log --follow` prints while requests go on, and the requests there were.
async fn first_line_of(setup: &Setup, args: &[&str]) -> (String, Vec<String>) {
    let mut follower = command(setup.data_dir.path(), setup.gateway.admin_url(), args)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(follower.stdout.take().unwrap()).lines();
    let (mut asked, line) = (Vec::new(), lines.next_line());
    tokio::pin!(line);
    let found = async {
        loop {
            // What ends before the stream is open is not told, and nothing says when it is.
            asked.push(chat(setup).await);
            let waited = tokio::time::timeout(Duration::from_secs(2), &mut line).await;
            if let Ok(line) = waited {
                return line.unwrap().unwrap();
            }
        }
    };
    let line = tokio::time::timeout(PATIENCE, found).await.unwrap();
    follower.kill().await.unwrap();
    (line, asked)
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_followed_as_they_end() {
    both(|backend| async {
        let setup = Setup::new(backend).await;
        let (line, asked) = first_line_of(&setup, &["log", "--follow", "--key", "laptop", "--json"]).await;
        let log: Value = serde_json::from_str(&line).unwrap();
        assert!(
            asked.contains(&log["request_id"].as_str().unwrap().to_owned()),
            "{line}"
        );
        assert_eq!(
            (&log["key_name"], &log["billing_status"], &log["http_status"]),
            (&json!("laptop"), &json!("billed"), &json!(200))
        );
        let (line, asked) = first_line_of(&setup, &["log", "--follow"]).await;
        let cells: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(
            cells[1..6],
            ["laptop", "openai", "gpt-4o-mini", "200", "billed"],
            "{line}"
        );
        assert!(cells[6].parse::<f64>().unwrap() > 0.0, "{line}");
        assert!(asked.iter().any(|request| request == cells[7]), "{line}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_whole_in_either_form() {
    both(|backend| async {
        let setup = Setup::new(backend).await;
        for _ in 0..3 {
            chat(&setup).await;
        }
        settled(&setup, 3).await;
        let shell = Shell { setup: &setup };
        let file = |name: &str| std::fs::read_to_string(setup.data_dir.path().join(name)).unwrap();
        let cost = setup.admin.get("/billing/overview").await["month"]["cost"].clone();
        let cost = cost.as_str().unwrap();

        let csv = shell.run(&["export", "-o", "bill.csv", "--key", "laptop"]).await;
        assert!(
            csv.status.success() && stdout(&csv).is_empty(),
            "{}",
            stderr(&csv)
        );
        assert!(stderr(&csv).contains("bill.csv, complete"), "{}", stderr(&csv));
        let bill = file("bill.csv");
        let lines: Vec<&str> = bill.lines().collect();
        assert_eq!(lines.len(), 5, "{bill}");
        assert!(lines[0].contains("cost_usd") && lines[1].contains("gpt-4o-mini"));
        let end = lines[4];
        assert!(end.starts_with("# complete entries=3 "), "{end}");
        assert!(
            end.contains(&format!(" cost_usd={cost} ")),
            "{end} against {cost}"
        );

        shell
            .ok(&["export", "--format", "jsonl", "-o", "bill.jsonl"])
            .await;
        let bill = file("bill.jsonl");
        let lines: Vec<Value> = bill
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len(), 4);
        assert_eq!(
            (&lines[0]["key_name"], &lines[0]["status"]),
            (&json!("laptop"), &json!("billed"))
        );
        assert_eq!(
            (&lines[3]["export"], &lines[3]["entries"], &lines[3]["cost_usd"]),
            (&json!("complete"), &json!(3), &json!(cost))
        );
        for part in ["bill.csv.part", "bill.jsonl.part"] {
            assert!(!setup.data_dir.path().join(part).exists(), "{part}");
        }
        // Without a file it goes to standard output; nothing of another upstream is in it.
        let none = shell.ok(&["export", "--upstream", "anthropic"]).await;
        assert_eq!(none.lines().count(), 2, "{none}");
        assert!(
            none.lines().last().unwrap().starts_with("# complete entries=0 "),
            "{none}"
        );

        let (code, text) = shell.fails(&["export", "--key", "nobody"]).await;
        assert!(code == 1 && text.contains("nothing named"), "{code}: {text}");
        let (code, text) = shell
            .fails(&["export", "--from", "yesterday", "-o", "bad.csv"])
            .await;
        assert!(code == 1 && text.contains("from: "), "{code}: {text}");
        assert!(!setup.data_dir.path().join("bad.csv.part").exists());
        let (code, text) = shell.fails(&["export", "--format", "xml"]).await;
        assert!(code == 2 && text.contains("jsonl"), "{code}: {text}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_listed_and_shown_with_receipt_and_routing() {
    both(|backend| async {
        let setup = Setup::new(backend).await;
        let request = chat(&setup).await;
        settled(&setup, 1).await;
        let shell = Shell { setup: &setup };
        let table = shell
            .ok(&["log", "--model", "gpt-4o-mini", "--filter", "status_class=2xx"])
            .await;
        let lines: Vec<&str> = table.lines().collect();
        assert!(
            lines[0].starts_with("AT") && lines[0].ends_with("REQUEST"),
            "{table}"
        );
        assert!(lines.len() == 2 && lines[1].ends_with(&request), "{table}");
        let list = shell.json(&["log", "--limit", "1"]).await;
        assert_eq!(list["items"][0]["request_id"], json!(request));
        let log = shell.json(&["log", "get", &request]).await;
        let candidates = log["routing"]["candidates"].as_array().unwrap();
        let results: Vec<&Value> = candidates.iter().map(|candidate| &candidate["result"]).collect();
        assert_eq!(results, ["answered", "wrong_protocol", "wrong_protocol"]);
        assert_eq!(candidates[0]["upstream_name"], json!("openai"));
        let receipt = shell.ok(&["log", "receipt", &request]).await;
        assert!(
            receipt.contains("formula") && receipt.contains("USD"),
            "{receipt}"
        );

        for (args, says) in [
            (vec!["log", "--filter", "stream"], "NAME=VALUE"),
            (vec!["log", "--filter", "status_class=6xx"], "status_class: "),
            (vec!["log", "--billing-status", "paid"], "partly_billed"),
            (
                vec!["log", "get", "0198f0a0-0000-7000-8000-000000000003"],
                "not_found, 404",
            ),
            (vec!["log", "--follow", "--limit", "5"], "--follow"),
        ] {
            let (code, text) = shell.fails(&args).await;
            assert!(
                code != 0 && code != 3 && text.contains(says),
                "{args:?} {code}: {text}"
            );
        }
    })
    .await;
}

/// The beginning of an export.
const ROWS: &str = "event_id,revision,list_cost_usd,cost_usd,charge_usd\r\n\
    0198f0a0-0000-7000-8000-000000000003,0,0.1,0.1,0.1\r\n";

/// A server that breaks an export off after some lines.
#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_breaks_off_keeps_its_partial_name_and_fails() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        for whole in [false, true] {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 4096];
            assert!(stream.read(&mut request).await.unwrap() > 0);
            // The first announces more than it sends, the second ends in order and lacks its last line.
            let length = if whole { ROWS.len() } else { 4_000 };
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/csv\r\ncontent-length: {length}\r\n\r\n{ROWS}"
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
        }
    });
    let dir = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let output = command(dir.path(), &url, &["export", "-o", "bill.csv"])
            .output()
            .await
            .unwrap();
        assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
        assert!(!dir.path().join("bill.csv").exists());
        assert_eq!(
            std::fs::read_to_string(dir.path().join("bill.csv.part")).unwrap(),
            ROWS
        );
        assert_eq!(stdout(&output), "");
    }
    serving.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn following_goes_on_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let event = |id: u32, request: u32| {
        format!("event: request\nid: {id}\ndata: {{\"request_id\":\"{request}\"}}\n\n")
    };
    // The first stream says goodbye, the second tells again what was told, the third is refused for good.
    let first = format!("retry: 3000\n\n{}event: closing\ndata: {{}}\n\n", event(7, 1));
    let second = format!("retry: 3000\n\n{}{}", event(7, 1), event(8, 2));
    let answers = [
        format!("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n{first}"),
        "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}".to_owned(),
        format!("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n{second}"),
        "HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}".to_owned(),
    ];
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let mut asked = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 4096];
            let read = stream.read(&mut request).await.unwrap();
            let head = String::from_utf8_lossy(&request[..read]).to_ascii_lowercase();
            let id = head.lines().find_map(|line| line.strip_prefix("last-event-id: "));
            asked.push(id.map(str::to_owned));
            stream.write_all(answer.as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
        }
        asked
    });
    let output = command(dir.path(), &url, &["log", "--follow", "--json"]).output();
    let output = tokio::time::timeout(PATIENCE, output).await.unwrap().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert_eq!(
        stdout(&output),
        "{\"request_id\":\"1\"}\n{\"request_id\":\"2\"}\n"
    );
    let asked = serving.await.unwrap();
    assert_eq!(
        asked,
        [None, Some("7".into()), Some("7".into()), Some("8".into())]
    );
}
