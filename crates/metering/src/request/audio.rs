//! How long a recording is, by its own headers.

use memchr::memmem;

/// The length of a recording in whole seconds, begun ones counted, as providers bill it. `None` for what says no length
/// and for what is not known here: WAV, FLAC, Ogg (Opus, Vorbis), MP4 and MP3 are.
///
/// # Source
/// RIFF/WAVE, RFC 9639 (FLAC), RFC 3533 and 7845 (Ogg, Opus), the Vorbis I specification, ISO/IEC 14496-12 (MP4),
/// ISO/IEC 11172-3 and 13818-3 (MP3)
///
/// ```
/// let mut wav = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data".to_vec();
/// wav.extend_from_slice(&12_000_u32.to_le_bytes());
/// wav.resize(wav.len() + 12_000, 128); // 8,000 bytes a second
/// assert_eq!(tollgate_metering::audio_seconds(&wav), Some(2));
/// ```
pub fn audio_seconds(recording: &[u8]) -> Option<u64> {
    let (units, per_second) = match recording {
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => wav(recording)?,
        [b'f', b'L', b'a', b'C', ..] => flac(recording)?,
        [b'O', b'g', b'g', b'S', ..] => ogg(recording)?,
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => mp4(recording)?,
        _ => mp3(recording)?,
    };
    (units > 0 && per_second > 0).then(|| units.div_ceil(per_second))
}

/// Bytes of sound, and how many a second takes.
fn wav(file: &[u8]) -> Option<(u64, u64)> {
    let (mut rest, mut per_second) = (file.get(12..)?, None);
    loop {
        let (kind, length) = (rest.get(..4)?, u64::from(le32(rest, 4)?));
        let content = rest.get(8..)?;
        match kind {
            b"fmt " => per_second = Some(u64::from(le32(content, 8)?)),
            b"data" => {
                // What is written as it is recorded may not know its length.
                let there = u64::try_from(content.len()).ok()?;
                let untold = matches!(length, 0 | 0xffff_ffff);
                return Some((if untold { there } else { length }, per_second?));
            }
            _ => {}
        }
        let padded = length.checked_add(length % 2)?;
        rest = content.get(usize::try_from(padded).ok()?..)?;
    }
}

/// Samples, and how many a second has; 36 and 20 bits of the first block.
fn flac(file: &[u8]) -> Option<(u64, u64)> {
    let packed = be64(file.get(18..)?)?;
    Some((packed & 0xf_ffff_ffff, packed >> 44))
}

/// Samples by the position of the last page, and how many a second has.
fn ogg(file: &[u8]) -> Option<(u64, u64)> {
    let segments = usize::from(*file.get(26)?);
    let first = file.get(27 + segments..)?;
    let (before, per_second) = if first.starts_with(b"OpusHead") {
        let skipped = first.get(10..12)?.try_into().ok()?;
        (u64::from(u16::from_le_bytes(skipped)), 48_000)
    } else if first.starts_with(b"\x01vorbis") {
        (0, u64::from(le32(first, 12)?))
    } else {
        return None;
    };
    let last = memmem::rfind(file, b"OggS")?;
    let position = file.get(last + 6..last + 14)?.try_into().ok()?;
    let position = u64::try_from(i64::from_le_bytes(position)).ok()?;
    Some((position.checked_sub(before)?, per_second))
}

/// The movie header's duration and time scale.
fn mp4(file: &[u8]) -> Option<(u64, u64)> {
    let header = mp4_box(mp4_box(file, *b"moov")?, *b"mvhd")?;
    if header.first() == Some(&1) {
        Some((be64(header.get(24..)?)?, u64::from(be32(header, 20)?)))
    } else {
        Some((u64::from(be32(header, 16)?), u64::from(be32(header, 12)?)))
    }
}

/// The content of the first box of a kind.
fn mp4_box(mut boxes: &[u8], wanted: [u8; 4]) -> Option<&[u8]> {
    loop {
        let (told, kind) = (be32(boxes, 0)?, boxes.get(4..8)?);
        let (head, length) = match told {
            0 => (8, boxes.len()),
            1 => (16, usize::try_from(be64(boxes.get(8..)?)?).ok()?),
            told => (8, usize::try_from(told).ok()?),
        };
        if kind == wanted {
            return boxes.get(head..length.min(boxes.len()));
        }
        // A box holds at least its own head.
        boxes = boxes.get(length.max(head)..)?;
    }
}

/// Samples of all frames and how many a second has; the frames must follow each other to the end of the sound.
fn mp3(file: &[u8]) -> Option<(u64, u64)> {
    let mut rest = file.get(id3_length(file)..)?;
    let (mut samples, mut per_second, mut first) = (0_u64, None, true);
    while let Some(frame) = Mp3Frame::read(rest) {
        if *per_second.get_or_insert(frame.per_second) != frame.per_second {
            return None;
        }
        let whole = rest.get(..frame.length).unwrap_or(rest);
        // The first frame may only describe those that follow.
        let describes = [b"Xing", b"Info", b"VBRI"].map(|tag| memmem::find(whole, tag));
        if !first || describes.iter().all(Option::is_none) {
            samples = samples.checked_add(frame.samples)?;
        }
        first = false;
        rest = rest.get(frame.length..).unwrap_or_default();
    }
    let ends = rest.len() < 4 || rest.starts_with(b"TAG") || rest.starts_with(b"APETAGEX");
    let is_padding = || rest.iter().all(|byte| *byte == 0);
    (ends || is_padding()).then_some((samples, per_second?))
}

/// The length of the tag in front, whose size is written in seven bits a byte.
fn id3_length(file: &[u8]) -> usize {
    let [b'I', b'D', b'3', _, _, flags, sizes @ ..] = file else {
        return 0;
    };
    let size = sizes
        .iter()
        .take(4)
        .fold(0, |size, byte| size << 7 | usize::from(byte & 0x7f));
    let footer = if flags & 0x10 == 0 { 0 } else { 10 };
    10 + size + footer
}

struct Mp3Frame {
    length: usize,
    samples: u64,
    per_second: u64,
}

impl Mp3Frame {
    fn read(bytes: &[u8]) -> Option<Self> {
        const KBIT_1: [usize; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
        const KBIT_2: [usize; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
        let [0xff, second, third, _, ..] = bytes else {
            return None;
        };
        let is_layer_3 = second & 0b1110_0110 == 0b1110_0010;
        let (divisor, kbit) = match (second >> 3) & 3 {
            3 => (1, KBIT_1),
            2 => (2, KBIT_2),
            0 => (4, KBIT_2),
            _ => return None,
        };
        let bits = kbit.get(usize::from(third >> 4)).filter(|bits| **bits > 0)?;
        let rate = [44_100, 48_000, 32_000].get(usize::from((third >> 2) & 3))? / divisor;
        let samples = if divisor == 1 { 1152 } else { 576 };
        let padding = usize::from((third >> 1) & 1);
        is_layer_3.then_some(Self {
            length: samples / 8 * bits * 1000 / rate + padding,
            samples: if divisor == 1 { 1152 } else { 576 },
            per_second: u64::try_from(rate).ok()?,
        })
    }
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn be64(bytes: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(bytes.get(..8)?.try_into().ok()?))
}

#[cfg(test)]
mod tests;
