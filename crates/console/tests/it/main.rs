//! The embedded console, as the server finds it. These tests need a build with npm.

use tollgate_console::{Asset, Encoding, Language, PATHS, asset, document, is_built};

/// The paths of the files the document loads.
fn loaded() -> Vec<String> {
    let text = document("nonce", Language::En);
    let quoted = text.split('"').skip(1).step_by(2);
    quoted
        .filter_map(|value| value.strip_prefix('/'))
        .map(str::to_owned)
        .collect()
}

fn is_a(path: &str, kinds: &[&str]) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, kind)| kinds.contains(&kind))
}

fn text_of(asset: &Asset) -> String {
    String::from_utf8_lossy(asset.identity).into_owned()
}

#[test]
fn the_console_is_in_the_binary() {
    assert!(is_built(), "built without npm: see the build's warning");
}

#[test]
fn every_file_the_document_loads_is_embedded_and_none_is_foreign() {
    let loaded = loaded();
    assert!(loaded.iter().any(|path| is_a(path, &["js"])), "{loaded:?}");
    assert!(loaded.iter().any(|path| is_a(path, &["css"])), "{loaded:?}");
    for path in &loaded {
        assert!(asset(path).is_some(), "{path}");
    }
    let text = document("nonce", Language::En);
    assert!(!text.contains("http"), "{text}");
    assert!(!text.contains("<script>"), "{text}");
}

/// Bytes below which the build leaves a file as it is.
const WORTH_COMPRESSING: usize = 1024;

#[test]
fn scripts_and_styles_are_compressed_both_ways_and_may_be_kept() {
    let (mut small, mut large) = (0, 0);
    for path in loaded().iter().filter(|path| is_a(path, &["js", "css"])) {
        let Some(asset) = asset(path) else {
            continue;
        };
        assert!(asset.is_immutable(), "{path}");
        let (whole, short) = (asset.for_client(None), asset.for_client(Some("gzip, br")));
        assert_eq!(whole.0, Encoding::Identity);
        if whole.1.len() < WORTH_COMPRESSING {
            assert_eq!(short.0, Encoding::Identity, "{path}");
            continue;
        }
        assert_eq!(short.0, Encoding::Brotli, "{path}");
        let factor = if whole.1.len() < 4 * WORTH_COMPRESSING {
            1
        } else {
            2
        };
        assert!(short.1.len() * factor < whole.1.len(), "{path}");
        (small, large) = (small + short.1.len(), large + whole.1.len());
        assert_eq!(asset.for_client(Some("gzip")).0, Encoding::Gzip, "{path}");
        assert!(!text_of(asset).contains("sourceMappingURL"), "{path}");
    }
    assert!(small * 3 < large, "{small} of {large} bytes");
}

#[test]
fn no_path_of_the_console_is_one_of_the_gateway() {
    assert!(PATHS.contains(&"system"));
    for path in PATHS {
        assert!(
            !["v1", "v1beta", "api", "metrics", "healthz", "readyz", "assets"].contains(path),
            "{path}"
        );
    }
}
