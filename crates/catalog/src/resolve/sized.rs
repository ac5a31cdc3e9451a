//! Names that carry the size and quality of what is made: `hd/1024-x-1792/dall-e-3`.

use tollgate_domain::MediaFormat;

/// What stands between the provider and the model's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SizedName<'a> {
    /// `<quality>/<width>-x-<height>/`
    QualityAndSize(&'a str, (u32, u32)),
    /// `<width>-x-<height>/`
    Size((u32, u32)),
    /// Nothing.
    Plain,
}

impl<'a> SizedName<'a> {
    /// The forms to look for, most specific first: sized ones only where the size is known in pixels.
    pub(super) fn all(format: Option<&'a MediaFormat>) -> [Option<Self>; 3] {
        let pixels = format.and_then(MediaFormat::pixels);
        let quality = format.and_then(|format| format.quality.as_deref());
        [
            quality
                .zip(pixels)
                .map(|(quality, pixels)| Self::QualityAndSize(quality, pixels)),
            pixels.map(Self::Size),
            Some(Self::Plain),
        ]
    }

    /// Hands on quality and size as a name spells them; empty where it does not.
    pub(super) fn with_parts<T>(self, look_up: impl FnOnce([&str; 2]) -> T) -> T {
        let (quality, pixels) = match self {
            Self::QualityAndSize(quality, pixels) => (quality, pixels),
            Self::Size(pixels) => ("", pixels),
            Self::Plain => return look_up(["", ""]),
        };
        let mut buffer = [0; 32];
        let size = spelled(&mut buffer, pixels).unwrap_or_default();
        look_up([quality, size])
    }
}

/// `1024-x-1792`, without allocating. Two 32-bit numbers always fit.
fn spelled(buffer: &mut [u8; 32], (width, height): (u32, u32)) -> Option<&str> {
    use std::io::Write as _;

    let mut rest: &mut [u8] = buffer;
    write!(rest, "{width}-x-{height}").ok()?;
    let length = 32 - rest.len();
    std::str::from_utf8(buffer.get(..length)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_spelled_as_the_map_spells_them() {
        let format = MediaFormat {
            size: Some("1024x1792".into()),
            quality: Some("hd".into()),
        };
        let [first, second, third] = SizedName::all(Some(&format));
        assert_eq!(
            first.unwrap().with_parts(|parts| parts.join("/")),
            "hd/1024-x-1792"
        );
        assert_eq!(
            second.unwrap().with_parts(|parts| parts.join("/")),
            "/1024-x-1792"
        );
        assert_eq!(third, Some(SizedName::Plain));
        assert_eq!(SizedName::all(None), [None, None, Some(SizedName::Plain)]);
        let largest = SizedName::Size((u32::MAX, u32::MAX));
        largest.with_parts(|[_, size]| assert_eq!(size, "4294967295-x-4294967295"));
    }
}
