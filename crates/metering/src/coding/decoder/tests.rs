use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::*;

fn decoded(coding: ContentCoding, body: &[u8], step: usize) -> (Vec<u8>, bool) {
    let mut decoder = Decoder::new(coding);
    let (mut out, mut fine) = (Vec::new(), true);
    for piece in body.chunks(step) {
        fine &= decoder
            .push(piece, &mut |plain| out.extend_from_slice(plain))
            .is_ok();
    }
    (out, fine)
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn brotli(plain: &[u8]) -> Vec<u8> {
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
    encoder.write_all(plain).unwrap();
    encoder.into_inner()
}

fn zstd(plain: &[u8]) -> Vec<u8> {
    compress_to_vec(plain, CompressionLevel::Fastest)
}

#[test]
fn each_coding_comes_out_whole_in_any_pieces() {
    let plain = "a proven bill, ".repeat(500).into_bytes();
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(&plain).unwrap();
    let mut raw = DeflateEncoder::new(Vec::new(), Compression::default());
    raw.write_all(&plain).unwrap();
    let bodies = [
        (ContentCoding::Identity, plain.clone()),
        (ContentCoding::Gzip, gzip(&plain)),
        (ContentCoding::Deflate, zlib.finish().unwrap()),
        (ContentCoding::Deflate, raw.finish().unwrap()),
        (ContentCoding::Brotli, brotli(&plain)),
        (ContentCoding::Zstd, zstd(&plain)),
    ];
    for (coding, body) in bodies {
        for step in [1, 7, 100_000] {
            assert_eq!(
                decoded(coding, &body, step),
                (plain.clone(), true),
                "{coding:?} by {step}"
            );
        }
    }
}

#[test]
fn a_flushed_piece_comes_out_before_the_stream_ends() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(b"data: [DONE]\n\n").unwrap();
    encoder.flush().unwrap();
    assert_eq!(
        decoded(ContentCoding::Gzip, encoder.get_ref(), 64).0,
        b"data: [DONE]\n\n"
    );
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
    encoder.write_all(b"data: [DONE]\n\n").unwrap();
    encoder.flush().unwrap();
    assert_eq!(
        decoded(ContentCoding::Brotli, encoder.get_ref(), 64).0,
        b"data: [DONE]\n\n"
    );
}

/// A frame that is still open: a block of each of these as it is, and after it the blocks of a compressed frame with none
/// of them marked as the last.
fn open_frame(raw: &[&[u8]], compressed: &[u8]) -> Vec<u8> {
    // A window of 1 MiB, no content size, no checksum.
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 10 << 3];
    for piece in raw {
        let header = u32::try_from(piece.len()).unwrap() << 3;
        frame.extend_from_slice(&header.to_le_bytes()[..3]);
        frame.extend_from_slice(piece);
    }
    let whole = zstd(compressed);
    let mut rest = &whole[whole.len() - blocks_length(&whole)..];
    while rest.len() > 4 {
        let header = u32::from_le_bytes([rest[0], rest[1], rest[2], 0]);
        let content = if (header >> 1) & 3 == 1 { 1 } else { header >> 3 };
        let (block, tail) = rest.split_at(3 + usize::try_from(content).unwrap());
        frame.push(block[0] & !1);
        frame.extend_from_slice(&block[1..]);
        rest = tail;
    }
    frame
}

/// Length of a frame without its header.
fn blocks_length(frame: &[u8]) -> usize {
    let descriptor = frame[4];
    let single = descriptor & 0b10_0000 != 0;
    let content = match descriptor >> 6 {
        0 => usize::from(single),
        flag => 1 << flag,
    };
    frame.len() - 5 - usize::from(!single) - content
}

#[test]
fn a_block_of_an_open_zstd_frame_comes_out_when_it_has_come() {
    let told = b"data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7}}\n\n".repeat(40);
    let frame = open_frame(&[b"data: one\n\n", b"data: two\n\n"], &told);
    let expected = [b"data: one\n\ndata: two\n\n".to_vec(), told].concat();
    for step in [1, 9, 100_000] {
        assert_eq!(
            decoded(ContentCoding::Zstd, &frame, step),
            (expected.clone(), true)
        );
    }
    let mut decoder = Decoder::new(ContentCoding::Zstd);
    let mut pieces = Vec::new();
    for byte in &frame {
        decoder
            .push(&[*byte], &mut |plain| pieces.push(plain.len()))
            .unwrap();
    }
    assert_eq!(pieces[..2], [11, 11]);
}

#[test]
fn a_zstd_frame_longer_than_what_is_kept_comes_out_whole_and_in_order() {
    let line = |n: u32| format!("data: {{\"n\":{}}}\n\n", n.wrapping_mul(2_654_435_761) % 4096);
    let plain: Vec<u8> = (0..600_000).flat_map(|n| line(n).into_bytes()).collect();
    assert!(plain.len() > 2 * (4 << 20), "{}", plain.len());
    let (out, fine) = decoded(ContentCoding::Zstd, &zstd(&plain), 16 * 1024);
    assert!(fine && out == plain, "{} of {}", out.len(), plain.len());
}

#[test]
fn members_and_frames_in_a_row_come_out_whole() {
    let gzips = [gzip(b"one "), gzip(b"two")].concat();
    assert_eq!(
        decoded(ContentCoding::Gzip, &gzips, 3),
        (b"one two".to_vec(), true)
    );
    // A frame to be skipped stands between the two.
    let skipped = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9];
    let frames = [zstd(b"one "), skipped.to_vec(), zstd(b"two")].concat();
    for step in [1, 5, 1000] {
        assert_eq!(
            decoded(ContentCoding::Zstd, &frames, step),
            (b"one two".to_vec(), true)
        );
    }
}

#[test]
fn a_cut_frame_gives_what_came_before_the_cut() {
    let plain: Vec<u8> = (0..600_000_u32)
        .flat_map(|n| n.wrapping_mul(n).to_le_bytes())
        .collect();
    let whole = zstd(&plain);
    let (out, fine) = decoded(ContentCoding::Zstd, &whole[..whole.len() / 2], 4096);
    assert!(fine && out.len() > 100_000, "{}", out.len());
    assert!(plain.starts_with(&out));
}

#[test]
fn damage_is_told_in_every_coding() {
    let plain = "a proven bill, ".repeat(500).into_bytes();
    for (coding, body) in [
        (ContentCoding::Brotli, brotli(&plain)),
        (ContentCoding::Zstd, zstd(&plain)),
    ] {
        let mut damaged = body.clone();
        damaged.splice(0..4, [0xff; 4]);
        assert!(!decoded(coding, &damaged, 7).1, "{coding:?}");
    }
    // A window of 64 MiB.
    let wide = [
        0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x80, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];
    assert!(!decoded(ContentCoding::Zstd, &wide, 100).1);
}

#[test]
fn damage_is_told_and_what_came_before_is_kept() {
    let mut body = gzip(b"first member");
    body.extend_from_slice(b"\x1f\x8bnonsense that is no member");
    let (out, fine) = decoded(ContentCoding::Gzip, &body, 9);
    assert_eq!(out, b"first member");
    assert!(!fine);
}

#[test]
fn a_bomb_is_held_in_small_pieces() {
    let plain = vec![b' '; 12 << 20];
    for (coding, body) in [
        (ContentCoding::Gzip, gzip(&plain)),
        (ContentCoding::Brotli, brotli(&plain)),
        (ContentCoding::Zstd, zstd(&plain)),
    ] {
        let mut decoder = Decoder::new(coding);
        let (mut total, mut largest) = (0, 0);
        let mut seen = |plain: &[u8]| {
            total += plain.len();
            largest = largest.max(plain.len());
        };
        decoder.push(&body, &mut seen).unwrap();
        assert_eq!(total, 12 << 20, "{coding:?}");
        assert!(largest <= 9 << 20, "{coding:?}: {largest}");
    }
}
