//! Size and quality of generated images and videos.

use serde::{Deserialize, Serialize};

/// What an image or video request asked for, or the answer says was made, as written there. Prices differ by it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MediaFormat {
    /// `1024x1024`, `1024-x-1024`, `720p`, `4K` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Box<str>>,
    /// `hd`, `low`, `standard` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<Box<str>>,
}

impl MediaFormat {
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

/// No picture is longer; the product of two sides and of any count of images stays within 64 bits.
const MAX_SIDE: u32 = 1 << 16;
