use tokio_postgres::NoTls;
use tokio_util::task::TaskTracker;
use tollgate_testkit::TestkitError;
use tollgate_testkit::postgres::PgCluster;

/// The first column of the only row, as text.
async fn query(url: &str, statement: &str) -> Option<String> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.ok()?;
    let driver = TaskTracker::new().spawn(connection);
    let row = client.query_opt(statement, &[]).await.ok()?;
    drop(client);
    driver.await.ok();
    row.map(|row| row.get(0))
}

async fn exists(cluster: &PgCluster, name: &str) -> bool {
    query(
        cluster.base_url(),
        &format!("SELECT datname::text FROM pg_database WHERE datname = '{name}'"),
    )
    .await
    .is_some()
}

#[tokio::test]
async fn databases_are_separate_copied_from_a_template_and_dropped() {
    let cluster = PgCluster::shared().unwrap();
    let template = cluster.fresh_database(None).await.unwrap();
    query(template.url(), "CREATE TABLE seeded AS SELECT 'yes' AS answer").await;
    let copy = cluster.fresh_database(Some(template.name())).await.unwrap();
    let empty = cluster.fresh_database(None).await.unwrap();
    let seeded = "SELECT answer FROM seeded";
    assert_eq!(query(copy.url(), seeded).await.as_deref(), Some("yes"));
    assert_eq!(query(empty.url(), seeded).await, None);
    let names = [copy.name().to_owned(), empty.name().to_owned()];
    assert!(exists(cluster, &names[0]).await);
    drop(copy);
    empty.drop_now().await.unwrap();
    assert!(!exists(cluster, &names[0]).await);
    assert!(!exists(cluster, &names[1]).await);
}

#[tokio::test]
async fn an_own_cluster_survives_being_killed_and_ends_with_its_value() {
    let cluster = PgCluster::start_own().unwrap();
    let database = cluster.fresh_database(None).await.unwrap();
    query(database.url(), "CREATE TABLE kept AS SELECT 'yes' AS answer").await;
    cluster.stop().unwrap();
    assert_eq!(query(database.url(), "SELECT 'up'").await, None);
    cluster.resume().unwrap();
    assert_eq!(
        query(database.url(), "SELECT answer FROM kept").await.as_deref(),
        Some("yes")
    );
    let url = cluster.base_url().to_owned();
    drop(database);
    drop(cluster);
    assert_eq!(query(&url, "SELECT 'up'").await, None);
}

#[test]
fn missing_server_binaries_name_the_package_to_install() {
    assert!(
        TestkitError::PostgresMissing
            .to_string()
            .contains("apt-get install postgresql")
    );
}
