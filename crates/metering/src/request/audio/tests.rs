use proptest::prelude::*;

use super::*;

fn chunk(kind: &[u8], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_le_bytes();
    [kind, &length, content].concat()
}

/// 16,000 bytes a second.
fn wav(data: &[u8], told: u32) -> Vec<u8> {
    let format = [1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x80, 0x3e, 0, 0, 2, 0, 16, 0];
    let mut file = [
        b"RIFF\0\0\0\0WAVE".to_vec(),
        chunk(b"LIST", b"odd"),
        vec![0],
        chunk(b"fmt ", &format),
        b"data".to_vec(),
        told.to_le_bytes().to_vec(),
    ]
    .concat();
    file.extend_from_slice(data);
    file
}

#[test]
fn a_wave_file_is_as_long_as_its_data_says_or_is() {
    let data = vec![0; 16_000];
    assert_eq!(audio_seconds(&wav(&data, 16_000)), Some(1));
    assert_eq!(audio_seconds(&wav(&data, 16_001)), Some(2));
    for untold in [0, u32::MAX] {
        assert_eq!(audio_seconds(&wav(&data, untold)), Some(1));
    }
    assert_eq!(audio_seconds(&wav(&[], 0)), None);
    assert_eq!(audio_seconds(b"RIFF\0\0\0\0WAVEdata\x01\0\0\0x"), None);
}

#[test]
fn flac_says_its_samples() {
    let file = |samples: u64| {
        let packed = 44_100_u64 << 44 | 1 << 41 | 15 << 36 | samples;
        let block = [&[0; 10], packed.to_be_bytes().as_slice(), &[0; 16]].concat();
        [b"fLaC\x80\0\0\x22".as_slice(), &block].concat()
    };
    assert_eq!(audio_seconds(&file(441_000)), Some(10));
    assert_eq!(audio_seconds(&file(441_001)), Some(11));
    assert_eq!(audio_seconds(&file(0)), None);
}

fn page(position: i64, content: &[u8]) -> Vec<u8> {
    let mut page = b"OggS\0\0".to_vec();
    page.extend_from_slice(&position.to_le_bytes());
    page.extend_from_slice(&[0; 12]);
    page.extend_from_slice(&[1, u8::try_from(content.len()).unwrap()]);
    page.extend_from_slice(content);
    page
}

#[test]
fn ogg_is_as_long_as_its_last_page_says() {
    let opus = b"OpusHead\x01\x01\x38\x01\x80\xbb\0\0\0\0\0";
    let file = [page(0, opus), page(48_000, b"x"), page(96_000 + 312, b"y")].concat();
    assert_eq!(audio_seconds(&file), Some(2));
    let vorbis = b"\x01vorbis\0\0\0\0\x01\x44\xac\0\0";
    assert_eq!(
        audio_seconds(&[page(0, vorbis), page(44_101, b"x")].concat()),
        Some(2)
    );
    assert_eq!(audio_seconds(&page(-1, opus)), None);
    assert_eq!(audio_seconds(&page(5, b"fishead")), None);
}

#[test]
fn a_movie_header_says_the_duration_in_either_width() {
    let boxed = |kind: &[u8], content: &[u8]| {
        let length = u32::try_from(content.len() + 8).unwrap().to_be_bytes();
        [length.as_slice(), kind, content].concat()
    };
    let narrow = [
        [0; 12].as_slice(),
        &1000_u32.to_be_bytes(),
        &2500_u32.to_be_bytes(),
    ]
    .concat();
    let wide = [
        [1].as_slice(),
        &[0; 19],
        &1000_u32.to_be_bytes(),
        &9000_u64.to_be_bytes(),
    ]
    .concat();
    for (header, seconds) in [(narrow, 3), (wide, 9)] {
        let movie = boxed(b"moov", &[boxed(b"free", b"x"), boxed(b"mvhd", &header)].concat());
        let file = [boxed(b"ftyp", b"M4A "), boxed(b"mdat", &[0; 99]), movie].concat();
        assert_eq!(audio_seconds(&file), Some(seconds));
    }
    assert_eq!(audio_seconds(&boxed(b"ftyp", b"M4A ")), None);
}

/// Frames of 128 kbit/s at 44.1 kHz: 417 bytes and 1152 samples each, 38.28 a second.
fn mp3(frames: usize) -> Vec<u8> {
    let mut frame = vec![0xff, 0xfb, 0x90, 0x00];
    frame.resize(417, 0x55);
    frame.repeat(frames)
}

#[test]
fn mp3_frames_are_counted_between_tags() {
    assert_eq!(audio_seconds(&mp3(38)), Some(1));
    assert_eq!(audio_seconds(&mp3(39)), Some(2));
    let mut described = mp3(39);
    described[36..40].copy_from_slice(b"Xing");
    let tagged = [
        b"ID3\x04\0\0\0\0\x01\x00".as_slice(),
        &[0; 128],
        &described,
        b"TAG",
        &[b' '; 125],
    ]
    .concat();
    assert_eq!(audio_seconds(&tagged), Some(1));
    // MPEG 2, 64 kbit/s at 22.05 kHz: 208 bytes and 576 samples.
    let mut frame = vec![0xff, 0xf3, 0x80, 0x00];
    frame.resize(208, 0x55);
    assert_eq!(audio_seconds(&frame.repeat(77)), Some(3));
    // What follows is no sound that is known.
    assert_eq!(audio_seconds(&[mp3(38), vec![7; 4000]].concat()), None);
    assert_eq!(audio_seconds(b"just a text"), None);
    assert_eq!(audio_seconds(b""), None);
}

proptest! {
    #[test]
    fn no_bytes_panic(start in prop::sample::select(vec![
        &b"RIFF\0\0\0\0WAVEfmt "[..], b"fLaC", b"OggS", b"\0\0\0\x08ftyp\0\0\0\0moov", b"ID3\x04\0\x10", b"\xff\xfb\x90", b"",
    ]), rest in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = audio_seconds(&[start, &rest].concat());
    }
}
