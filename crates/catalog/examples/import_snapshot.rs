//! Writes the snapshot of a price map to standard output; `cargo xtask catalog import MAP` puts it in its place.

use std::{
    error::Error,
    io::{self, Write as _},
};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("usage: import_snapshot MAP")?;
    let map = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    io::stdout().write_all(tollgate_catalog::snapshot::import(&map)?.as_bytes())?;
    Ok(())
}
