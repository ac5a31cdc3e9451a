//! The names of the price book in force, as estimates look for them.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use billing_core::{NearNames, PriceBook};

use super::comparable::Families;

/// What was read of the names of the book in force, shared by all answers. A book never changes: it is read once.
#[derive(Clone, Default)]
pub struct BookNames(Arc<Mutex<Option<Kept>>>);

struct Kept {
    /// Which book. What it holds is not kept alive by this.
    book: Weak<PriceBook>,
    names: Arc<Names>,
}

/// The names of one book.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) near: Arc<NearNames>,
    pub(super) families: Families,
}

impl BookNames {
    /// Those of a book, read unless they are the latest that were.
    pub(super) fn of(&self, book: &Arc<PriceBook>) -> Arc<Names> {
        if let Some(names) = self.known(book) {
            return names;
        }
        let names = Arc::new(Names {
            near: Arc::new(NearNames::of(book)),
            families: Families::of_book(book),
        });
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Kept {
            book: Arc::downgrade(book),
            names: Arc::clone(&names),
        });
        names
    }

    fn known(&self, book: &Arc<PriceBook>) -> Option<Arc<Names>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = |kept: &&Kept| std::ptr::eq(kept.book.as_ptr(), Arc::as_ptr(book));
        kept.as_ref().filter(is_same).map(|kept| Arc::clone(&kept.names))
    }
}

#[cfg(test)]
mod tests {
    use tollgate_domain::ProviderName;

    use super::*;

    #[test]
    fn another_book_is_read_anew_and_the_same_is_not() {
        let book = |name: &str| {
            let map =
                format!(r#"{{"{name}": {{"input_cost_per_token": 1e-06, "litellm_provider": "acme"}}}}"#);
            Arc::new(PriceBook::from_litellm_json(&map).unwrap())
        };
        let (first, second) = (book("m-1"), book("m-1-b"));
        let kept = BookNames::default();
        let of_first = kept.of(&first);
        assert!(Arc::ptr_eq(&kept.of(&first), &of_first));
        let of_second = kept.of(&second);
        let family = |names: &Names| {
            let family = names.families.of(&ProviderName::new("acme"), "m-1-x");
            family.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(
            (family(&of_first), family(&of_second)),
            (vec!["m-1".to_owned()], vec!["m-1-b".to_owned()])
        );
        // A book that is gone is not taken for one that came to lie where it was.
        drop((first, second));
        let third = book("m-1-c");
        assert_eq!(family(&kept.of(&third)), ["m-1-c"]);
    }
}
