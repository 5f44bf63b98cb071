//! Storable: what a project file can hold. Nothing else may enter a document, so that saving never fails.

use compose_runtime::message::Message;
use compose_runtime::params::ParamValue;

use super::linking::check_box_name;
use super::{EditError, Node};

/// How far from the middle of the canvas anything can be.
pub const FARTHEST: u32 = 1_000_000;

/// How deep lists and maps in settings can be nested.
pub const DEEPEST_VALUE: usize = 48;

/// Whether a setting of this name can have this value.
pub fn check_value(name: &str, value: &ParamValue) -> Result<(), EditError> {
    match why_not(value, DEEPEST_VALUE) {
        None => Ok(()),
        Some(why) => Err(EditError::NotStorable { name: name.chars().take(60).collect(), why }),
    }
}

fn why_not(value: &ParamValue, depth: usize) -> Option<&'static str> {
    if depth == 0 {
        return Some("its lists and maps are nested too deeply");
    }
    match value {
        Message::Nothing | Message::Bool(_) | Message::Int(_) | Message::Text(_) => None,
        Message::Float(number) => (!number.is_finite()).then_some("it is not a finite number"),
        Message::List(items) => items.iter().find_map(|item| why_not(item, depth - 1)),
        Message::Map(map) => map.values().find_map(|item| why_not(item, depth - 1)),
        Message::Bytes(_)
        | Message::Time(_)
        | Message::Image(_)
        | Message::Sound(_)
        | Message::ProducerFinished
        | Message::Shutdown => Some("only text, numbers, true, false, nothing, lists and maps can"),
    }
}

/// Whether settings, limits and place of a node can be kept.
pub fn check_node_values(node: &Node) -> Result<(), EditError> {
    check_place(node.pos_in_canvas)?;
    node.limits.keys().try_for_each(|inbox| check_box_name(inbox))?;
    node.params().iter().try_for_each(|(name, value)| check_value(name, value))
}

/// Whether this is a place on the canvas.
pub fn check_place(place: [f32; 2]) -> Result<(), EditError> {
    if place.iter().all(|number| number.abs() <= FARTHEST as f32) { Ok(()) } else { Err(EditError::BadPlace(FARTHEST)) }
}
