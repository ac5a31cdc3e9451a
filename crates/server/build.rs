//! What a running gateway says of its build. The commit comes from the environment of whoever builds it
//! (`TOLLGATE_COMMIT`): a look at the repository would rebuild the binary with every commit.

use std::io::Write;
use std::process::Command;

fn main() {
    let mut out = std::io::stdout();
    let mut say = |line: String| writeln!(out, "{line}").ok();
    say("cargo::rerun-if-changed=build.rs".to_owned());
    say("cargo::rerun-if-env-changed=TOLLGATE_COMMIT".to_owned());
    // Cargo passes these on to what it runs, where every TOLLGATE_ variable is taken for a setting.
    if let Ok(target) = std::env::var("TARGET") {
        say(format!("cargo::rustc-env=GATEWAY_BUILD_TARGET={target}"));
    }
    let version = std::env::var("RUSTC")
        .ok()
        .and_then(|rustc| Command::new(rustc).arg("--version").output().ok())
        .and_then(|output| String::from_utf8(output.stdout).ok());
    if let Some(version) = version.as_deref().and_then(|text| text.split_whitespace().nth(1)) {
        say(format!("cargo::rustc-env=GATEWAY_BUILD_RUSTC={version}"));
    }
}
