//! Which language the reader prefers.

/// A language the page is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Chinese, simplified.
    ZhCn,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::En, Self::ZhCn];

    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::ZhCn => "zh-CN",
        }
    }

    /// The one an `Accept-Language` header likes best; the first of equals, English where it names none of ours.
    ///
    /// ```
    /// # use tollgate_console::Language;
    /// assert_eq!(Language::from_accept(Some("de, zh-CN;q=0.8, en;q=0.5")), Language::ZhCn);
    /// assert_eq!(Language::from_accept(None), Language::En);
    /// ```
    pub fn from_accept(header: Option<&str>) -> Self {
        let ranges = header.unwrap_or_default().split(',').filter_map(weighed);
        let best = ranges.fold(None, |best: Option<(u16, Self)>, (weight, language)| match best {
            Some((highest, _)) if highest >= weight => best,
            _ => Some((weight, language)),
        });
        best.map_or(Self::default(), |(_, language)| language)
    }
}

/// A language range with its weight in thousandths; nothing for a foreign or refused one.
fn weighed(range: &str) -> Option<(u16, Language)> {
    let mut parts = range.split(';');
    let tag = parts.next()?.trim().to_ascii_lowercase();
    let language = match tag.split('-').next()? {
        "en" => Language::En,
        "zh" => Language::ZhCn,
        _ => return None,
    };
    let weight = parts
        .find_map(|part| part.trim().strip_prefix("q="))
        .map_or(Some(1000), thousandths)?;
    (weight > 0).then_some((weight, language))
}

/// `1`, `0.8` or `0.875` as 1000, 800 or 875.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole: u16 = whole.parse().ok().filter(|whole| *whole <= 1)?;
    let digits = format!("{fraction:0<3}");
    let fraction: u16 = digits.get(..3)?.parse().ok()?;
    Some((whole * 1000 + fraction).min(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_liked_language_of_ours_wins() {
        for (header, expected) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::ZhCn),
            ("en-GB,en;q=0.9,zh;q=0.8", Language::En),
            ("en;q=0.5, zh-Hans;q=0.875", Language::ZhCn),
            ("fr, en;q=0.1, zh;q=0", Language::En),
            ("zh;q=0.5, en;q=0.5", Language::ZhCn),
            ("ZH-tw", Language::ZhCn),
            ("*", Language::En),
            ("zh;q=x", Language::En),
            ("", Language::En),
        ] {
            assert_eq!(Language::from_accept(Some(header)), expected, "{header}");
        }
    }
}
