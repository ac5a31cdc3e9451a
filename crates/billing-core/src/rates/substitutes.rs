//! What may stand in for a meter the card does not name.

use tollgate_domain::{
    Fallback::{
        self, CacheAsInput, CacheWrite1hAs5m, ExplicitCacheAsCache, ImagesAsPixels, ModalityAsText,
        ReasoningAsOutput, SearchSizeAsMedium,
    },
    Meter,
};

/// Another meter's rate that may stand in, and what the receipt says of it.
type Substitute = (Meter, &'static [Fallback]);

/// The substitutes, best first.
pub(super) const fn substitutes(meter: Meter) -> &'static [Substitute] {
    match meter {
        Meter::CacheRead | Meter::CacheWrite5m => &[(Meter::Input, &[CacheAsInput])],
        Meter::ExplicitCacheRead => &[
            (Meter::CacheRead, &[ExplicitCacheAsCache]),
            (Meter::Input, &[ExplicitCacheAsCache, CacheAsInput]),
        ],
        Meter::CacheWrite1h => &[
            (Meter::CacheWrite5m, &[CacheWrite1hAs5m]),
            (Meter::Input, &[CacheWrite1hAs5m, CacheAsInput]),
        ],
        Meter::AudioInput | Meter::ImageInput | Meter::VideoInput => &[(Meter::Input, &[ModalityAsText])],
        Meter::AudioCacheRead => &[
            (Meter::CacheRead, &[ModalityAsText]),
            (Meter::AudioInput, &[CacheAsInput]),
            (Meter::Input, &[ModalityAsText, CacheAsInput]),
        ],
        Meter::AudioCacheWrite => &[
            (Meter::CacheWrite5m, &[ModalityAsText]),
            (Meter::AudioInput, &[CacheAsInput]),
            (Meter::Input, &[ModalityAsText, CacheAsInput]),
        ],
        Meter::ImageCacheRead => &[
            (Meter::CacheRead, &[ModalityAsText]),
            (Meter::ImageInput, &[CacheAsInput]),
            (Meter::Input, &[ModalityAsText, CacheAsInput]),
        ],
        Meter::Reasoning => &[(Meter::Output, &[ReasoningAsOutput])],
        Meter::AudioOutput | Meter::ImageOutput | Meter::VideoOutput => &[(Meter::Output, &[ModalityAsText])],
        Meter::WebSearchLow | Meter::WebSearchHigh | Meter::GroundingQueries => {
            &[(Meter::WebSearch, &[SearchSizeAsMedium])]
        }
        Meter::ImagesOut => &[(Meter::PixelsOut, &[ImagesAsPixels])],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_substitute_is_recorded_and_of_the_same_side_and_unit() {
        for meter in Meter::ALL {
            for (substitute, reason) in substitutes(*meter) {
                assert_eq!(meter.side(), substitute.side(), "{meter}");
                // Images are converted into pixels, the others counted as they are.
                assert!(
                    meter.unit() == substitute.unit() || *meter == Meter::ImagesOut,
                    "{meter}"
                );
                assert!(!reason.is_empty(), "{meter}: a fallback must be recorded");
                assert_ne!(meter, substitute);
            }
        }
    }
}
