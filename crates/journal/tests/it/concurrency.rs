use std::collections::BTreeMap;

use tollgate_journal::Lane;

use crate::support::{open, read_all, small};

const THREADS: u8 = 8;
const EACH: u32 = 400;

#[tokio::test]
async fn concurrent_appends_keep_lanes_gap_free_and_every_thread_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = small(dir.path());
    config.segment_bytes = 16 << 10;
    let journal = open(&config).await.journal;
    let mut acknowledged = BTreeMap::new();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let journal = journal.clone();
                scope.spawn(move || {
                    let append = |count: u32| {
                        let payload = [&[thread], count.to_le_bytes().as_slice()].concat();
                        let appended = journal.append(Lane(thread % 3), &payload).unwrap();
                        (appended.position, (appended.lane_seq, payload))
                    };
                    (0..EACH).map(append).collect::<Vec<_>>()
                })
            })
            .collect();
        for thread in threads {
            acknowledged.extend(thread.join().unwrap());
        }
    });

    let records = read_all(&journal).await;

    assert_eq!(records.len(), usize::from(THREADS) * EACH as usize);
    assert_eq!(acknowledged.len(), records.len(), "no position was given twice");
    let mut lanes: BTreeMap<Lane, u64> = BTreeMap::new();
    let mut last: BTreeMap<u8, u32> = BTreeMap::new();
    for (position, record) in (1..).zip(&records) {
        assert_eq!(record.position, position);
        let seq = lanes.entry(record.lane).or_default();
        *seq += 1;
        assert_eq!(record.lane_seq, *seq);
        assert_eq!(
            acknowledged[&position],
            (record.lane_seq, record.payload.to_vec())
        );
        let count = u32::from_le_bytes(record.payload[1..].try_into().unwrap());
        let next = last.entry(record.payload[0]).or_default();
        assert_eq!(count, *next, "records of one thread keep their order");
        *next += 1;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiters_share_syncs() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(&small(dir.path())).await.journal;
    let tickets: Vec<_> = (0..500)
        .map(|_| journal.append(Lane(0), &[1; 20]).unwrap().ticket)
        .collect();
    for ticket in tickets {
        ticket.durable().await.unwrap();
    }
    let stats = journal.stats();
    assert_eq!(stats.durable_position, 500);
    assert!(stats.syncs < 500, "{} syncs for 500 records", stats.syncs);
}
