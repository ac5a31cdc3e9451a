//! Builds the console with npm and lists its files for the binary, or lists none where there is no npm.
//!
//! Everything made here goes to `OUT_DIR`; only `ui/node_modules` is beside the sources, where npm wants it. The
//! console is built anew when what it is made of has changed, told by content: a checkout that only touches files
//! costs nothing. `TOLLGATE_CONSOLE=skip` leaves it out.

#[path = "build/assets.rs"]
mod assets;
#[path = "build/npm.rs"]
mod npm;
#[path = "build/sources.rs"]
mod sources;

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const SWITCH: &str = "TOLLGATE_CONSOLE";

fn main() -> Result<()> {
    let ui = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("ui");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let say = |line: &str| println!("cargo::{line}");
    say(&format!("rerun-if-env-changed={SWITCH}"));
    for path in sources::watched(&ui) {
        say(&format!("rerun-if-changed={}", path.display()));
    }
    let dist = out.join("dist");
    let outcome = if env::var_os(SWITCH).is_some_and(|value| value == "skip") {
        Err(format!("{SWITCH}=skip leaves it out").into())
    } else {
        current(&ui, &out, &dist)
    };
    let files = match outcome {
        Ok(()) => assets::list(&dist)?,
        Err(reason) => {
            say(&format!(
                "warning=the gateway is built without its web console: {reason}"
            ));
            for path in npm::places(&out) {
                say(&format!("rerun-if-changed={}", path.display()));
            }
            Vec::new()
        }
    };
    assets::write(&out.join("assets.rs"), &files)?;
    sources::write_paths(&ui, &out.join("paths.rs"))
}

/// Makes sure that `dist` holds the console as its sources are now.
fn current(ui: &Path, out: &Path, dist: &Path) -> Result<()> {
    let stamp = out.join("console.stamp");
    let hash = sources::hash(ui)?;
    let built = std::fs::read_to_string(&stamp).unwrap_or_default();
    if built == hash && dist.join("index.html").is_file() {
        return Ok(());
    }
    npm::build(ui, dist)?;
    std::fs::write(stamp, hash)?;
    Ok(())
}
