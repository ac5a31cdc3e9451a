use tollgate_testkit::MapReply;

use super::{PriceMap, Synced, assert_outcome};
use crate::support::{Backend, both};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_a_server_does_wrong_ends_with_a_reason_while_old_prices_serve() {
    both(faults).await;
}

async fn faults(backend: Backend) {
    let limits = [
        ("TOLLGATE_PRICES__SYNC__TOTAL_TIMEOUT_SECONDS", "3"),
        ("TOLLGATE_PRICES__SYNC__TRIES", "1"),
    ];
    let synced = Synced::with(backend, &limits).await;
    let map = PriceMap::bundled().text();
    let before = synced.overview().await;
    let (page, half) = (
        "<!DOCTYPE html><html><title>Bad gateway</title></html>",
        &map[..map.len() / 2],
    );
    for (reply, state, reason) in [
        (MapReply::Body(page.into()), "held", "but a page"),
        (MapReply::Body(half.into()), "held", "the price map is truncated"),
        (
            MapReply::Body("{}".into()),
            "held",
            "none of the price map's 0 entries",
        ),
        (MapReply::Body("[1, 2]".into()), "held", "not a price map"),
        (MapReply::Body("".into()), "held", "empty"),
        (MapReply::Status(404), "failed", "404"),
        (MapReply::Status(500), "failed", "500"),
        (MapReply::Status(304), "failed", "304"),
        (
            MapReply::Blanks {
                bytes: 300 << 20,
                gzip: false,
            },
            "failed",
            "larger than the limit of 8388608 bytes",
        ),
        (
            MapReply::Blanks {
                bytes: 40 << 20,
                gzip: true,
            },
            "failed",
            "larger than the limit of 8388608 bytes",
        ),
        (MapReply::Drip, "failed", "not done after 3 s"),
        (
            MapReply::Redirect(synced.server.url()),
            "failed",
            "redirected more than 5 times",
        ),
        (
            MapReply::Redirect("ftp://127.0.0.1/map.json".to_owned()),
            "failed",
            "redirected to a ftp address",
        ),
        (MapReply::CutOff, "failed", "the connection broke"),
    ] {
        let shown = format!("{reply:?}").chars().take(60).collect::<String>();
        synced.server.reply(reply);
        let release = synced.sync().await;
        assert_eq!(
            (release["state"].as_str(), release["price_version"].as_i64()),
            (Some(state), None),
            "{shown}: {release}"
        );
        assert_outcome(&release, state, reason);
        assert!(
            release["reason"]
                .as_str()
                .unwrap()
                .starts_with(&synced.server.url()),
            "{release}"
        );
    }
    let after = synced.overview().await;
    assert_eq!(after["price_version"], before["price_version"]);
    assert_eq!(
        (&after["catalog"]["models"], &after["catalog"]["stale"]),
        (&before["catalog"]["models"], &0.into())
    );
    assert_eq!(synced.bill(1).await.1, "2.5");
    // Nothing of it stands in the way of the next good one.
    synced.serve(&PriceMap::bundled(), "good");
    assert_outcome(&synced.sync().await, "unchanged", "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transient_fault_is_tried_again() {
    let synced = Synced::new(Backend::Sqlite).await;
    synced.server.reply(MapReply::Status(503));
    assert_outcome(&synced.sync().await, "failed", "503");
    assert_eq!(synced.server.take_seen().len(), 2);
    synced.server.reply(MapReply::Status(403));
    assert_outcome(&synced.sync().await, "failed", "403");
    assert_eq!(synced.server.take_seen().len(), 1);
}
