use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use crate::support::{A, B, open, read_all, small};

const DIR: &str = "TOLLGATE_JOURNAL_KILL_DIR";
const CHILD: &str = "kill::child_appends_until_it_is_killed";

#[tokio::test]
#[ignore = "the child process of the test below"]
async fn child_appends_until_it_is_killed() {
    let dir = std::env::var_os(DIR).unwrap();
    let journal = open(&small(dir.as_ref())).await.journal;
    let mut out = std::io::stdout().lock();
    // Bounded only so that an orphan ends.
    for count in 0..1_000_000_u32 {
        let lane = if count.is_multiple_of(3) { B } else { A };
        let position = journal
            .append(lane, format!("record {count}").as_bytes())
            .unwrap()
            .position;
        writeln!(out, "ack {position} record {count}").unwrap();
    }
}

#[tokio::test]
async fn every_acknowledged_record_survives_a_killed_process() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", CHILD, "--ignored", "--nocapture", "--test-threads=1"])
        .env(DIR, dir.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged: Vec<(u64, String)> = Vec::new();
    let parse = |line: &str| {
        // The first one may follow the harness's own words on its line.
        let (position, payload) = line.split_once("ack ")?.1.split_once(' ')?;
        Some((position.parse().unwrap(), payload.to_owned()))
    };
    while acknowledged.len() < 2000 {
        let line = lines.next().unwrap().unwrap();
        acknowledged.extend(parse(&line));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let mut rest: Vec<String> = lines.map_while(Result::ok).collect();
    // The last line may have been cut off in the pipe.
    rest.pop();
    acknowledged.extend(rest.iter().filter_map(|line| parse(line)));

    let opened = open(&small(dir.path())).await;
    let records = read_all(&opened.journal).await;

    assert!(records.len() >= acknowledged.len());
    for (record, (position, payload)) in records.iter().zip(&acknowledged) {
        assert_eq!(
            (record.position, record.payload.as_ref()),
            (*position, payload.as_bytes())
        );
    }
    let next = opened.journal.append(A, b"after").unwrap();
    assert_eq!(next.position, records.len() as u64 + 1);
}
