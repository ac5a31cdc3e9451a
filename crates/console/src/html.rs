//! HTML under construction.

use std::fmt::Display;

/// A page being written; only [`Html::raw`] takes markup.
#[derive(Debug, Default)]
pub(crate) struct Html(String);

impl Html {
    /// Markup, as it is.
    pub(crate) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// A value, escaped for text and for quoted attributes.
    pub(crate) fn text(&mut self, value: impl Display) -> &mut Self {
        for c in value.to_string().chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                c => self.0.push(c),
            }
        }
        self
    }

    /// The page.
    pub(crate) fn finish(self) -> String {
        self.0
    }
}
