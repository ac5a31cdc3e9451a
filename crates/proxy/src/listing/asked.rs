//! What a caller asks of a list, in the parameters of its protocol.

use super::Listed;
use crate::error::ProxyError;
use crate::query;

/// The most objects of one page: each is asked for at its upstream. Protocols let a page be shorter than its limit.
const MOST: u16 = 100;

/// What files are for that came to be here.
const SENT: &str = "batch";
const RESULTS: &str = "batch_output";

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// At most so many objects.
    pub(crate) limit: u16,
    /// The object the page begins behind, by its name at the provider.
    pub(crate) beyond: Option<Beyond>,
    pub(crate) direction: Direction,
    /// Whether files with results are wanted, or those that were sent; both without it.
    pub(crate) results: Option<bool>,
    /// Nothing that is here can be what is asked for.
    pub(crate) nothing: bool,
}

/// An object that a page begins behind, and the parameter that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Beyond {
    pub(crate) parameter: &'static str,
    pub(crate) object_id: String,
}

/// Which way a page leads, and how it is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// From the newest on.
    Down,
    /// From the oldest on.
    Up,
    /// What is just newer than the object it begins behind; the newest is written first all the same.
    Back,
}

/// How large a page is.
struct Size {
    parameter: &'static str,
    least: i64,
    /// `None` where more is asked for than a page ever has and is taken as the most.
    greatest: Option<i64>,
    default: u16,
}

impl Asked {
    /// Reads the parameters. Those that say nothing of a list are passed over.
    ///
    /// # Errors
    /// [`ProxyError::ParameterInvalid`] with the parameter, its value and what it may be.
    pub(crate) fn read(listed: Listed, query: Option<&str>) -> Result<Self, ProxyError> {
        let query = query.unwrap_or_default();
        let limit = size(listed).read(query)?;
        let mut asked = Self {
            limit,
            beyond: None,
            direction: Direction::Down,
            results: None,
            nothing: false,
        };
        match listed {
            Listed::OpenaiBatches => asked.beyond = beyond(query, "after"),
            Listed::OpenaiFiles => {
                asked.beyond = beyond(query, "after");
                asked.order(query)?;
                asked.purpose(query);
            }
            Listed::AnthropicBatches => asked.both_ways(query)?,
            Listed::GeminiBatches => {
                refuse_filter(query)?;
                asked.beyond = token(query, "batches");
            }
            Listed::GeminiFiles => asked.beyond = token(query, "files"),
        }
        Ok(asked)
    }

    fn order(&mut self, query: &str) -> Result<(), ProxyError> {
        self.direction = match query::decoded(query, "order").as_deref() {
            None | Some("" | "desc") => Direction::Down,
            Some("asc") => Direction::Up,
            Some(other) => return Err(invalid("order", other, "\"asc\" or \"desc\"")),
        };
        Ok(())
    }

    fn purpose(&mut self, query: &str) {
        match query::decoded(query, "purpose").as_deref() {
            None | Some("") => {}
            Some(SENT) => self.results = Some(false),
            Some(RESULTS) => self.results = Some(true),
            // Files for anything else are not carried.
            Some(_) => self.nothing = true,
        }
    }

    fn both_ways(&mut self, query: &str) -> Result<(), ProxyError> {
        let (after, before) = (beyond(query, "after_id"), beyond(query, "before_id"));
        if let (Some(_), Some(before)) = (&after, &before) {
            return Err(invalid(
                "before_id",
                &before.object_id,
                "left out where after_id is given",
            ));
        }
        if before.is_some() {
            self.direction = Direction::Back;
        }
        self.beyond = after.or(before);
        Ok(())
    }
}

const fn size(listed: Listed) -> Size {
    let (parameter, least, greatest, default) = match listed {
        Listed::OpenaiBatches => ("limit", 1, Some(100), 20),
        Listed::OpenaiFiles => ("limit", 1, Some(10_000), MOST),
        Listed::AnthropicBatches => ("limit", 1, Some(1_000), 20),
        Listed::GeminiBatches => ("pageSize", 0, None, 50),
        Listed::GeminiFiles => ("pageSize", 0, None, 10),
    };
    Size {
        parameter,
        least,
        greatest,
        default,
    }
}

impl Size {
    fn read(&self, query: &str) -> Result<u16, ProxyError> {
        let given = query::decoded(query, self.parameter)
            .or_else(|| query::decoded(query, &snake_case(self.parameter)));
        let Some(given) = given else {
            return Ok(self.default);
        };
        let fits = |size: &i64| *size >= self.least && self.greatest.is_none_or(|most| *size <= most);
        match given.parse::<i64>().ok().filter(fits) {
            // As with every number that Gemini's API is not given.
            Some(0) => Ok(self.default),
            Some(size) => Ok(u16::try_from(size).unwrap_or(MOST).min(MOST)),
            None => {
                let least = self.least;
                let wanted = match self.greatest {
                    Some(most) => format!("a whole number from {least} to {most}"),
                    None => format!("a whole number of at least {least}"),
                };
                Err(invalid(self.parameter, &given, &wanted))
            }
        }
    }
}

fn snake_case(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 1);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

fn beyond(query: &str, parameter: &'static str) -> Option<Beyond> {
    let object_id = query::decoded(query, parameter).filter(|id| !id.is_empty())?;
    Some(Beyond { parameter, object_id })
}

/// The token of Gemini's pages: the name of the last object, without its collection.
fn token(query: &str, collection: &str) -> Option<Beyond> {
    let given = beyond(query, "pageToken").or_else(|| beyond(query, "page_token"))?;
    Some(Beyond {
        parameter: "pageToken",
        object_id: format!("{collection}/{}", given.object_id),
    })
}

fn refuse_filter(query: &str) -> Result<(), ProxyError> {
    match query::decoded(query, "filter").filter(|filter| !filter.is_empty()) {
        Some(filter) => Err(invalid("filter", &filter, "left out: batches are not filtered")),
        None => Ok(()),
    }
}

pub(super) fn invalid(name: &'static str, value: &str, wanted: &str) -> ProxyError {
    /// More of a value is not repeated.
    const SHOWN: usize = 100;
    let value = value.chars().take(SHOWN).collect();
    ProxyError::ParameterInvalid {
        name,
        value,
        wanted: wanted.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(listed: Listed, query: &str) -> Result<Asked, String> {
        Asked::read(listed, Some(query)).map_err(|error| error.to_string())
    }

    fn from(asked: &Asked) -> Option<(&str, &str)> {
        let beyond = asked.beyond.as_ref()?;
        Some((beyond.parameter, beyond.object_id.as_str()))
    }

    #[test]
    fn each_protocol_has_its_own_parameters_and_defaults() {
        for (listed, limit) in [
            (Listed::OpenaiBatches, 20),
            (Listed::OpenaiFiles, MOST),
            (Listed::AnthropicBatches, 20),
            (Listed::GeminiBatches, 50),
            (Listed::GeminiFiles, 10),
        ] {
            let asked = Asked::read(listed, None).unwrap();
            assert_eq!(asked.limit, limit, "{listed:?}");
            assert_eq!((asked.beyond, asked.direction), (None, Direction::Down));
        }
        let asked = read(Listed::OpenaiBatches, "after=batch%5F1&limit=2&api-version=1").unwrap();
        assert_eq!((from(&asked), asked.limit), (Some(("after", "batch_1")), 2));
        let asked = read(Listed::OpenaiFiles, "order=asc&limit=10000&purpose=batch").unwrap();
        assert_eq!(
            (asked.direction, asked.limit, asked.results),
            (Direction::Up, MOST, Some(false))
        );
        let asked = read(Listed::OpenaiFiles, "purpose=batch_output").unwrap();
        assert_eq!((asked.results, asked.nothing), (Some(true), false));
        assert!(read(Listed::OpenaiFiles, "purpose=fine-tune").unwrap().nothing);
        let asked = read(Listed::AnthropicBatches, "before_id=b&limit=1000").unwrap();
        assert_eq!(
            (from(&asked), asked.direction, asked.limit),
            (Some(("before_id", "b")), Direction::Back, MOST)
        );
        for query in ["pageSize=3&pageToken=x", "page_size=3&page_token=x"] {
            let asked = read(Listed::GeminiFiles, query).unwrap();
            assert_eq!((from(&asked), asked.limit), (Some(("pageToken", "files/x")), 3));
        }
        assert_eq!(read(Listed::GeminiFiles, "pageSize=5000").unwrap().limit, MOST);
        assert_eq!(read(Listed::GeminiFiles, "pageSize=0").unwrap().limit, 10);
    }

    #[test]
    fn a_value_that_cannot_be_is_named_with_what_it_may_be() {
        for (listed, query, name, wanted) in [
            (Listed::OpenaiBatches, "limit=0", "`limit`", "from 1 to 100"),
            (Listed::OpenaiBatches, "limit=101", "\"101\"", "from 1 to 100"),
            (Listed::OpenaiBatches, "limit=", "\"\"", "from 1 to 100"),
            (Listed::OpenaiFiles, "limit=10001", "`limit`", "from 1 to 10000"),
            (Listed::OpenaiFiles, "limit=many", "\"many\"", "whole number"),
            (Listed::OpenaiFiles, "order=up", "`order`", "\"asc\" or \"desc\""),
            (
                Listed::AnthropicBatches,
                "limit=1001",
                "`limit`",
                "from 1 to 1000",
            ),
            (
                Listed::AnthropicBatches,
                "after_id=a&before_id=b",
                "`before_id`",
                "after_id",
            ),
            (Listed::GeminiBatches, "pageSize=-1", "`pageSize`", "at least 0"),
            (Listed::GeminiBatches, "filter=x", "`filter`", "left out"),
        ] {
            let error = read(listed, query).unwrap_err();
            assert!(error.contains(name) && error.contains(wanted), "{query}: {error}");
        }
    }
}
