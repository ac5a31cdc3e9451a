//! Writing to standard output without the print macros, so that a closed pipe is an error and not a panic.

use std::{fmt, io, io::Write};

/// Writes one line to standard output at once.
pub(crate) fn line(text: impl fmt::Display) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{text}")?;
    stdout.flush()
}
