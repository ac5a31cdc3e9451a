//! Configuration: defaults, then a TOML file, then the environment; validated whole before a port opens.

mod check;
mod load;
mod prices;
mod sections;

pub(crate) use load::load;
pub(crate) use sections::{ClientGone, Config, DurabilityMode, LogFormat, WhenFull};
