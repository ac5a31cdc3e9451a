//! The figures as a table.

use std::time::Duration;

use crate::cell::{Cell, Measured};
use crate::table::{Align, Table};

const PERCENTILES: [usize; 2] = [50, 99];

/// One row for each workload and concurrency.
pub(crate) fn render(cells: &[Cell]) -> String {
    let mut table = Table::new(&[
        (Align::Left, ""),
        (Align::Right, "at a time"),
        (Align::Right, "direct/s"),
        (Align::Right, "gateway/s"),
        (Align::Point, "direct p50"),
        (Align::Point, "p99"),
        (Align::Point, "gateway p50"),
        (Align::Point, "p99"),
        (Align::Point, "added p50"),
        (Align::Point, "p99"),
        (Align::Right, "gateway CPU µs/request"),
    ]);
    for cell in cells {
        let mut row = vec![
            cell.workload.name().to_owned(),
            cell.concurrency.to_string(),
            cell.direct.per_second().to_string(),
            cell.proxied.per_second().to_string(),
        ];
        row.extend(percentiles(&cell.direct).map(milliseconds));
        row.extend(percentiles(&cell.proxied).map(milliseconds));
        let added = percentiles(&cell.direct)
            .into_iter()
            .zip(percentiles(&cell.proxied));
        row.extend(added.map(|(direct, proxied)| difference(direct, proxied)));
        row.push((cell.cpu.as_micros() / u128::from(cell.proxied.count().max(1))).to_string());
        table.row(row);
    }
    format!(
        "\n{table}\n\
         Latencies in milliseconds, whole answers. Load, provider and gateway share this machine's cores; only the\n\
         gateway's own process is in its CPU time, pricing, journal and database included.\n"
    )
}

fn percentiles(measured: &Measured) -> [Duration; 2] {
    PERCENTILES.map(|percent| measured.percentile(percent))
}

fn difference(direct: Duration, proxied: Duration) -> String {
    match proxied.checked_sub(direct) {
        Some(added) => format!("+{}", milliseconds(added)),
        None => format!("-{}", milliseconds(direct.saturating_sub(proxied))),
    }
}

fn milliseconds(duration: Duration) -> String {
    let micros = duration.as_micros();
    format!("{}.{:03}", micros / 1_000, micros % 1_000)
}
