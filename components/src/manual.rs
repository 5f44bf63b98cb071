//! The manual: a page of Markdown for every component, from its description.
//!
//! Pure functions. The pages say what the inspector says, since both read the same description.

use std::fmt::Write as _;

use compose_runtime::component::{BoxSpec, Category, ComponentSpec, FullPolicy};
use compose_runtime::params::{DefaultValue, ParamKind, ParamSpec};

use crate::BUILTINS;

/// File name of the page of a component.
pub fn file_name(spec: &ComponentSpec) -> String {
    format!("{}.md", spec.type_name)
}

/// The page of contents: every component by category with its line of summary, linked to its page.
pub fn index() -> String {
    let mut page = "# Components\n".to_owned();
    for category in Category::ALL {
        let mut specs = BUILTINS.iter().filter(|spec| spec.category == category).peekable();
        if specs.peek().is_none() {
            continue;
        }
        let _ = write!(page, "\n## {}\n\n", category.title());
        for spec in specs {
            let _ = writeln!(page, "- [{}]({}): {}", spec.type_name, file_name(spec), spec.summary);
        }
    }
    page
}

/// The page of one component.
pub fn page(spec: &ComponentSpec) -> String {
    let mut page = format!("# {}\n\n{}.\n", spec.type_name, spec.summary);
    if !spec.docs.is_empty() {
        let _ = write!(page, "\n{}\n", spec.docs);
    }
    boxes(&mut page, "Inboxes", spec.inboxes, true);
    if spec.extra_inboxes.is_some() {
        page.push_str("\nMore inboxes come from the settings.\n");
    }
    boxes(&mut page, "Outboxes", spec.outboxes, false);
    if spec.extra_outboxes.is_some() {
        page.push_str("\nMore outboxes come from the settings.\n");
    }
    if !spec.params.is_empty() {
        page.push_str("\n## Settings\n\n| Name | Accepts | Default | Help |\n|---|---|---|---|\n");
        for param in spec.params {
            let live = if param.live { " Can be changed while it runs." } else { "" };
            let (accepts, default) = (accepts(param), default(param));
            let _ = writeln!(page, "| `{}` | {accepts} | {default} | {}.{live} |", param.name, param.help);
        }
    }
    page.push_str(&errors(spec));
    page.push_str(&ending(spec));
    let _ = write!(page, "\nCategory: {}. ", spec.category.title());
    page.push_str("Every component has `control` and `signal` as well.\n");
    page
}

/// What happens with what it cannot use.
fn errors(spec: &ComponentSpec) -> String {
    let mut words = "\n## Errors\n\n".to_owned();
    if !spec.params.is_empty() {
        words.push_str("A setting that cannot be is refused before it starts, with the setting and the remedy. ");
    }
    if spec.outboxes.iter().any(|found| found.name == "rejected") {
        words.push_str(
            "A message that it cannot use goes to `rejected`, with the reason on the console, and work goes on. ",
        );
    }
    words.push_str(
        "If it crashes, the words stand on it, a run without a window fails with them, and its neighbours go on.\n",
    );
    words
}

/// How it ends: one rule for all.
fn ending(spec: &ComponentSpec) -> String {
    let words = if spec.is_pure_source() {
        "*Finish* and *stop* on `control` end it; without them it ends when it has given all there is."
    } else {
        "When its input has ended, or *finish* comes on `control`, what waits is done first. *Stop* ends it at once."
    };
    format!("\n## Shutdown\n\n{words} Its end is announced on `signal`.\n")
}

fn boxes(page: &mut String, title: &str, specs: &[BoxSpec], inboxes: bool) {
    // Boxes whose name begins with an underscore are wiring and nobody's business.
    let mut specs = specs.iter().filter(|spec| !spec.name.starts_with('_')).peekable();
    if specs.peek().is_none() {
        return;
    }
    let _ = write!(page, "\n## {title}\n\n");
    for spec in specs {
        let room = if inboxes { format!(" {}.", room(spec)) } else { String::new() };
        let _ = writeln!(page, "- `{}` ({}): {}.{room}", spec.name, kinds(spec), spec.help);
    }
}

/// The kinds of message a box takes or gives, in words.
pub fn kinds(spec: &BoxSpec) -> String {
    if spec.kinds.is_empty() {
        return "any".to_owned();
    }
    spec.kinds.iter().map(|kind| kind.word()).collect::<Vec<_>>().join(", ")
}

fn room(spec: &BoxSpec) -> String {
    let Some(capacity) = spec.capacity else { return "Holds any number".to_owned() };
    let full = match spec.policy {
        FullPolicy::Block => "then the sender waits",
        FullPolicy::DropOldest => "then the oldest is dropped",
        FullPolicy::DropNewest => "then the newest is dropped",
        FullPolicy::Fail => "then the sender crashes",
    };
    format!("Holds {capacity}, {full}")
}

/// What a setting accepts, with bounds and unit, in words.
pub fn accepts(param: &ParamSpec) -> String {
    let words = match param.kind {
        ParamKind::Text => "text".to_owned(),
        ParamKind::LongText => "text of several lines".to_owned(),
        ParamKind::Bool => "true or false".to_owned(),
        ParamKind::Int { min, max: i64::MAX } => format!("whole number from {min}"),
        ParamKind::Int { min, max } => format!("whole number from {min} to {max}"),
        ParamKind::Float { min, max } if max >= 1.0e9 => format!("number from {min}"),
        ParamKind::Float { min, max } => format!("number from {min} to {max}"),
        ParamKind::Choice(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
        ParamKind::FileToRead([]) => "file to read".to_owned(),
        ParamKind::FileToRead(extensions) => format!("file to read ({})", extensions.join(", ")),
        ParamKind::FileToWrite => "file to write".to_owned(),
        ParamKind::Expression => "Rhai expression over `msg`".to_owned(),
        ParamKind::Template => "name of a template of the project".to_owned(),
        ParamKind::List => "list".to_owned(),
        ParamKind::Any => "anything".to_owned(),
    };
    if param.unit.is_empty() { words } else { format!("{words}, in {}", param.unit) }
}

fn default(param: &ParamSpec) -> String {
    match param.default {
        DefaultValue::Required => "must be given".to_owned(),
        DefaultValue::Nothing => "nothing".to_owned(),
        DefaultValue::Bool(value) => format!("`{value}`"),
        DefaultValue::Int(value) => format!("`{value}`"),
        DefaultValue::Float(value) => format!("`{value}`"),
        DefaultValue::Text(text) => format!("`{text:?}`"),
        DefaultValue::EmptyList => "`[]`".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::MESSAGE_RATE_LIMIT;

    #[test]
    fn a_page_says_boxes_kinds_settings_units_and_ranges() {
        let page = page(&MESSAGE_RATE_LIMIT);
        for part in [
            "# MessageRateLimit\n",
            "- `inbox` (any): Messages at any rate. Holds 100, then the sender waits.",
            "| `messages_per_second` | number from 0.001 to 1000000, in messages/s | `10` |",
            "Can be changed while it runs.",
            "## Errors",
            "## Shutdown",
            "*finish* comes on `control`, what waits is done first",
            "Category: Flow.",
        ] {
            assert!(page.contains(part), "{part} is not in\n{page}");
        }
    }

    #[test]
    fn every_component_is_in_the_index_and_has_a_page() {
        let index = index();
        for spec in BUILTINS {
            assert!(index.contains(&format!("[{}]({}.md)", spec.type_name, spec.type_name)), "{}", spec.type_name);
            assert!(page(spec).contains(spec.summary), "{}", spec.type_name);
        }
    }
}
