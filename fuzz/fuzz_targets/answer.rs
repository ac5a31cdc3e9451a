#![no_main]

#[allow(dead_code, reason = "each target draws other things")]
#[path = "../../crates/billing-core/tests/it/fuzzed/choices.rs"]
mod choices;
#[path = "../../crates/billing-core/tests/it/fuzzed/answer.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|data: &[u8]| target::check(data));
