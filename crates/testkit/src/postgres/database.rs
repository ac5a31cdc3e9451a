//! One database per test.

use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use tokio_postgres::{Config, NoTls};
use tokio_util::task::TaskTracker;

use crate::error::TestkitError;

/// A database of a test's own; dropped with this value.
#[derive(Debug)]
pub struct TestDatabase {
    base_url: String,
    name: String,
    url: String,
    dropped: bool,
}

impl TestDatabase {
    /// Its URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its name, for instance to be a template.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Drops it now, closing whatever is connected.
    pub async fn drop_now(mut self) -> Result<(), TestkitError> {
        self.dropped = true;
        execute(&self.base_url, &drop_statement(&self.name)).await
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if self.dropped {
            return;
        }
        let (base_url, statement) = (self.base_url.clone(), drop_statement(&self.name));
        // On a thread of its own, because this may run inside a runtime, which must not be blocked on.
        let work = move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .ok()?;
            runtime.block_on(execute(&base_url, &statement)).ok()
        };
        // The cluster may be down already; then its directory goes as a whole.
        thread::spawn(work).join().ok();
    }
}

pub(super) async fn create(base_url: &str, template: Option<&str>) -> Result<TestDatabase, TestkitError> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("test_{}_{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    // A database of the same name is left from a process that had the same id.
    execute(base_url, &drop_statement(&name)).await?;
    let copied = template
        .map(|template| format!(" TEMPLATE {}", quoted(template)))
        .unwrap_or_default();
    execute(base_url, &format!("CREATE DATABASE {}{copied}", quoted(&name))).await?;
    let url = with_database(base_url, &name);
    Ok(TestDatabase {
        base_url: base_url.to_owned(),
        name,
        url,
        dropped: false,
    })
}

/// Runs one statement on a connection of its own.
async fn execute(url: &str, statement: &str) -> Result<(), TestkitError> {
    let failed = |action: &str| {
        let action = action.to_owned();
        move |source| TestkitError::Database { action, source }
    };
    let config: Config = url.parse().map_err(failed("reading the url"))?;
    let (client, connection) = config.connect(NoTls).await.map_err(failed("connecting"))?;
    let tasks = TaskTracker::new();
    let driver = tasks.spawn(connection);
    let outcome = client.batch_execute(statement).await.map_err(failed(statement));
    drop(client);
    // How the connection ended does not matter once the statement has.
    driver.await.ok();
    outcome
}

fn drop_statement(name: &str) -> String {
    format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quoted(name))
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The same URL with another database.
fn with_database(url: &str, name: &str) -> String {
    let (address, query) = match url.split_once('?') {
        Some((address, query)) => (address, format!("?{query}")),
        None => (url, String::new()),
    };
    let authority_at = address.find("://").map_or(0, |at| at + 3);
    let end = address
        .char_indices()
        .find(|(at, character)| *at >= authority_at && *character == '/')
        .map_or(address.len(), |(at, _)| at);
    let authority = address.get(..end).unwrap_or(address);
    format!("{authority}/{name}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_of_a_url_is_replaced_whatever_else_it_has() {
        for (url, expected) in [
            ("postgres://u@h:1/postgres", "postgres://u@h:1/x"),
            ("postgres://u@h:1", "postgres://u@h:1/x"),
            ("postgres://h/a?sslmode=disable", "postgres://h/x?sslmode=disable"),
        ] {
            assert_eq!(with_database(url, "x"), expected);
        }
    }
}
