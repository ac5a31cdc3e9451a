//! Configuration: defaults, then a TOML file, then the environment; validated whole before a port opens.

mod access;
mod check;
mod described;
mod load;
mod prices;
mod sections;

pub(crate) use load::{Loaded, load, load_described};
pub(crate) use sections::{
    ClientGone, Config, DeferredUse, DurabilityMode, JournalSection, LogFormat, ProxySection, WhenFull,
};
