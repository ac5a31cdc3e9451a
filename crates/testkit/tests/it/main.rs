//! The simulator, load driver and database fixtures, used as the other crates use them.

mod client;
mod faults;
mod invoice;
mod load;
mod postgres;
mod shapes_json;
mod shapes_stream;
mod wire;
