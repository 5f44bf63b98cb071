//! Writer: the threads that write the journal, so that the window never waits for a disk.
//!
//! One thread appends each entry as soon as it arrives; another syncs, so that a slow disk does not delay appending.
//! Jobs that cannot be written are kept and retried every second, and the window shows a notice.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crossbeam::channel::{Receiver, RecvTimeoutError, Sender, TrySendError, bounded};

use super::contents::Contents;
use super::entry::Entry;
use super::recovery::Recovery;
use super::{folder, line};

/// How many jobs can wait. When the queue is full, the disk has not responded for thousands of edits: the journal then
/// begins again.
const QUEUE: usize = 4096;

/// How many bytes can wait for a full disk before the journal begins again.
const MOST_PENDING: usize = 64 * 1024 * 1024;

/// When the file is this large, it is rewritten without the edits that undo can no longer reach.
const COMPACT_AT: u64 = 64 * 1024 * 1024;

/// How long to wait for more changes before syncing. Each change is synced within a second.
const GATHER: Duration = Duration::from_millis(300);

/// How long to wait before retrying a failed write.
const RETRY: Duration = Duration::from_secs(1);

/// A job of the writer.
#[derive(Debug)]
pub enum Job {
    /// Replaces the file with these contents.
    Begin(Box<Contents>),
    /// Replaces the file with recovered work, and then removes the journal that it came from.
    Adopt(Box<Recovery>),
    /// Appends an entry.
    Append(Box<Entry>),
    /// Removes the file.
    Forget,
}

/// The state that the window reads.
#[derive(Debug, Default)]
struct Shared {
    trouble: Mutex<Option<String>>,
    has_lost_changes: AtomicBool,
    written: AtomicU64,
    synced: AtomicU64,
}

/// The window's handle to the threads. Dropping it writes the queued jobs and keeps the file.
#[derive(Debug)]
pub struct Writer {
    jobs: Option<Sender<Job>>,
    shared: Arc<Shared>,
    thread: Option<thread::JoinHandle<()>>,
    path: PathBuf,
    queued: u64,
}

impl Writer {
    /// Starts the threads.
    pub fn start(folder: &Path, on_trouble: Box<dyn Fn() + Send>) -> io::Result<Self> {
        let (jobs, to_do) = bounded(QUEUE);
        let shared = Arc::new(Shared::default());
        let path = folder::new_file(folder);
        let mut disk = Disk {
            path: path.clone(),
            file: None,
            good_bytes: 0,
            compact_at: COMPACT_AT,
            pending: VecDeque::new(),
            pending_bytes: 0,
            sync: start_sync(&path, &shared)?,
            shared: shared.clone(),
            on_trouble,
        };
        let thread = thread::Builder::new().name("journal".to_owned()).spawn(move || disk.run(&to_do))?;
        Ok(Self { jobs: Some(jobs), shared, thread: Some(thread), path, queued: 0 })
    }

    /// Queues a job; `false` if the queue is full, in which case the journal must begin again.
    pub fn send(&mut self, job: Job) -> bool {
        let Some(jobs) = &self.jobs else { return false };
        match jobs.try_send(job) {
            Ok(()) => {
                self.queued += 1;
                true
            }
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => false,
        }
    }

    /// Whether changes were dropped because they could not be written for too long, and the file has not begun again since.
    pub fn has_lost_changes(&self) -> bool {
        self.shared.has_lost_changes.load(Ordering::Relaxed)
    }

    /// Why changes cannot be written at the moment.
    pub fn trouble(&self) -> Option<String> {
        self.shared.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many jobs have been written.
    pub fn written(&self) -> u64 {
        self.shared.written.load(Ordering::Acquire)
    }

    /// How often the file has been synced while the window was open.
    #[cfg(test)]
    pub fn synced(&self) -> u64 {
        self.shared.synced.load(Ordering::Acquire)
    }

    /// How many jobs have been queued.
    pub fn queued(&self) -> u64 {
        self.queued
    }

    /// The file.
    pub fn file(&self) -> &Path {
        &self.path
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Starts the thread that syncs the file. The queue holds one request; while it is pending, further requests are
/// redundant.
///
/// The thread reopens the file, because a copy of the writer's handle would share its lock and keep it for too long.
fn start_sync(path: &Path, shared: &Arc<Shared>) -> io::Result<Sender<()>> {
    let (send, receive) = bounded::<()>(1);
    let (path, shared) = (path.to_owned(), shared.clone());
    thread::Builder::new().name("journal sync".to_owned()).spawn(move || {
        for () in receive {
            thread::sleep(GATHER);
            match fs::OpenOptions::new().append(true).open(&path).and_then(|file| file.sync_data()) {
                // The changes have been saved or discarded meanwhile.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => {
                    shared.set_trouble(Some(&error));
                }
                Ok(()) => {
                    shared.synced.fetch_add(1, Ordering::Release);
                }
            }
        }
    })?;
    Ok(send)
}

impl Shared {
    /// Returns whether the state has changed.
    fn set_trouble(&self, error: Option<&io::Error>) -> bool {
        let trouble = error.map(ToString::to_string);
        let mut known = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        let has_changed = *known != trouble;
        *known = trouble;
        has_changed
    }
}

/// The writing thread's side.
struct Disk {
    path: PathBuf,
    file: Option<File>,
    /// Length of the whole lines in the file.
    good_bytes: u64,
    compact_at: u64,
    /// Jobs that could not be written yet, oldest first.
    pending: VecDeque<Pending>,
    pending_bytes: usize,
    sync: Sender<()>,
    shared: Arc<Shared>,
    on_trouble: Box<dyn Fn() + Send>,
}

/// A job as bytes.
enum Pending {
    Replace(Vec<u8>, Option<Box<Recovery>>),
    Append(Vec<u8>),
    Remove,
}

impl Disk {
    fn run(&mut self, to_do: &Receiver<Job>) {
        loop {
            let job = if self.pending.is_empty() {
                to_do.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                to_do.recv_timeout(RETRY)
            };
            match job {
                Ok(job) => self.take(job),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            // Write all jobs that are already queued in one go.
            for job in to_do.try_iter() {
                self.take(job);
            }
            self.write_pending();
        }
        self.write_pending();
        if let Some(file) = &self.file {
            let _ = file.sync_data();
        }
    }

    fn take(&mut self, job: Job) {
        let pending = match job {
            Job::Begin(contents) => {
                self.begin_again();
                Pending::Replace(encode(&contents), None)
            }
            Job::Adopt(recovery) => {
                self.begin_again();
                Pending::Replace(encode(recovery.contents()), Some(recovery))
            }
            Job::Append(entry) => Pending::Append(line::encode(&entry)),
            Job::Forget => {
                self.begin_again();
                Pending::Remove
            }
        };
        self.pending_bytes += pending.len();
        self.pending.push_back(pending);
        if self.pending_bytes > MOST_PENDING && self.pending.len() > 1 {
            self.drop_pending();
            // Later entries depend on the dropped entries, so they cannot be written.
            self.file = None;
            self.shared.has_lost_changes.store(true, Ordering::Relaxed);
        }
    }

    /// Drops the pending jobs: they belong to contents that are being replaced.
    fn begin_again(&mut self) {
        self.drop_pending();
        self.shared.has_lost_changes.store(false, Ordering::Relaxed);
    }

    fn drop_pending(&mut self) {
        self.shared.written.fetch_add(self.pending.len() as u64, Ordering::Release);
        self.pending.clear();
        self.pending_bytes = 0;
    }

    fn write_pending(&mut self) {
        let mut result = Ok(());
        while let Some(pending) = self.pending.pop_front() {
            let length = pending.len();
            result = self.write(pending);
            if result.is_err() {
                break;
            }
            self.pending_bytes -= length;
            self.shared.written.fetch_add(1, Ordering::Release);
        }
        if self.shared.set_trouble(result.err().as_ref()) {
            (self.on_trouble)();
        }
        if self.good_bytes > self.compact_at && self.pending.is_empty() {
            self.compact();
        }
    }

    /// Writes one job. On an error the job is put back in front.
    fn write(&mut self, pending: Pending) -> io::Result<()> {
        let written = match &pending {
            Pending::Replace(bytes, _) => self.replace(bytes),
            Pending::Append(bytes) => self.append(bytes),
            Pending::Remove => self.remove(),
        };
        match (written, pending) {
            (Ok(()), Pending::Replace(_, Some(recovery))) => recovery.discard(),
            (Ok(()), _) => {}
            (Err(error), pending) => {
                self.pending.push_front(pending);
                return Err(error);
            }
        }
        Ok(())
    }

    fn replace(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file = Some(folder::create(&self.path, bytes)?);
        self.good_bytes = bytes.len() as u64;
        self.compact_at = COMPACT_AT.max(self.good_bytes * 2);
        Ok(())
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        // Without the project that begins the journal, entries are meaningless.
        let Some(file) = &mut self.file else { return Ok(()) };
        if let Err(error) = file.write_all(bytes) {
            // A partial line would make the lines after it unreadable.
            let _ = file.set_len(self.good_bytes);
            return Err(error);
        }
        self.good_bytes += bytes.len() as u64;
        let _ = self.sync.try_send(());
        Ok(())
    }

    fn remove(&mut self) -> io::Result<()> {
        self.file = None;
        self.good_bytes = 0;
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Rewrites the file, omitting entries that undo can no longer reach. On an error, the old file stays.
    fn compact(&mut self) {
        self.compact_at = self.good_bytes.saturating_mul(2);
        let Ok(bytes) = fs::read(&self.path) else { return };
        let Some(contents) = Contents::of_entries(line::decode(&bytes)) else { return };
        let bytes = encode(&contents);
        let _ = self.replace(&bytes);
    }
}

fn encode(contents: &Contents) -> Vec<u8> {
    contents.to_entries().iter().flat_map(line::encode).collect()
}

impl Pending {
    fn len(&self) -> usize {
        match self {
            Self::Replace(bytes, _) | Self::Append(bytes) => bytes.len(),
            Self::Remove => 0,
        }
    }
}
