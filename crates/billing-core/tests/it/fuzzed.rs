//! What the fuzz targets of `fuzz/` check, replayed over their seeds and over everything they ever found.
//!
//! Each check takes any bytes and must neither panic nor see a broken promise.

mod answer;
mod choices;
mod counters;
mod map_rows;
mod map_text;
mod pricing;

use std::fs;
use std::path::Path;

use proptest::prelude::*;

fn replay(target: &str, check: fn(&[u8])) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/seeds")
        .join(target);
    let mut replayed = 0;
    for file in fs::read_dir(&directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display())) {
        check(&fs::read(file.unwrap().path()).unwrap());
        replayed += 1;
    }
    assert!(replayed > 0, "{} is empty", directory.display());
}

#[test]
fn seeds_of_map_text_hold() {
    replay("map_text", map_text::check);
}

#[test]
fn seeds_of_map_rows_hold() {
    replay("map_rows", map_rows::check);
}

#[test]
fn seeds_of_answer_hold() {
    replay("answer", answer::check);
}

#[test]
fn seeds_of_counters_hold() {
    replay("counters", counters::check);
}

#[test]
fn seeds_of_pricing_hold() {
    replay("pricing", pricing::check);
}

proptest! {
    #[test]
    fn any_bytes_hold(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for check in [map_text::check, map_rows::check, answer::check, counters::check, pricing::check] {
            check(&bytes);
        }
    }
}
