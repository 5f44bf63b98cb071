//! Door: where the connections that a server has accepted wait for the component that will own them.
//!
//! A socket cannot travel as a message, but its number can: so what goes through the boxes can be recorded and replayed.
//! Used on the reactor thread. When the server ends its door is closed, and what still waits there with it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use async_net::TcpStream;

static DOORS: Mutex<BTreeMap<i64, Weak<Door>>> = Mutex::new(BTreeMap::new());
static NEXT: AtomicI64 = AtomicI64::new(1);

/// Connections that have been accepted and not yet taken.
#[derive(Debug)]
pub struct Door {
    /// By which the door is found.
    pub number: i64,
    waiting: Mutex<(i64, BTreeMap<i64, TcpStream>)>,
}

impl Door {
    /// A new door, open as long as somebody keeps it.
    pub fn open() -> Arc<Self> {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let door = Arc::new(Self { number, waiting: Mutex::default() });
        lock(&DOORS).insert(number, Arc::downgrade(&door));
        door
    }

    /// Puts a connection there; gives its number, from 1.
    pub fn put(&self, stream: TcpStream) -> i64 {
        let mut waiting = lock(&self.waiting);
        waiting.0 += 1;
        let number = waiting.0;
        waiting.1.insert(number, stream);
        number
    }

    /// Takes a connection; `None` if it, or the whole door, is gone.
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
    // What is inside is whole at every moment.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
