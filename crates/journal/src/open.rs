use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use crate::config::JournalConfig;
use crate::error::JournalError;
use crate::files;
use crate::journal::{Handle, Journal, Threads};
use crate::mark_file::MarkFile;
use crate::recovery::{Recovered, recover};
use crate::reserve;
use crate::shared::Shared;
use crate::state::{Active, Counters, Pending, Reserve, State};
use crate::{appender, sync};

const ID: &str = "id";

/// A journal that was just opened.
#[derive(Debug)]
pub struct Opened {
    /// The journal.
    pub journal: Journal,
    /// What was found in its directory.
    pub recovered: Recovered,
}

pub(crate) fn open(config: JournalConfig, new_id: [u8; 16]) -> Result<Opened, JournalError> {
    config.check()?;
    fs::create_dir_all(&config.dir).map_err(JournalError::io("create", &config.dir))?;
    let lock = lock(&config.dir)?;
    let marks = MarkFile::load(&config.dir)?;
    let id = load_or_store_id(&config.dir, new_id)?;
    let recovery = recover(&config.dir, id, &marks, Arc::clone(&config.disk))?;
    let recovered = recovery.recovered;
    if recovered.truncated_bytes > 0 {
        tracing::warn!(
            bytes = recovered.truncated_bytes,
            last_position = recovered.last_position,
            "cut off a journal tail that never reached the disk"
        );
    }
    let segment_bytes = recovery.writer.byte_len() + recovery.closed.values().sum::<u64>();
    let state = State {
        id,
        active: Active::of(&recovery.writer),
        closed: recovery.closed,
        lanes: recovery.lanes,
        last_position: recovered.last_position,
        segment_bytes,
        reserve: Reserve::Lost,
        mark: marks.mark,
        pending: Pending {
            synced: recovered.last_position,
            ..Pending::default()
        },
        counters: Counters::default(),
        full: false,
        closing: false,
        config,
    };
    if !state.reserve_affordable() {
        // It would count against the budget without being held.
        reserve::release(&state.config.dir)?;
    }
    let shared = Arc::new(Shared::new(state, marks));
    shared.restore_reserve()?;
    let writer = recovery.writer;
    let sync = start("journal-sync", &shared, sync::run)?;
    let append = start("journal-append", &shared, move |shared| {
        appender::run(shared, writer);
    });
    let append = append.inspect_err(|_| {
        shared.state().closing = true;
        shared.work.notify_one();
    })?;
    let threads = Threads { append, sync };
    Ok(Opened {
        journal: Journal::new(Handle::new(id, shared, threads, lock)),
        recovered,
    })
}

fn start(
    name: &str,
    shared: &Arc<Shared>,
    work: impl FnOnce(&Arc<Shared>) + Send + 'static,
) -> Result<JoinHandle<()>, JournalError> {
    let shared = Arc::clone(shared);
    let dir = shared.state().config.dir.clone();
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || work(&shared))
        .map_err(|source| JournalError::Io {
            operation: "start a thread for",
            file: dir,
            source,
        })
}

/// The lock goes with the file handle, so also with a killed process.
fn lock(dir: &Path) -> Result<File, JournalError> {
    let path = dir.join("lock");
    let file = File::create(&path).map_err(JournalError::io("create", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(JournalError::Locked { dir: dir.to_owned() }),
        Err(TryLockError::Error(source)) => Err(JournalError::io("lock", &path)(source)),
    }
}

fn load_or_store_id(dir: &Path, new_id: [u8; 16]) -> Result<[u8; 16], JournalError> {
    let path = dir.join(ID);
    if let Some(bytes) = files::read_if_present(&path)? {
        let text = String::from_utf8_lossy(&bytes);
        return u128::from_str_radix(text.trim(), 16)
            .map(u128::to_be_bytes)
            .map_err(|_| JournalError::corrupt(&path, 0, "it is not a journal id"));
    }
    let text = format!("{:032x}\n", u128::from_be_bytes(new_id));
    files::replace(dir, ID, text.as_bytes())?;
    Ok(new_id)
}
