//! What happens on Ctrl-C, SIGTERM or a closed terminal: every child's process group is ended, then this program.

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

use crate::process;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// What a shell reports for a program ended by Ctrl-C.
const EXIT_CODE: i32 = 130;

/// Installs the handler; to be called once, before the first child is started.
pub(crate) fn install() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        INTERRUPTED.store(true, Ordering::SeqCst);
        process::end_all();
        std::process::exit(EXIT_CODE);
    })
    .context("cannot install the signal handler")
}

/// Never returns once an interrupt has begun: the handler is ending the children and then the program, and an error
/// message about a child it has just ended would only mislead.
pub(crate) fn hold_if_begun() {
    while INTERRUPTED.load(Ordering::SeqCst) {
        std::thread::park();
    }
}
