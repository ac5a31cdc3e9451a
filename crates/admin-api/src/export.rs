//! Exports: many rows as one download, in constant memory.
//!
//! A page of rows is read when the last one has gone out, so a slow reader slows the reading and nothing piles up. What
//! ends well ends with a trailer; a download without one was cut.

mod body;
mod cell;
mod csv;
mod format;
mod json_lines;

pub(crate) use body::{ExportSource, respond};
pub(crate) use cell::{Cell, Column};
pub(crate) use format::{ExportFormat, read_format};
