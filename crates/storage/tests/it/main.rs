//! Every port on both databases: each test body runs twice.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "clippy's exemption for tests does not reach the helpers of an integration test"
)]

mod access;
mod activity;
mod attention;
mod audit;
mod config;
mod conflicts;
mod deferred;
mod export;
mod fixture;
mod jobs;
mod key_tokens;
mod keys;
mod ledger;
mod log_filters;
mod logs;
mod object_lists;
mod outages;
mod partitions;
mod pending;
mod price_rules;
mod prices;
mod recent;
mod releases;
mod reports;
mod retention;
mod samples;
mod schema;
mod secrets;
mod series;
mod stats;
mod sums;
mod tallies;
mod tls;
mod tokens;
mod traffic;
mod upstreams;

/// Makes a test for each database of each body, a function of a [`fixture::Fixture`].
#[macro_export]
macro_rules! on_both {
    ($($body:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $body() {
                super::$body($crate::fixture::Fixture::sqlite().await).await;
            })+
        }

        mod on_postgres {
            $(#[tokio::test]
            async fn $body() {
                super::$body($crate::fixture::Fixture::postgres().await).await;
            })+
        }
    };
}
