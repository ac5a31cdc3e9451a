use std::fmt::Debug;
use std::fs::File;
use std::io::{self, Write};

/// How records get from memory into a segment file. [`SystemDisk`] but where a test wants a disk that stalls or fails.
pub trait Disk: Debug + Send + Sync {
    /// Writes all of `bytes` at the file's position. May take as long as it likes: only the journal's own thread
    /// waits for it.
    ///
    /// # Errors
    /// What the disk says; some of the bytes may have been written.
    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<()>;
}

/// The operating system's files.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemDisk;

impl Disk for SystemDisk {
    fn write(&self, mut file: &File, bytes: &[u8]) -> io::Result<()> {
        file.write_all(bytes)
    }
}
