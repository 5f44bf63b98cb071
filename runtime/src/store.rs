//! Store: transactional memory, for values that several components or threads change (section 15 of the rules).
//!
//! A transaction takes private copies, changes them and commits them: either all changes take effect or none. No call
//! blocks: a lock is held only for a comparison and a copy. If a call cannot get the lock within a limited number of
//! tries, it returns [`StoreError::Busy`] (STM-6, STM-8).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, TryLockError, Weak};

/// How many times a call tries to get the lock before it returns [`StoreError::Busy`].
const TRIES: usize = 1000;

/// Why a call to the store failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another transaction has committed this value since it was read. Retrying the commit fails again; read the value
    /// again first (STM-3).
    #[error("{0} has changed since it was read; read it again")]
    ConcurrentUpdate(String),
    /// The store was in use. Nothing has changed; make the same call again (STM-6).
    #[error("the store is busy; try again")]
    Busy,
    /// The value was read from another store, whether or not this store has a value with the same name (STM-7).
    #[error("{0} does not come from this store; read it from this store first")]
    UnknownKey(String),
}

#[derive(Debug)]
struct Versioned<V> {
    version: u64,
    value: Option<V>,
}

type Values<V> = BTreeMap<String, Versioned<V>>;

/// Named, versioned values. A clone refers to the same store.
#[derive(Debug)]
pub struct Store<V> {
    values: Arc<Mutex<Values<V>>>,
}

impl<V> Clone for Store<V> {
    fn clone(&self) -> Self {
        Self { values: self.values.clone() }
    }
}

impl<V> Default for Store<V> {
    fn default() -> Self {
        Self { values: Arc::new(Mutex::new(BTreeMap::new())) }
    }
}

/// A private copy of one value.
#[derive(Debug, Clone)]
pub struct Var<V> {
    key: String,
    /// The store from which it was read. Holding the weak reference ensures that no other store gets the same address.
    store: Weak<Mutex<Values<V>>>,
    version: u64,
    value: Option<V>,
    is_set: bool,
}

impl<V> Var<V> {
    /// The key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The copy; `None` for a key without a value.
    pub fn value(&self) -> Option<&V> {
        self.value.as_ref()
    }

    /// How many times the value had been committed when it was read or last committed through this copy.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Changes the private copy only (STM-2).
    pub fn set(&mut self, value: V) {
        self.value = Some(value);
        self.is_set = true;
    }
}

impl<V: Clone> Store<V> {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> Result<MutexGuard<'_, Values<V>>, StoreError> {
        for _ in 0..TRIES {
            match self.values.try_lock() {
                Ok(guard) => return Ok(guard),
                // A panic inside a commit leaves every value complete: values are replaced one by one, after all
                // checks.
                Err(TryLockError::Poisoned(poisoned)) => return Ok(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) => std::hint::spin_loop(),
            }
        }
        Err(StoreError::Busy)
    }

    /// Takes a private copy of one value. A new key starts at version 0 without a value (STM-1).
    pub fn usevar(&self, key: &str) -> Result<Var<V>, StoreError> {
        Ok(self.take(&mut *self.lock()?, key))
    }

    /// Takes private copies of several values at the same moment, for one common commit (STM-5).
    pub fn using(&self, keys: &[&str]) -> Result<Transaction<V>, StoreError> {
        let mut values = self.lock()?;
        let vars = keys.iter().map(|key| ((*key).to_owned(), self.take(&mut values, key))).collect();
        Ok(Transaction { vars })
    }

    /// Publishes the copy. After success the copy is up to date and can be set and committed again (STM-2). A copy that
    /// was not set is only checked (STM-8).
    pub fn commit(&self, var: &mut Var<V>) -> Result<(), StoreError> {
        self.commit_all(&mut [var])
    }

    fn commit_all(&self, vars: &mut [&mut Var<V>]) -> Result<(), StoreError> {
        let mut values = self.lock()?;
        for var in &*vars {
            let known = values.get(&var.key).filter(|_| var.store.as_ptr() == Arc::as_ptr(&self.values));
            let known = known.ok_or_else(|| StoreError::UnknownKey(var.key.clone()))?;
            if known.version != var.version {
                return Err(StoreError::ConcurrentUpdate(var.key.clone()));
            }
        }
        for var in vars.iter_mut().filter(|var| var.is_set) {
            var.version += 1;
            var.is_set = false;
            let now = Versioned { version: var.version, value: var.value.clone() };
            values.insert(var.key.clone(), now);
        }
        Ok(())
    }

    fn take(&self, values: &mut Values<V>, key: &str) -> Var<V> {
        let known = values.entry(key.to_owned()).or_insert(Versioned { version: 0, value: None });
        let (version, value) = (known.version, known.value.clone());
        Var { key: key.to_owned(), store: Arc::downgrade(&self.values), version, value, is_set: false }
    }
}

/// Private copies of several values, committed together or not at all.
#[derive(Debug, Clone)]
pub struct Transaction<V> {
    vars: BTreeMap<String, Var<V>>,
}

impl<V: Clone> Transaction<V> {
    /// The copy under this key.
    pub fn var(&self, key: &str) -> Option<&Var<V>> {
        self.vars.get(key)
    }

    /// The copy under this key, for changing it.
    pub fn var_mut(&mut self, key: &str) -> Option<&mut Var<V>> {
        self.vars.get_mut(key)
    }

    /// Adds a copy to the transaction.
    pub fn add(&mut self, var: Var<V>) {
        self.vars.insert(var.key.clone(), var);
    }

    /// Checks every copy, including those that were only read, and publishes those that were set. On an error nothing
    /// has changed (STM-5).
    pub fn commit(&mut self, store: &Store<V>) -> Result<(), StoreError> {
        let mut vars: Vec<&mut Var<V>> = self.vars.values_mut().collect();
        store.commit_all(&mut vars)
    }
}
