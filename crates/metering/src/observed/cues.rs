//! Subtitles: the last cue's end tells how much of a recording was heard at least.

/// Longer than any line with times.
const MAX_LINE: usize = 256;

/// Reads `SubRip` and `WebVTT` line by line.
///
/// # Source
/// <https://www.w3.org/TR/webvtt1/#webvtt-timestamp>; `SubRip` has a comma for the point
#[derive(Debug, Default)]
pub(super) struct Cues {
    line: Vec<u8>,
    /// In milliseconds.
    end: Option<u64>,
}

impl Cues {
    pub(super) fn push(&mut self, piece: &[u8]) {
        for part in piece.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
            let room = MAX_LINE.saturating_sub(self.line.len());
            self.line.extend(part.iter().take(room));
            if part.ends_with(b"\n") || part.ends_with(b"\r") {
                self.line_ended();
            }
        }
    }

    /// The end of the last cue in seconds, as a JSON number.
    pub(super) fn seconds(mut self) -> Option<String> {
        self.line_ended();
        let end = self.end?;
        Some(format!("{}.{:03}", end / 1000, end % 1000))
    }

    fn line_ended(&mut self) {
        let line = std::mem::take(&mut self.line);
        let text = std::str::from_utf8(&line).unwrap_or_default();
        let Some((start, end)) = text.split_once("-->") else {
            return;
        };
        // What is spoken may hold an arrow, too; times stand on both sides of a cue's.
        let end = end.split_whitespace().next().and_then(milliseconds);
        if milliseconds(start.trim()).is_some() {
            self.end = self.end.max(end);
        }
    }
}

/// `01:02:03,450`, `02:03.450`
fn milliseconds(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once(['.', ','])?;
    let fraction = (fraction.len() == 3).then(|| digits(fraction)).flatten()?;
    let mut parts = whole.split(':').map(digits);
    let (first, second, third) = (parts.next()??, parts.next()??, parts.next());
    let (hours, minutes, seconds) = match third {
        Some(seconds) => (first, second, seconds?),
        None => (0, first, second),
    };
    let in_range = parts.next().is_none() && minutes < 60 && seconds < 60;
    in_range.then_some(((hours * 60 + minutes) * 60 + seconds) * 1000 + fraction)
}

/// At most nine digits.
fn digits(text: &str) -> Option<u64> {
    let plain = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, step: usize) -> Option<String> {
        let mut cues = Cues::default();
        for piece in text.as_bytes().chunks(step) {
            cues.push(piece);
        }
        cues.seconds()
    }

    #[test]
    fn the_last_cue_ends_what_was_heard() {
        let srt = "1\r\n00:00:00,000 --> 00:00:02,500\r\nPaid\r\n\r\n2\r\n00:00:02,500 --> 01:00:07,320\r\nin full.";
        let vtt = "WEBVTT\n\n00:00.000 --> 00:02.500 align:start\nPaid\n\n00:02.500 --> 00:07.320";
        for step in [1, 3, 1000] {
            assert_eq!(read(srt, step).as_deref(), Some("3607.320"));
            assert_eq!(read(vtt, step).as_deref(), Some("7.320"));
        }
    }

    #[test]
    fn what_is_spoken_is_no_time() {
        for text in [
            "Paid in full.",
            "go --> 00:00:09,000 now",
            "00:00:01,000 --> soon",
            "00:00:01,000 --> 00:61:00,000",
            "1 --> 2",
            "",
        ] {
            assert_eq!(read(text, 7), None, "{text}");
        }
    }
}
