//! The elements of a list, found without holding any of them.

/// Walks through a JSON list that arrives in pieces.
#[derive(Debug, Default)]
pub(super) struct Elements {
    /// Brackets that are open, the list's own included.
    depth: u32,
    text: Option<Text>,
    within: bool,
}

/// Where in a string the walk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Text {
    Plain,
    Escaped,
}

/// What a piece of a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element<'b> {
    /// The list begins.
    First,
    /// A piece of the element that is open.
    Piece(&'b [u8]),
    /// The element has ended.
    End,
}

impl Elements {
    /// Reads the next piece. Elements that are no objects or lists are passed over.
    pub(super) fn push<'b>(&mut self, bytes: &'b [u8], mut take: impl FnMut(Element<'b>)) {
        let mut from = 0;
        for (at, byte) in bytes.iter().enumerate() {
            match (self.text, byte) {
                (Some(Text::Escaped), _) | (None, b'"') => self.text = Some(Text::Plain),
                (Some(Text::Plain), b'\\') => self.text = Some(Text::Escaped),
                (Some(Text::Plain), b'"') => self.text = None,
                (None, b'[' | b'{') => {
                    self.depth += 1;
                    match self.depth {
                        1 => take(Element::First),
                        2 => {
                            self.within = true;
                            from = at;
                        }
                        _ => {}
                    }
                }
                (None, b']' | b'}') => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 1 {
                        self.within = false;
                        take(Element::Piece(bytes.get(from..=at).unwrap_or_default()));
                        take(Element::End);
                    }
                }
                (Some(Text::Plain) | None, _) => {}
            }
        }
        if self.within {
            take(Element::Piece(bytes.get(from..).unwrap_or_default()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_told_apart_in_any_pieces() {
        let text = r#" [ {"a":"]}\"[","b":[1,{"c":2}]} ,null,"x",{},[[]] ]"#;
        for size in 1..text.len() {
            let (mut elements, mut found, mut open) = (Elements::default(), Vec::new(), Vec::new());
            let mut lists = 0;
            for piece in text.as_bytes().chunks(size) {
                elements.push(piece, |element| match element {
                    Element::First => lists += 1,
                    Element::Piece(bytes) => open.extend_from_slice(bytes),
                    Element::End => found.push(String::from_utf8(std::mem::take(&mut open)).unwrap()),
                });
            }
            assert_eq!(
                found,
                [r#"{"a":"]}\"[","b":[1,{"c":2}]}"#, "{}", "[[]]"],
                "{size}"
            );
            assert_eq!((lists, open.len()), (1, 0), "{size}");
        }
    }
}
