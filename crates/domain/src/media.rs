//! Size and quality of generated images and videos.

use serde::{Deserialize, Serialize};

/// What an image or video request asked for, or the answer says was made, as written there. Prices differ by it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MediaFormat {
    /// `1024x1024`, `1024-x-1024`, `720p`, `4K` …; of a search, the number of results asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Box<str>>,
    /// `hd`, `low`, `standard` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<Box<str>>,
}

impl MediaFormat {
    /// Whether a size as a card names it is the one meant here.
    ///
    /// Names are compared without case. Where the size is given in pixels, `720p` is its shorter side, `2k` and `4k`
    /// of a video are a shorter side of 1440 and 2160; of an image, `1024` is its longer side and `1K` an area of
    /// 1024 x 1024 within a tenth, whatever the shape. A card's `26-100` is a range of results.
    pub fn is_size(&self, card_size: &str, of_image: bool) -> bool {
        let Some(size) = self.size.as_deref() else {
            return false;
        };
        size.eq_ignore_ascii_case(card_size)
            || self
                .pixels()
                .is_some_and(|sides| sides_are(sides, card_size, of_image))
            || results_are(size, card_size)
    }

    /// Width and height in pixels, where the size spells them out.
    ///
    /// ```
    /// # use tollgate_domain::MediaFormat;
    /// let format = |size: &str| MediaFormat { size: Some(size.into()), quality: None };
    /// assert_eq!(format("1792x1024").pixels(), Some((1792, 1024)));
    /// assert_eq!(format("1024-x-1536").pixels(), Some((1024, 1536)));
    /// assert_eq!(format("720p").pixels(), None);
    /// ```
    pub fn pixels(&self) -> Option<(u32, u32)> {
        let (width, height) = self.size.as_deref()?.split_once(['x', 'X', '×', '*'])?;
        let side = |text: &str| {
            let digits = text.trim_matches(['-', ' ']);
            let side: u32 = digits.parse().ok()?;
            (1..=MAX_SIDE).contains(&side).then_some(side)
        };
        Some((side(width)?, side(height)?))
    }
}

fn sides_are((width, height): (u32, u32), card_size: &str, of_image: bool) -> bool {
    let number = |text: &str| text.parse::<u32>().ok();
    let lower = |c: char| card_size.ends_with(c) || card_size.ends_with(c.to_ascii_uppercase());
    let (short, long) = (width.min(height), width.max(height));
    let stem = card_size
        .get(..card_size.len().saturating_sub(1))
        .unwrap_or_default();
    if lower('p') {
        number(stem) == Some(short)
    } else if lower('k') && of_image {
        thousands(stem).is_some_and(|side| {
            let (area, nominal) = (u64::from(width) * u64::from(height), side * side);
            area.abs_diff(nominal) * 10 <= nominal
        })
    } else if lower('k') {
        matches!((stem, short), ("2", 1440) | ("4", 2160))
    } else {
        number(card_size) == Some(long)
    }
}

/// `0.5` or `2` thousands of pixels, in the binary sense.
fn thousands(text: &str) -> Option<u64> {
    if text == "0.5" {
        return Some(512);
    }
    text.parse::<u64>()
        .ok()
        .filter(|side| (1..=64).contains(side))
        .map(|side| side * 1024)
}

fn results_are(size: &str, card_size: &str) -> bool {
    let number = |text: &str| text.parse::<u64>().ok();
    let range = card_size
        .split_once('-')
        .and_then(|(low, high)| Some(number(low)?..=number(high)?));
    range
        .zip(number(size))
        .is_some_and(|(range, results)| range.contains(&results))
}

/// No picture is longer; the product of two sides and of any count of images stays within 64 bits.
const MAX_SIDE: u32 = 1 << 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn is(size: &str, card_size: &str, of_image: bool) -> bool {
        let format = MediaFormat {
            size: Some(size.into()),
            quality: None,
        };
        format.is_size(card_size, of_image)
    }

    #[test]
    fn videos_are_named_by_their_shorter_side() {
        for (size, name) in [
            ("1280x720", "720p"),
            ("720x1280", "720p"),
            ("1920x1080", "1080p"),
            ("854x480", "480p"),
            ("720P", "720p"),
            ("3840x2160", "4k"),
            ("2560x1440", "2k"),
            ("4K", "4k"),
        ] {
            assert!(is(size, name, false), "{size} {name}");
        }
        for (size, name) in [
            ("1280x720", "1080p"),
            ("1024x1792", "1080p"),
            ("1080x1080", "720p"),
            ("2048x1080", "2k"),
        ] {
            assert!(!is(size, name, false), "{size} {name}");
        }
    }

    #[test]
    fn images_are_named_by_their_longer_side_or_their_area() {
        for (size, name) in [
            ("1024x1024", "1024"),
            ("512x512", "512"),
            ("1024x1024", "1K"),
            ("1376x768", "1K"),
            ("2752-x-1536", "2K"),
            ("4096x4096", "4K"),
            ("512x512", "0.5K"),
            ("1k", "1K"),
        ] {
            assert!(is(size, name, true), "{size} {name}");
        }
        for (size, name) in [
            ("1024x1536", "1K"),
            ("1024x1536", "2K"),
            ("1024x1024", "2K"),
            ("auto", "1K"),
            ("", "1K"),
        ] {
            assert!(!is(size, name, true), "{size} {name}");
        }
    }

    #[test]
    fn results_are_named_by_their_range() {
        assert!(is("26", "26-100", false) && is("100", "26-100", false));
        assert!(!is("25", "26-100", false) && !is("101", "26-100", false) && !is("many", "26-100", false));
    }

    #[test]
    fn a_size_that_is_not_known_is_none() {
        assert!(!MediaFormat::default().is_size("1K", true));
    }
}
