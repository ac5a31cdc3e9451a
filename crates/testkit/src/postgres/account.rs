//! Which account runs the server: it refuses to run as root.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use crate::error::TestkitError;

/// The account packages create.
const SERVER_ACCOUNT: &str = "postgres";

/// How to start a program of the server.
#[derive(Debug, Clone, Copy)]
pub(super) struct Account {
    root: bool,
    setpriv: bool,
}

impl Account {
    /// Looks at who is running this.
    pub(super) fn find() -> Result<Self, TestkitError> {
        let root = output("id", ["-u"]).is_some_and(|uid| uid.trim() == "0");
        let setpriv = output("setpriv", ["--version"]).is_some();
        if root && (!setpriv || output("id", ["-u", SERVER_ACCOUNT]).is_none()) {
            return Err(TestkitError::PostgresAccount);
        }
        Ok(Self { root, setpriv })
    }

    /// A command that runs `program` as the server's account and, if asked, dies with the thread that
    /// started it.
    pub(super) fn command(self, program: &Path, dies_with_parent: bool) -> Command {
        if !self.setpriv || (!self.root && !dies_with_parent) {
            return Command::new(program);
        }
        let mut command = Command::new("setpriv");
        if self.root {
            let id = |kind: &str| format!("--{kind}={SERVER_ACCOUNT}");
            command.args([id("reuid"), id("regid"), "--init-groups".to_owned()]);
        }
        if dies_with_parent {
            command.args(["--pdeathsig", "QUIT"]);
        }
        command.arg("--").arg(program);
        command
    }

    /// Gives a directory to the server's account.
    pub(super) fn own(self, directory: &Path) -> Result<(), TestkitError> {
        if !self.root {
            return Ok(());
        }
        let mut command = Command::new("chown");
        command.arg(format!("{SERVER_ACCOUNT}:")).arg(directory);
        run(command)
    }
}

/// Runs a program to its end.
pub(super) fn run(mut command: Command) -> Result<(), TestkitError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let failed = |detail: String| TestkitError::Program {
        program: program.clone(),
        detail,
    };
    let output = command.output().map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    Err(failed(format!(
        "{}: {} {}",
        output.status,
        stderr.trim(),
        stdout.trim()
    )))
}

fn output<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(program: &str, arguments: I) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
