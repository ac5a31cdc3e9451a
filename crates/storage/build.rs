//! Migrations are embedded; a change of one rebuilds the crate.

fn main() {
    for tree in ["../../migrations-pg", "../../migrations-sqlite"] {
        // What cargo reads from standard output is not printing.
        std::io::Write::write_all(
            &mut std::io::stdout(),
            format!("cargo::rerun-if-changed={tree}\n").as_bytes(),
        )
        .ok();
    }
}
