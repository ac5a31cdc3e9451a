//! Journals written by hand, to control which record vouches for which.

use super::*;
use crate::disk::SystemDisk;
use crate::frame::{Frame, Stamp};

const ID: [u8; 16] = [5; 16];

/// A segment with one record per entry of `synced`, which is what each one says was synced when it was written.
fn write_segment(dir: &Path, base: u64, header_synced: u64, synced: &[u64]) -> u64 {
    let lanes = if base == 0 {
        BTreeMap::new()
    } else {
        BTreeMap::from([(Lane(0), base)])
    };
    let header = SegmentHeader {
        journal: ID,
        base,
        synced: header_synced,
        lanes,
    };
    let mut writer = SegmentWriter::create(dir, &header, Arc::new(SystemDisk)).unwrap();
    let mut last_start = 0;
    for (position, synced) in (base + 1..).zip(synced) {
        last_start = writer.byte_len();
        let stamp = Stamp {
            lane: Lane(0),
            position,
            lane_seq: position,
            synced: *synced,
        };
        writer
            .append(Frame::prepare(b"some payload").unwrap().seal(stamp))
            .unwrap();
    }
    last_start
}

fn flip(path: &Path, offset: u64) {
    let mut bytes = fs::read(path).unwrap();
    bytes[usize::try_from(offset).unwrap()] ^= 0x40;
    fs::write(path, bytes).unwrap();
}

fn recover_in(dir: &Path) -> Result<Recovery, JournalError> {
    recover(dir, ID, &MarkFile::default(), Arc::new(SystemDisk))
}

#[test]
fn a_hole_nothing_vouches_for_cuts_off_the_segments_behind_it() {
    let dir = tempfile::tempdir().unwrap();
    let third = write_segment(dir.path(), 0, 0, &[0, 0, 1]);
    write_segment(dir.path(), 3, 1, &[1, 2]);
    write_segment(dir.path(), 5, 2, &[2]);
    let first_file = segment::path(dir.path(), 1);
    flip(&first_file, third + 40);

    let recovery = recover_in(dir.path()).unwrap();

    assert_eq!(recovery.recovered.last_position, 2);
    assert_eq!(recovery.lanes, BTreeMap::from([(Lane(0), 2)]));
    assert_eq!(segment::list(dir.path()).unwrap(), [(1, third)]);
    assert_eq!(recovery.writer.byte_len(), third);
}

#[test]
fn a_hole_a_later_record_vouches_for_is_corruption() {
    let dir = tempfile::tempdir().unwrap();
    let third = write_segment(dir.path(), 0, 0, &[0, 0, 1]);
    write_segment(dir.path(), 3, 2, &[2, 3]);
    let first_file = segment::path(dir.path(), 1);
    flip(&first_file, third + 40);

    match recover_in(dir.path()) {
        Err(JournalError::Corrupt { file, offset, .. }) => assert_eq!((file, offset), (first_file, third)),
        other => panic!("{:?}", other.map(|recovery| recovery.recovered)),
    }
    assert_eq!(
        segment::list(dir.path()).unwrap().len(),
        2,
        "nothing may be removed"
    );
}

#[test]
fn a_hole_a_later_header_vouches_for_is_corruption() {
    let dir = tempfile::tempdir().unwrap();
    let third = write_segment(dir.path(), 0, 0, &[0, 0, 1]);
    write_segment(dir.path(), 3, 3, &[]);
    flip(&segment::path(dir.path(), 1), third);
    assert!(matches!(
        recover_in(dir.path()),
        Err(JournalError::Corrupt { .. })
    ));
}

#[test]
fn a_new_segment_whose_header_was_lost_is_dropped() {
    let dir = tempfile::tempdir().unwrap();
    write_segment(dir.path(), 0, 0, &[0, 1]);
    fs::write(segment::path(dir.path(), 3), [0; 300]).unwrap();

    let recovery = recover_in(dir.path()).unwrap();

    assert_eq!(
        (
            recovery.recovered.last_position,
            recovery.recovered.truncated_bytes
        ),
        (2, 300)
    );
    assert_eq!(recovery.writer.first(), 1);
}

#[test]
fn a_first_segment_without_header_is_only_dropped_from_an_empty_journal() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(segment::path(dir.path(), 1), b"tolls").unwrap();
    assert_eq!(recover_in(dir.path()).unwrap().recovered.last_position, 0);

    let dir = tempfile::tempdir().unwrap();
    fs::write(segment::path(dir.path(), 8), b"tolls").unwrap();
    assert!(matches!(
        recover_in(dir.path()),
        Err(JournalError::Corrupt { .. })
    ));
    assert_eq!(segment::list(dir.path()).unwrap(), [(8, 5)]);
}

#[test]
fn a_record_that_skips_a_lane_number_is_not_taken() {
    let dir = tempfile::tempdir().unwrap();
    let header = SegmentHeader {
        journal: ID,
        base: 0,
        synced: 0,
        lanes: BTreeMap::new(),
    };
    let mut writer = SegmentWriter::create(dir.path(), &header, Arc::new(SystemDisk)).unwrap();
    for (position, lane_seq) in [(1, 1), (2, 3)] {
        let stamp = Stamp {
            lane: Lane(0),
            position,
            lane_seq,
            synced: 0,
        };
        writer.append(Frame::prepare(b"x").unwrap().seal(stamp)).unwrap();
    }
    assert_eq!(recover_in(dir.path()).unwrap().recovered.last_position, 1);
}

#[test]
fn a_segment_of_another_journal_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    write_segment(dir.path(), 0, 0, &[0]);
    let refused = recover(dir.path(), [6; 16], &MarkFile::default(), Arc::new(SystemDisk));
    assert!(matches!(refused, Err(JournalError::Corrupt { .. })));
}

#[test]
fn a_missing_first_segment_no_mark_gave_up_is_corruption() {
    let dir = tempfile::tempdir().unwrap();
    write_segment(dir.path(), 3, 0, &[0]);
    assert!(matches!(
        recover_in(dir.path()),
        Err(JournalError::Corrupt { .. })
    ));
}
