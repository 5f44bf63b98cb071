//! Storable: the values that a project file can hold. A document accepts no others, so saving never fails.

use compose_runtime::message::Message;
use compose_runtime::params::ParamValue;

use super::linking::check_box_name;
use super::{EditError, Node};

/// Largest distance from the centre of the canvas, on each axis.
pub const FARTHEST: u32 = 1_000_000;

/// Deepest nesting of lists and maps in settings. It is less than in a message, because a project file wraps the settings in the
/// graphs of composites, and its readers limit the total depth.
pub const DEEPEST_VALUE: usize = 48;

/// Checks that the value of a setting can be saved.
pub fn check_value(name: &str, value: &ParamValue) -> Result<(), EditError> {
    let why = if value.depth() > DEEPEST_VALUE { Some(TOO_DEEP) } else { why_not(value) };
    match why {
        None => Ok(()),
        Some(why) => Err(EditError::NotStorable { name: name.chars().take(60).collect(), why }),
    }
}

const TOO_DEEP: &str = "its lists and maps are nested more than 48 deep; nest them less deeply";

fn why_not(value: &ParamValue) -> Option<&'static str> {
    match value {
        Message::Nothing | Message::Bool(_) | Message::Int(_) | Message::Text(_) => None,
        Message::Float(number) => (!number.is_finite()).then_some("it is not a finite number"),
        Message::List(items) => items.iter().find_map(why_not),
        Message::Map(map) => map.values().find_map(why_not),
        Message::Bytes(_)
        | Message::Time(_)
        | Message::Image(_)
        | Message::Sound(_)
        | Message::Resource(_)
        | Message::ProducerFinished
        | Message::Shutdown => Some("only text, numbers, true, false, nothing, lists and maps can be saved"),
    }
}

/// Checks that settings, limits and position of a node can be saved.
pub fn check_node_values(node: &Node) -> Result<(), EditError> {
    check_position(node.pos_in_canvas)?;
    node.limits.keys().try_for_each(|inbox| check_box_name(inbox))?;
    node.params().iter().try_for_each(|(name, value)| check_value(name, value))
}

/// Checks that a position is on the canvas.
pub fn check_position(position: [f32; 2]) -> Result<(), EditError> {
    let is_on_canvas = position.iter().all(|number| number.abs() <= FARTHEST as f32);
    if is_on_canvas { Ok(()) } else { Err(EditError::BadPosition(FARTHEST)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_for_a_deeply_nested_value_says_the_limit() {
        let nested = |depth| (0..depth).fold(Message::Int(1), |inner, _| Message::list([inner]));
        assert_eq!(check_value("list", &nested(DEEPEST_VALUE)), Ok(()));
        let error = check_value("list", &nested(DEEPEST_VALUE + 1)).map_err(|error| error.to_string());
        let expected = format!(
            "list cannot be saved in a project file: its lists and maps are nested more than {DEEPEST_VALUE} deep"
        );
        assert!(error.is_err_and(|error| error.starts_with(&expected)));
    }
}
