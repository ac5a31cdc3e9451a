//! The output side.

use tollgate_domain::Meter;

use super::Reader;
use crate::flags;

/// Output counters: `total` includes all the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct OutputParts {
    pub(crate) total: u64,
    pub(crate) reasoning: u64,
    pub(crate) audio: u64,
    pub(crate) image: u64,
    pub(crate) video: u64,
}

impl OutputParts {
    /// Counts each token once; the sum is always the total. Parts beyond it are clamped to what is left, in the order
    /// reasoning, audio, image, video (`details_exceed_output`).
    pub(crate) fn settle(self, reader: &mut Reader<'_>) {
        let mut left = self.total;
        for (meter, count) in [
            (Meter::Reasoning, self.reasoning),
            (Meter::AudioOutput, self.audio),
            (Meter::ImageOutput, self.image),
            (Meter::VideoOutput, self.video),
        ] {
            if count > left {
                reader.flag(flags::DETAILS_EXCEED_OUTPUT);
            }
            let count = count.min(left);
            left -= count;
            reader.add(meter, count);
        }
        reader.add(Meter::Output, left);
    }
}

#[cfg(test)]
mod tests {
    use tollgate_domain::Usage;

    use super::super::Node;
    use super::*;

    fn settled(parts: OutputParts) -> (Usage, Vec<String>) {
        let node = Node::parse_object(b"{}").unwrap();
        let mut reader = Reader::new(&node);
        parts.settle(&mut reader);
        (reader.tally.usage, reader.tally.flags.into_names())
    }

    #[test]
    fn text_is_what_the_parts_leave() {
        let (found, flags) = settled(OutputParts {
            total: 100,
            reasoning: 40,
            audio: 10,
            image: 5,
            video: 1,
        });
        assert_eq!(
            (found.get(Meter::Output).get(), found.get(Meter::Reasoning).get()),
            (44, 40)
        );
        assert!(flags.is_empty());
    }

    #[test]
    fn parts_beyond_the_total_are_clamped_and_flagged() {
        let (found, flags) = settled(OutputParts {
            total: 30,
            reasoning: 20,
            audio: 15,
            ..OutputParts::default()
        });
        assert_eq!(found.get(Meter::Reasoning).get(), 20);
        assert_eq!(found.get(Meter::AudioOutput).get(), 10);
        assert_eq!(found.get(Meter::Output).get(), 0);
        assert_eq!(flags, [flags::DETAILS_EXCEED_OUTPUT]);
    }
}
