//! Describes one component as text for the terminal. Pure.

use std::fmt::Write as _;

use compose_runtime::component::{BoxSpec, ComponentSpec};
use compose_runtime::message::Kind;
use compose_runtime::params::{DefaultValue, ParamKind, ParamSpec};

/// Its summary, boxes and settings.
pub fn component_text(spec: &ComponentSpec) -> String {
    let mut text = format!("{}: {} ({})\n", spec.type_name, spec.summary, spec.category.title());
    if !spec.docs.is_empty() {
        let _ = write!(text, "\n{}\n", spec.docs.trim());
    }
    boxes(&mut text, "Inboxes", spec.inboxes);
    if spec.extra_inboxes.is_some() {
        text.push_str("  and the inboxes named in the settings\n");
    }
    boxes(&mut text, "Outboxes", spec.outboxes);
    if spec.extra_outboxes.is_some() {
        text.push_str("  and the outboxes named in the settings\n");
    }
    if !spec.params.is_empty() {
        text.push_str("\nSettings\n");
        for param in spec.params {
            let _ = writeln!(text, "  {}: {} ({})", param.name, param.help, accepts(param));
        }
    }
    text.push_str("\nEvery component also has an inbox control and an outbox signal.\n");
    text
}

fn boxes(text: &mut String, title: &str, specs: &[BoxSpec]) {
    let mut drawn = specs.iter().filter(|spec| !spec.name.starts_with('_')).peekable();
    if drawn.peek().is_some() {
        let _ = write!(text, "\n{title}\n");
    }
    for spec in drawn {
        let kinds: Vec<&str> = spec.kinds.iter().copied().map(Kind::name).collect();
        let kinds = if kinds.is_empty() { "any".to_owned() } else { kinds.join(", ") };
        let _ = writeln!(text, "  {}: {} ({kinds})", spec.name, spec.help);
    }
}

/// The accepted values of a setting, its unit and its default.
fn accepts(param: &ParamSpec) -> String {
    let kind = match param.kind {
        ParamKind::Text | ParamKind::LongText => "text".to_owned(),
        ParamKind::Bool => "true or false".to_owned(),
        ParamKind::Int { min, max: i64::MAX } => format!("whole number from {min}"),
        ParamKind::Int { min, max } => format!("whole number from {min} to {max}"),
        ParamKind::Float { min, max } => format!("number from {min} to {max}"),
        ParamKind::Choice(choices) => format!("one of {}", choices.join(", ")),
        ParamKind::FileToRead(_) => "file to read".to_owned(),
        ParamKind::FileToWrite => "file to write".to_owned(),
        ParamKind::Expression => "Rhai expression over msg".to_owned(),
        ParamKind::Template => "name of a template of the project".to_owned(),
        ParamKind::List => "list".to_owned(),
        ParamKind::Any => "anything".to_owned(),
    };
    let unit = if param.unit.is_empty() { String::new() } else { format!(" in {}", param.unit) };
    let default = match param.default {
        DefaultValue::Required => "required".to_owned(),
        DefaultValue::Nothing => "no default".to_owned(),
        DefaultValue::Bool(value) => format!("default {value}"),
        DefaultValue::Int(value) => format!("default {value}"),
        DefaultValue::Float(value) => format!("default {value}"),
        DefaultValue::Text(value) => format!("default {value:?}"),
        DefaultValue::EmptyList => "default empty".to_owned(),
    };
    format!("{kind}{unit}; {default}")
}

#[cfg(test)]
mod tests {
    use super::*;

    static TAKE: ComponentSpec = ComponentSpec {
        type_name: "Take",
        summary: "Passes on the first messages",
        docs: "Then it finishes.",
        inboxes: &[BoxSpec::new("inbox", "Messages").kinds(&[Kind::Text])],
        params: &[ParamSpec::seconds("pause", 1.0, "Between two")],
        ..ComponentSpec::EMPTY
    };

    #[test]
    fn summary_boxes_and_settings_are_listed() {
        assert_eq!(
            component_text(&TAKE),
            "Take: Passes on the first messages (Flow)\n\nThen it finishes.\n\nInboxes\n  inbox: Messages (text)\n\n\
             Settings\n  pause: Between two (number from 0 to 1000000000 in s; default 1)\n\n\
             Every component also has an inbox control and an outbox signal.\n"
        );
    }
}
