//! Any text is read as a price map or refused, and a snapshot of it reads the same.

use billing_core::{PriceBook, RateCard};
use tollgate_catalog::{parse_map, snapshot};

pub(crate) fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let Ok(map) = parse_map(text) else {
        assert!(PriceBook::from_litellm_json(text).is_err());
        return;
    };
    let book = PriceBook::from_litellm_json(text).unwrap();
    let mut priced = 0;
    for model in &map.models {
        let Some(card) = &model.card else {
            continue;
        };
        priced += 1;
        assert_eq!(book.synced_card(model.name.as_str()), Some(&**card));
        let stored = serde_json::to_string(&**card).unwrap();
        let read: RateCard = serde_json::from_str(&stored).unwrap();
        assert_eq!((&read, read.id()), (&**card, card.id()), "{stored}");
    }
    assert!(priced > 0, "a map without a price was read");
    assert_eq!(book.len(), priced);
    let again = parse_map(&snapshot::import(text).unwrap()).unwrap();
    assert_eq!(map.models, again.models);
}
