//! Section 15, transactional memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use compose_runtime::store::{Store, StoreError};

#[test]
fn stm_1_a_new_key_has_version_0_and_no_value_and_copies_are_private() {
    let store: Store<Vec<i32>> = Store::new();
    let mut var = store.usevar("list").unwrap();
    assert_eq!((var.key(), var.version(), var.value()), ("list", 0, None));
    var.set(vec![1]);
    assert_eq!(store.usevar("list").unwrap().value(), None);
}

#[test]
fn stm_2_commit_publishes_and_the_copy_can_be_used_again() {
    let store = Store::new();
    let mut var = store.usevar("x").unwrap();
    for value in 1..=3 {
        var.set(value);
        assert_eq!(store.commit(&mut var), Ok(()));
        assert_eq!(var.version(), value);
    }
    let now = store.usevar("x").unwrap();
    assert_eq!((now.value(), now.version()), (Some(&3), 3));
}

#[test]
fn stm_3_a_stale_copy_is_always_refused_and_changes_nothing() {
    let store = Store::new();
    let (mut quick, mut slow) = (store.usevar("x").unwrap(), store.usevar("x").unwrap());
    quick.set("quick");
    store.commit(&mut quick).unwrap();
    slow.set("slow");
    for _ in 0..2 {
        assert_eq!(store.commit(&mut slow), Err(StoreError::ConcurrentUpdate("x".into())));
    }
    assert_eq!(store.usevar("x").unwrap().value(), Some(&"quick"));
}

#[test]
fn stm_5_several_values_are_committed_together_or_not_at_all() {
    let store = Store::new();
    let mut both = store.using(&["a", "b"]).unwrap();
    both.var_mut("a").unwrap().set(1);
    let mut rival = store.usevar("b").unwrap();
    rival.set(9);
    store.commit(&mut rival).unwrap();
    let refused = both.commit(&store);
    assert_eq!(refused, Err(StoreError::ConcurrentUpdate("b".into())), "values that were only read are checked too");
    assert_eq!(store.usevar("a").unwrap().value(), None);
    let mut both = store.using(&["a", "b"]).unwrap();
    let sum = both.var("b").unwrap().value().unwrap() + 1;
    both.var_mut("a").unwrap().set(sum);
    assert_eq!(both.commit(&store), Ok(()));
    assert_eq!(store.usevar("a").unwrap().value(), Some(&10));
}

#[test]
fn stm_6_many_threads_lose_no_update_and_never_wait_for_each_other() {
    let store: Store<u64> = Store::new();
    let retries = Arc::new(AtomicUsize::new(0));
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let (store, retries) = (store.clone(), retries.clone());
            std::thread::spawn(move || {
                let mut done = 0;
                while done < 500 {
                    let outcome = store.usevar("count").and_then(|mut var| {
                        let next = var.value().copied().unwrap_or(0) + 1;
                        var.set(next);
                        store.commit(&mut var)
                    });
                    match outcome {
                        Ok(()) => done += 1,
                        Err(StoreError::ConcurrentUpdate(_) | StoreError::Busy) => {
                            retries.fetch_add(1, Ordering::Relaxed);
                        }
                        Err(other) => panic!("{other}"),
                    }
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    let end = store.usevar("count").unwrap();
    assert_eq!((end.value(), end.version()), (Some(&2000), 2000));
}

#[test]
fn stm_7_a_value_of_another_store_is_refused() {
    let (store, other) = (Store::<i32>::new(), Store::new());
    let mut both = store.using(&["a"]).unwrap();
    both.add(other.usevar("b").unwrap());
    assert_eq!(both.commit(&store), Err(StoreError::UnknownKey("b".into())));
}

#[test]
fn stm_7_a_value_of_another_store_is_refused_even_if_name_and_version_are_known() {
    let (store, other) = (Store::new(), Store::new());
    for store in [&store, &other] {
        let mut var = store.usevar("x").unwrap();
        var.set(1);
        store.commit(&mut var).unwrap();
    }
    let mut var = other.usevar("x").unwrap();
    var.set(2);
    assert_eq!(store.commit(&mut var), Err(StoreError::UnknownKey("x".into())));
    let mut both = store.using(&["a"]).unwrap();
    both.add(var.clone());
    assert_eq!(both.commit(&store), Err(StoreError::UnknownKey("x".into())));
    assert_eq!(store.usevar("x").unwrap().value(), Some(&1));
    assert_eq!(other.clone().commit(&mut var), Ok(()), "a clone refers to the same store");
}

#[test]
fn stm_8_a_commit_without_a_change_makes_no_other_copy_stale() {
    let store = Store::new();
    let mut set = store.usevar("x").unwrap();
    set.set(1);
    store.commit(&mut set).unwrap();
    let (mut reader, mut writer) = (store.usevar("x").unwrap(), store.usevar("x").unwrap());
    assert_eq!(store.commit(&mut reader), Ok(()));
    writer.set(2);
    assert_eq!(store.commit(&mut writer), Ok(()), "reading does not raise the version");
}
