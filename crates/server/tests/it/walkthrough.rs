//! `docs/walkthrough.md`, run as it stands: its commands against a real gateway and the simulated provider, and what it
//! says they print against what they print.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tollgate_testkit::Simulator;

use crate::support::{ADMIN_TOKEN, GatewayBuilder, both};

const PAGE: &str = include_str!("../../../../docs/walkthrough.md");

/// Commands, and what the page says they print.
struct Step {
    commands: String,
    prints: Option<String>,
}

/// The blocks of commands in order, each with the block of text that follows it, if one does.
fn steps(page: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    // Every second part of the page is the inside of a fence.
    for block in page.split("```").skip(1).step_by(2) {
        let (language, content) = block.split_once('\n').unwrap();
        match language {
            "sh" => steps.push(Step {
                commands: content.to_owned(),
                prints: None,
            }),
            "text" => {
                let step = steps.last_mut().unwrap();
                assert!(step.prints.is_none(), "two outputs of one block: {content}");
                step.prints = Some(content.to_owned());
            }
            "console" => {}
            other => panic!("a block of {other:?} is neither run nor compared"),
        }
    }
    steps
}

/// One shell runs all of it, and each step prints to a file of its own.
fn script(steps: &[Step]) -> String {
    let steps = steps.iter().enumerate();
    let blocks = steps.map(|(number, step)| format!("{{\n{}}} > out-{number}\n", step.commands));
    // The trace of the commands is what a failure shows.
    std::iter::once("set -euxo pipefail\n".to_owned())
        .chain(blocks)
        .collect()
}

async fn run(script: &str, directory: &Path, variables: [(&str, &str); 3]) {
    let child = Command::new("bash")
        .arg("-c")
        .arg(script)
        .current_dir(directory)
        .envs(variables)
        .env("no_proxy", "127.0.0.1")
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let ended = tokio::time::timeout(Duration::from_mins(1), child.wait_with_output())
        .await
        .unwrap()
        .unwrap();
    assert!(
        ended.status.success(),
        "the page's commands fail with {}: {}",
        ended.status,
        String::from_utf8_lossy(&ended.stderr)
    );
}

#[tokio::test]
async fn the_page_does_what_it_says() {
    let steps = steps(PAGE);
    assert!(steps.len() >= 7, "{} blocks of commands", steps.len());
    let compared = steps.iter().filter(|step| step.prints.is_some()).count();
    assert!(compared >= 5, "{compared} blocks of output");
    let script = &script(&steps);
    let steps = &steps;
    both(async |backend| {
        let simulator = Simulator::start().await.unwrap();
        let data_dir = tempfile::tempdir().unwrap();
        let gateway = GatewayBuilder::new(data_dir.path(), &backend.url(data_dir.path()))
            .start()
            .await;
        let directory = tempfile::tempdir().unwrap();
        let variables = [
            ("GATEWAY", gateway.base_url()),
            ("PROVIDER", &simulator.base_url()),
            ("TOKEN", ADMIN_TOKEN),
        ];
        run(script, directory.path(), variables).await;
        for (number, step) in steps.iter().enumerate() {
            let printed = std::fs::read_to_string(directory.path().join(format!("out-{number}"))).unwrap();
            let expected = step.prints.as_deref().unwrap_or_default();
            assert_eq!(printed, expected, "after\n{}", step.commands);
        }
        assert_eq!(simulator.stats().received, 3);
    })
    .await;
}
