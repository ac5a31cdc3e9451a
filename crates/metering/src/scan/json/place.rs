//! Where in the text the scanner is, as far as wanted fields go.

use super::Field;

/// A path: which fields begin with it (by bit), and its length.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    pub(super) fields: u64,
    pub(super) depth: usize,
}

/// A container on the way to wanted values.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) array: bool,
    /// The fields within it.
    pub(super) place: Place,
    /// Presence fields it satisfies as soon as it has a member.
    pub(super) awaiting: u64,
}

/// The fields whose bits are set.
pub(super) fn fields_of<'a>(
    fields: &'a [&'static Field],
    mut set: u64,
) -> impl Iterator<Item = (u64, &'static Field)> + use<'a> {
    std::iter::from_fn(move || {
        let index = usize::try_from(set.trailing_zeros()).ok()?;
        let field = fields.get(index).copied()?;
        set &= set - 1;
        Some((1 << index, field))
    })
}
