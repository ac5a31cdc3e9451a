//! A provider's counters: kept as they came, merged over a stream, and turned into one disjoint vector.

mod input;
mod node;
mod number;
mod object;
mod output;
mod reader;

pub(crate) use input::InputParts;
pub(crate) use node::Node;
pub(crate) use number::cost;
pub(crate) use object::members;
pub(crate) use output::OutputParts;
pub(crate) use reader::{Path, Reader, Tally};
