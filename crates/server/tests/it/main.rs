//! The gateway as its users meet it: the real binary, a simulated provider, both databases.

mod support;

mod billing_table;
mod command_line;
mod kill;
mod mixed_traffic;
mod outage;
mod pass_through;
