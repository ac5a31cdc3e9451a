#![no_main]

#[path = "../../crates/billing-core/tests/it/fuzzed/map_text.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|data: &[u8]| target::check(data));
