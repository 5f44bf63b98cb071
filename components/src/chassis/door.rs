//! Door: holds the connections that a server has accepted until a component takes them.
//!
//! Messages carry the number of a connection instead of the socket itself, so they can be recorded and replayed. Used
//! on the reactor thread. When the server ends, its door closes and drops the connections that are still waiting.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use async_net::TcpStream;

static DOORS: Mutex<BTreeMap<i64, Weak<Door>>> = Mutex::new(BTreeMap::new());
static NEXT: AtomicI64 = AtomicI64::new(1);

/// Accepted connections that no component has taken yet.
#[derive(Debug)]
pub struct Door {
    /// Number under which the door is registered.
    pub number: i64,
    waiting: Mutex<(i64, BTreeMap<i64, TcpStream>)>,
}

impl Door {
    /// Opens a door, which closes when the last reference to it is dropped.
    pub fn open() -> Arc<Self> {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let door = Arc::new(Self { number, waiting: Mutex::default() });
        lock(&DOORS).insert(number, Arc::downgrade(&door));
        door
    }

    /// Stores a connection and returns its number, which starts at 1.
    pub fn put(&self, stream: TcpStream) -> i64 {
        let mut waiting = lock(&self.waiting);
        waiting.0 += 1;
        let number = waiting.0;
        waiting.1.insert(number, stream);
        number
    }

    /// Takes a connection; `None` if it was already taken or the door is closed.
    pub fn take(door: i64, number: i64) -> Option<TcpStream> {
        let door = lock(&DOORS).get(&door)?.upgrade()?;
        lock(&door.waiting).1.remove(&number)
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        lock(&DOORS).remove(&self.number);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic cannot leave the contents inconsistent, so a poisoned lock is safe to use.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
