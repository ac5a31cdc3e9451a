//! The input side of protocols whose input counter includes everything.

use tollgate_domain::Meter;

use super::Reader;
use crate::flags;

/// Input counters as reported: `total` includes all the others, `cached` includes its modalities, and each modality
/// includes its cached part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct InputParts {
    pub(crate) total: u64,
    pub(crate) cached: u64,
    pub(crate) cached_audio: u64,
    pub(crate) cached_image: u64,
    /// There is no meter for it: cached video counts as cached text, and no more as video.
    pub(crate) cached_video: u64,
    /// The cache is one the caller created explicitly.
    pub(crate) explicit_cache: bool,
    pub(crate) written: u64,
    /// Of what was written, the part for longer than the usual time.
    pub(crate) written_long: u64,
    pub(crate) audio: u64,
    pub(crate) image: u64,
    pub(crate) video: u64,
}

impl InputParts {
    /// Counts each token once. What was reported adds up to `total` whenever that is possible at all:
    ///
    /// - Parts that exceed the total only because cached audio or images were not told apart are taken for cached
    ///   ones (`cached_modality_inferred`); the sum stays the total.
    /// - More cached than sent settles with no uncached input (`cached_exceeds_input`).
    /// - Modalities beyond the total settle as reported, with no text (`details_exceed_input`).
    pub(crate) fn settle(mut self, reader: &mut Reader<'_>) {
        let cached_parts = self.cached_audio + self.cached_image + self.cached_video;
        let parts_fit = self.cached_audio <= self.audio
            && self.cached_image <= self.image
            && self.cached_video <= self.video
            && cached_parts <= self.cached;
        if !parts_fit {
            (self.cached_audio, self.cached_image, self.cached_video) = (0, 0, 0);
            reader.flag(flags::DETAILS_EXCEED_INPUT);
        }
        if self.cached + self.written > self.total {
            reader.flag(flags::CACHED_EXCEEDS_INPUT);
        } else {
            self.infer_cached_modalities(reader);
        }
        let (audio, image, video) = (
            self.audio - self.cached_audio,
            self.image - self.cached_image,
            self.video - self.cached_video,
        );
        let others = self.cached + self.written + audio + image + video;
        if others > self.total && self.cached + self.written <= self.total {
            reader.flag(flags::DETAILS_EXCEED_INPUT);
        }
        let written_long = self.written_long.min(self.written);
        for (meter, count) in [
            (Meter::Input, self.total.saturating_sub(others)),
            (
                if self.explicit_cache {
                    Meter::ExplicitCacheRead
                } else {
                    Meter::CacheRead
                },
                self.cached - self.cached_audio - self.cached_image,
            ),
            (Meter::CacheWrite5m, self.written - written_long),
            (Meter::CacheWrite1h, written_long),
            (Meter::AudioInput, audio),
            (Meter::AudioCacheRead, self.cached_audio),
            (Meter::ImageInput, image),
            (Meter::ImageCacheRead, self.cached_image),
            (Meter::VideoInput, video),
        ] {
            reader.add(meter, count);
        }
    }

    fn infer_cached_modalities(&mut self, reader: &mut Reader<'_>) {
        let fresh = |part: u64, cached: u64| part - cached;
        let used = self.cached
            + self.written
            + fresh(self.audio, self.cached_audio)
            + fresh(self.image, self.cached_image)
            + fresh(self.video, self.cached_video);
        let mut over = used.saturating_sub(self.total);
        let mut untold = self.cached - self.cached_audio - self.cached_image - self.cached_video;
        for (part, cached) in [
            (self.audio, &mut self.cached_audio),
            (self.image, &mut self.cached_image),
            (self.video, &mut self.cached_video),
        ] {
            let shifted = over.min(untold).min(part - *cached);
            if shifted > 0 {
                *cached += shifted;
                over -= shifted;
                untold -= shifted;
                reader.flag(flags::CACHED_MODALITY_INFERRED);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tollgate_domain::Usage;

    use super::super::Node;
    use super::*;

    fn settled(parts: InputParts) -> (Usage, Vec<String>) {
        let node = Node::parse_object(b"{}").unwrap();
        let mut reader = Reader::new(&node);
        parts.settle(&mut reader);
        (reader.tally.usage, reader.tally.flags.into_names())
    }

    fn usage(counts: &[(Meter, u64)]) -> Usage {
        counts.iter().fold(Usage::new(), |usage, (meter, count)| {
            usage.with(*meter, *count).unwrap()
        })
    }

    #[test]
    fn every_part_is_counted_once() {
        let parts = InputParts {
            total: 1000,
            cached: 300,
            cached_audio: 50,
            cached_image: 20,
            cached_video: 10,
            explicit_cache: false,
            written: 100,
            written_long: 40,
            audio: 150,
            image: 60,
            video: 30,
        };
        let expected = usage(&[
            (Meter::Input, 440),
            (Meter::CacheRead, 230),
            (Meter::CacheWrite5m, 60),
            (Meter::CacheWrite1h, 40),
            (Meter::AudioInput, 100),
            (Meter::AudioCacheRead, 50),
            (Meter::ImageInput, 40),
            (Meter::ImageCacheRead, 20),
            (Meter::VideoInput, 20),
        ]);
        assert_eq!(expected.context_tokens(), 1000);
        assert_eq!(settled(parts), (expected, vec![]));
    }

    #[test]
    fn audio_that_must_be_cached_is_taken_for_cached() {
        let (found, flags) = settled(InputParts {
            total: 100,
            cached: 50,
            audio: 80,
            ..InputParts::default()
        });
        let expected = usage(&[
            (Meter::CacheRead, 20),
            (Meter::AudioInput, 50),
            (Meter::AudioCacheRead, 30),
        ]);
        assert_eq!(found, expected);
        assert_eq!(flags, [flags::CACHED_MODALITY_INFERRED]);
    }

    #[test]
    fn more_cached_than_sent_leaves_no_uncached_input() {
        let (found, flags) = settled(InputParts {
            total: 10,
            cached: 1000,
            ..InputParts::default()
        });
        assert_eq!(found, usage(&[(Meter::CacheRead, 1000)]));
        assert_eq!(flags, [flags::CACHED_EXCEEDS_INPUT]);
    }

    #[test]
    fn parts_beyond_the_total_are_flagged_and_never_negative() {
        let (found, flags) = settled(InputParts {
            total: 100,
            audio: 150,
            ..InputParts::default()
        });
        assert_eq!(found, usage(&[(Meter::AudioInput, 150)]));
        assert_eq!(flags, [flags::DETAILS_EXCEED_INPUT]);
        let odd = InputParts {
            total: 100,
            cached: 10,
            cached_audio: 40,
            audio: 20,
            ..InputParts::default()
        };
        let (found, flags) = settled(odd);
        assert_eq!(found.context_tokens(), 100);
        assert_eq!(flags, [flags::DETAILS_EXCEED_INPUT]);
    }
}
