//! The columns that sums are made of, each written once.

/// Hands the columns of a kind of sums to a macro, counts before amounts:
/// `with_columns!(extras list! what is before them)` is `list! { what is before them …, cache_unknown; cache_saved_cost }`.
/// They are packed in this order: a column that is new comes last, with a new version of what holds it.
macro_rules! with_columns {
    (values $to:ident! $($before:tt)*) => {
        $to! { $($before)*
            requests, attempts, billed, unbilled, no_charge, estimated, input_tokens, cache_read_tokens,
            cache_write_tokens, output_tokens, reasoning_tokens, unbilled_input_tokens, unbilled_output_tokens;
            list_cost, cost, charge, estimated_list_cost, estimated_cost, estimated_charge
        }
    };
    (extras $to:ident! $($before:tt)*) => {
        $to! { $($before)*
            timed_output_tokens, generation_us, cache_known, cache_unknown;
            cache_saved_cost
        }
    };
    (attention $to:ident! $($before:tt)*) => {
        $to! { $($before)*
            count, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens;
            list_cost, cost, reported_cost, at_stake
        }
    };
}
pub(crate) use with_columns;

/// A table that sums such columns, after those of its own.
macro_rules! sum_table {
    ($table:ident ($($key:ident),+) { $($own:tt)* } $($count:ident),+; $($amount:ident),+) => {
        diesel::table! {
            use diesel::sql_types::{BigInt, Binary, Nullable, Text};
            use crate::sql_type::{Instant, Numeric, UniqueId};

            $table ($($key),+) {
                $($own)*
                $($count -> BigInt,)+
                $($amount -> Numeric,)+
            }
        }
    };
}
pub(crate) use sum_table;

/// What an upsert sets columns that add up to.
macro_rules! added_up {
    ($table:ident: $($count:ident),+; $($amount:ident),+) => {
        (
            $($table::$count.eq($table::$count + excluded($table::$count)),)+
            $($table::$amount.eq($table::$amount + excluded($table::$amount)),)+
        )
    };
}
pub(crate) use added_up;

/// Such columns, to be selected.
macro_rules! listed {
    ($table:ident: $($count:ident),+; $($amount:ident),+) => {
        ($($table::$count,)+ $($table::$amount,)+)
    };
}
pub(crate) use listed;

/// The columns of a [`RollupKey`](tollgate_domain::RollupKey), to be selected.
macro_rules! key_columns {
    ($table:ident) => {
        (
            $table::bucket,
            $table::writer,
            $table::key_id,
            $table::team,
            $table::upstream_id,
            $table::model,
        )
    };
}
pub(crate) use key_columns;
