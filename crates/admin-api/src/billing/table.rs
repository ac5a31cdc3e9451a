//! Price rules as tables: exported, edited elsewhere, and imported again.

mod body;
mod cell;
mod csv_text;
mod format;
mod import;
mod report;
mod row;

pub(super) use body::TableBody;
pub(super) use format::export;
pub(super) use import::{ImportParams, import};
pub(super) use report::ImportResponse;
pub(super) use row::{Column, Kind, PlannedRow, RuleRow, Scene};
