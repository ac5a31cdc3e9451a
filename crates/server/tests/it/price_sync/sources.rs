use tollgate_testkit::{MapReply, MapServer};

use super::{MODEL, PriceMap, Synced, assert_outcome};
use crate::support::Backend;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn urls_are_tried_in_order_until_one_has_a_map() {
    let broken = MapServer::start(MapReply::Status(404)).await.unwrap();
    let page = MapServer::start(MapReply::Body("<html></html>".into()))
        .await
        .unwrap();
    let map = PriceMap::bundled().with(MODEL, "input_cost_per_token", "3e-06");
    let good = MapServer::start(MapReply::map(map.text(), "good")).await.unwrap();
    let urls = format!(
        "[\"{}\", \"{}\", \"{}?key=secret\"]",
        broken.url(),
        page.url(),
        good.url()
    );
    let synced = Synced::with(Backend::Sqlite, &[("TOLLGATE_PRICES__SYNC__URLS", &urls)]).await;
    let release = synced.sync().await;
    assert_outcome(&release, "success", "");
    assert_eq!(release["url"], good.url());
    assert_eq!(good.take_seen()[0].target, "/map.json?key=secret");
    good.reply(MapReply::Status(404));
    let release = synced.sync().await;
    assert_outcome(&release, "held", "but a page");
    for server in [&broken, &page, &good] {
        assert!(
            release["reason"].as_str().unwrap().contains(&server.url()),
            "{release}"
        );
    }
    assert!(!release.to_string().contains("secret"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_outgoing_proxy_is_used() {
    let map = PriceMap::bundled().with(MODEL, "input_cost_per_token", "3e-06");
    let proxy = MapServer::start(MapReply::map(map.text(), "proxied"))
        .await
        .unwrap();
    let settings = [
        (
            "TOLLGATE_PRICES__SYNC__URLS",
            "[\"http://prices.invalid/map.json\"]",
        ),
        ("TOLLGATE_PRICES__SYNC__PROXY_URL", &proxy.proxy_url()),
    ];
    let synced = Synced::with(Backend::Sqlite, &settings).await;
    assert_outcome(&synced.sync().await, "success", "");
    assert_eq!(proxy.take_seen()[0].target, "http://prices.invalid/map.json");
    assert!(synced.server.take_seen().is_empty());
}
