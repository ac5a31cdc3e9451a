//! What holds for every operation of the document, made from the document: whoever adds one has to show how it succeeds,
//! how it conflicts if it can, and gets the rest tried. Missing tokens and roles are in `auth.rs` and `roles.rs`, bounds,
//! ids and conditions in `bounds.rs`.

mod bodies;
mod conflicts;
mod happy;
mod methods;
