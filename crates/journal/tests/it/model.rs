use std::collections::BTreeMap;

use proptest::prelude::*;
use tollgate_journal::{Lane, Record};

use crate::support::{byte_len, cut_to, open, read_all, segments, small};

#[derive(Clone, Debug)]
enum Step {
    Append(u8, Vec<u8>),
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (0..4_u8, prop::collection::vec(any::<u8>(), 0..300)).prop_map(|(lane, payload)| Step::Append(lane, payload)),
        1 => Just(Step::Reopen),
    ]
}

/// Whether `records` are the first ones of `expected`, numbered without a gap.
fn check_prefix(records: &[Record], expected: &[(u8, Vec<u8>)]) -> Result<(), TestCaseError> {
    prop_assert!(records.len() <= expected.len());
    let mut seqs: BTreeMap<Lane, u64> = BTreeMap::new();
    for ((position, record), (lane, payload)) in (1..).zip(records).zip(expected) {
        let seq = seqs.entry(record.lane).or_default();
        *seq += 1;
        prop_assert_eq!(
            (record.position, record.lane, record.lane_seq),
            (position, Lane(*lane), *seq)
        );
        prop_assert_eq!(record.payload.as_ref(), payload.as_slice());
    }
    Ok(())
}

async fn check(steps: Vec<Step>, cut: prop::sample::Index, garbage: Vec<u8>) -> Result<(), TestCaseError> {
    let dir = tempfile::tempdir().unwrap();
    let config = small(dir.path());
    let mut journal = open(&config).await.journal;
    let mut expected = Vec::new();
    for step in steps {
        match step {
            Step::Append(lane, payload) => {
                let appended = journal.append(Lane(lane), &payload).unwrap();
                expected.push((lane, payload));
                prop_assert_eq!(appended.position, expected.len() as u64);
            }
            Step::Reopen => {
                drop(journal);
                let opened = open(&config).await;
                prop_assert_eq!(opened.recovered.truncated_bytes, 0);
                journal = opened.journal;
            }
        }
    }
    let records = read_all(&journal).await;
    prop_assert_eq!(records.len(), expected.len());
    check_prefix(&records, &expected)?;
    drop(journal);

    let last = segments(dir.path()).pop().unwrap();
    let length = byte_len(&last);
    let kept = cut.index(usize::try_from(length).unwrap() + 1) as u64;
    cut_to(&last, kept);
    let tail = [std::fs::read(&last).unwrap(), garbage].concat();
    std::fs::write(&last, tail).unwrap();

    let journal = open(&config).await.journal;
    let records = read_all(&journal).await;
    check_prefix(&records, &expected)?;
    if kept == length {
        prop_assert_eq!(records.len(), expected.len());
    }
    expected.truncate(records.len());
    expected.push((0, b"next".to_vec()));
    journal.append(Lane(0), b"next").unwrap();
    let records = read_all(&journal).await;
    prop_assert_eq!(records.len(), expected.len());
    check_prefix(&records, &expected)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_reader_yields_a_prefix_of_what_was_appended(
        steps in prop::collection::vec(step(), 0..40),
        cut in any::<prop::sample::Index>(),
        garbage in prop::collection::vec(any::<u8>(), 0..80),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(check(steps, cut, garbage))?;
    }
}
