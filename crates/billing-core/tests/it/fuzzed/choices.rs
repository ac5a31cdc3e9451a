//! Structured values out of raw bytes.

use billing_core::{Meter, Usage};

/// Numbers as no sane JSON writes them, beside some that it does.
const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "0.0",
    "1",
    "-1",
    "1.5",
    "2.0",
    "1e400",
    "1e-400",
    "1E+2",
    "1e-30",
    "-1e-6",
    "2.5e-06",
    "1e-05",
    "0.035",
    "1099511627776",
    "1099511627777",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "340282366920938463463374607431768211456",
    "0.1234567890123456789012345678901234567890",
    "1000000000",
    "1e9",
    "1e3",
    "\"12\"",
    "\"-12\"",
    "\"1e400\"",
    "\"\"",
    "\" \"",
    "\"NaN\"",
    "null",
    "true",
    "{}",
    "[]",
    "[1]",
    "{\"a\":1}",
];

/// Choices drawn from bytes. When they run out, every choice is the first one.
pub(crate) struct Choices<'a> {
    rest: &'a [u8],
}

impl<'a> Choices<'a> {
    pub(crate) const fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    pub(crate) fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.rest.split_first() else {
            return 0;
        };
        self.rest = rest;
        *first
    }

    pub(crate) const fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::from(self.byte()) % limit.max(1)
    }

    pub(crate) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// Small, large or anything.
    pub(crate) fn count(&mut self) -> u64 {
        match self.byte() % 4 {
            0 => u64::from(self.byte()),
            1 => u64::from(self.byte()) * 1_000,
            2 => (1 << 40) - 1 + u64::from(self.byte() % 4),
            _ => (0..8).fold(0, |number, _| number << 8 | u64::from(self.byte())),
        }
    }

    /// A JSON value where a number is expected.
    pub(crate) fn number(&mut self) -> String {
        match self.byte() % 4 {
            0 => self.count().to_string(),
            1 => format!("{}e-{}", self.byte(), self.byte() % 20),
            _ => self.pick(NUMBERS).to_owned(),
        }
    }

    /// Up to eight meters; counts past the limit are refused with the count named, and left out.
    pub(crate) fn usage(&mut self) -> Usage {
        let mut usage = Usage::new();
        for _ in 0..self.below(9) {
            let (meter, count) = (self.pick(Meter::ALL), self.count());
            match usage.set(meter, count) {
                Ok(()) => assert!(count <= 1 << 40),
                Err(error) => {
                    assert!(count > 1 << 40, "{error}");
                    assert!(error.to_string().contains(&count.to_string()), "{error}");
                }
            }
        }
        usage
    }
}
