//! Structs of counts and amounts that add up field by field.

use crate::{MoneyError, Usd};

/// A count or an amount.
pub(crate) trait Summable: Sized {
    fn plus(self, other: Self) -> Result<Self, MoneyError>;
    fn turned(self) -> Self;
}

impl Summable for i64 {
    fn plus(self, other: Self) -> Result<Self, MoneyError> {
        Ok(self.saturating_add(other))
    }

    fn turned(self) -> Self {
        self.saturating_neg()
    }
}

impl Summable for Usd {
    fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.checked_add(other)
    }

    fn turned(self) -> Self {
        Self::from_pico(self.pico().saturating_neg())
    }
}

/// Declares a struct all of whose fields are summable.
macro_rules! summable {
    (
        $(#[$type_doc:meta])* pub struct $type:ident;
        $($(#[$doc:meta])* $name:ident: $kind:ident,)*
    ) => {
        $(#[$type_doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct $type {
            $($(#[$doc])* pub $name: $kind,)*
        }

        impl $type {
            /// Sum.
            ///
            /// # Errors
            /// [`MoneyError::Overflow`](crate::MoneyError::Overflow) past the exact range.
            pub fn checked_add(self, other: Self) -> Result<Self, $crate::MoneyError> {
                use $crate::summable::Summable as _;
                Ok(Self { $($name: self.$name.plus(other.$name)?,)* })
            }

            /// The same with every sign turned.
            #[must_use]
            pub fn negated(self) -> Self {
                use $crate::summable::Summable as _;
                Self { $($name: self.$name.turned(),)* }
            }
        }
    };
}
pub(crate) use summable;
