//! Checks that every component of the library must pass.

use std::collections::BTreeSet;
use std::time::Duration;

use compose_runtime::component::{Category, ComponentSpec, SendsFirst};
use compose_runtime::introspect::snapshot::State;
use compose_runtime::message::{MAX_DEPTH, Message};
use compose_runtime::params::Params;
use compose_runtime::testing::Rig;

use crate::{BUILTINS, register_all, registry};

/// The default settings; `None` if the component has a required setting.
fn defaults(spec: &ComponentSpec) -> Option<Params> {
    Params::check(spec.params, []).ok()
}

#[test]
fn names_are_unique_and_all_are_registered() {
    let names: BTreeSet<_> = BUILTINS.iter().map(|spec| spec.type_name).collect();
    assert_eq!(names.len(), BUILTINS.len());
    let mut again = registry();
    assert_eq!(again.iter().count(), BUILTINS.len());
    assert!(register_all(&mut again).is_err(), "registering a name twice must be refused");
}

/// A cycle of components that are described as waiting for a message is reported as silent, so the description must be
/// correct.
#[test]
fn a_component_that_sends_before_it_receives_is_described_so() {
    let mut wrong = Vec::new();
    for spec in BUILTINS {
        let waits = matches!(spec.sends_first, SendsFirst::No) && !spec.is_pure_source() && !spec.has_surface;
        if !waits || spec.category == Category::Sources || defaults(spec).is_none() {
            continue;
        }
        let mut rig = Rig::new(spec, &[]);
        rig.run_for(Duration::from_mins(1));
        let sends = spec.outboxes.iter().filter(|outbox| rig.waiting(outbox.name) > 0);
        wrong.extend(sends.map(|outbox| format!("{}.{}", spec.type_name, outbox.name)));
    }
    assert!(wrong.is_empty(), "these outboxes send before their components receive a message: {wrong:?}");
}

#[test]
fn the_list_is_in_palette_order() {
    let positions: Vec<_> =
        BUILTINS.iter().map(|spec| Category::ALL.iter().position(|category| *category == spec.category)).collect();
    assert!(positions.is_sorted(), "{positions:?}");
}

#[test]
fn every_component_is_documented() {
    for spec in BUILTINS {
        let name = spec.type_name;
        assert!(!spec.summary.is_empty() && !spec.summary.ends_with('.'), "{name}: summary");
        assert!(!spec.docs.is_empty(), "{name}: docs");
        for boxes in [spec.inboxes, spec.outboxes] {
            let unique: BTreeSet<_> = boxes.iter().map(|spec| spec.name).collect();
            assert_eq!(unique.len(), boxes.len(), "{name}: boxes");
            for spec in boxes {
                assert!(!spec.help.is_empty() && !spec.help.ends_with('.'), "{name}.{}: help", spec.name);
                assert!(!["control", "signal", "_events"].contains(&spec.name), "{name}.{} always exists", spec.name);
            }
        }
        let unique: BTreeSet<_> = spec.params.iter().map(|param| param.name).collect();
        assert_eq!(unique.len(), spec.params.len(), "{name}: settings");
        for param in spec.params {
            assert!(!param.help.is_empty() && !param.help.ends_with('.'), "{name}.{}: help", param.name);
        }
    }
}

#[test]
fn default_settings_are_valid() {
    for spec in BUILTINS {
        for param in spec.params {
            if let Some(value) = param.default.value() {
                assert_eq!(param.check(&value), Ok(value), "{}.{}", spec.type_name, param.name);
            }
        }
        if let Some(params) = defaults(spec) {
            assert!((spec.build)(&params).is_ok(), "{} cannot be built from its defaults", spec.type_name);
        }
    }
}

#[test]
fn every_component_responds_to_shutdown() {
    for spec in BUILTINS.iter().filter(|spec| defaults(spec).is_some()) {
        let mut rig = Rig::new(spec, &[]);
        rig.run_for(Duration::from_millis(100));
        rig.shutdown();
        rig.run_for(Duration::from_secs(1));
        let state = rig.state();
        assert!(matches!(state, State::Finished | State::Crashed(_)), "{} is {state:?}", spec.type_name);
    }
}

#[test]
fn every_component_survives_the_deepest_messages() {
    let deepest = |wrap: fn(Message) -> Message| (0..MAX_DEPTH).fold(Message::text("x"), |inner, _| wrap(inner));
    let messages = [deepest(|inner| Message::list([inner])), deepest(|inner| Message::map([("k", inner)]))];
    for spec in BUILTINS.iter().filter(|spec| defaults(spec).is_some()) {
        for message in &messages {
            let mut rig = Rig::new(spec, &[]);
            rig.run_for(Duration::from_millis(100));
            for inbox in spec.inboxes {
                rig.put(inbox.name, message.clone());
            }
            if spec.has_surface {
                rig.event(message.clone());
            }
            rig.run_for(Duration::from_millis(100));
            rig.shutdown();
            rig.run_for(Duration::from_secs(1));
            let state = rig.state();
            assert!(matches!(state, State::Finished | State::Crashed(_)), "{} is {state:?}", spec.type_name);
        }
    }
}
