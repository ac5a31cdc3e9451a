//! llama.cpp: `timings` count what was evaluated (`prompt_n`), taken from the cache (`cache_n`) and generated
//! (`predicted_n`); they stand in where there are no counters.
//!
//! # Source
//! <https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md>

use tollgate_domain::Meter;

use super::Variant;
use crate::counters::Reader;
use crate::scan::{Slot, value};

pub(super) static VARIANT: Variant = Variant {
    fields: &[value(&["timings"], Slot::Usage)],
    extras,
    ..Variant::standard()
};

fn extras(reader: &mut Reader<'_>) {
    if reader.tally.counted {
        return;
    }
    for (name, meter) in [
        ("prompt_n", Meter::Input),
        ("cache_n", Meter::CacheRead),
        ("predicted_n", Meter::Output),
    ] {
        if let Some(count) = reader.count(&[name]) {
            reader.add(meter, count);
        }
    }
}
