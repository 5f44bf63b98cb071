//! The manual: one page of Markdown for each component, generated from its description.
//!
//! Pure functions. The pages and the inspector show the same text because both read the same description.

use std::fmt::Write as _;

use compose_runtime::component::{BoxSpec, Category, ComponentSpec, FullPolicy};
use compose_runtime::params::{DefaultValue, ParamKind, ParamSpec};

use crate::BUILTINS;

/// File name of a component's page.
pub fn file_name(spec: &ComponentSpec) -> String {
    format!("{}.md", spec.type_name)
}

/// The table of contents: every component by category, with its summary and a link to its page.
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
        page.push_str("\nThe settings add more inboxes.\n");
    }
    boxes(&mut page, "Outboxes", spec.outboxes, false);
    if spec.extra_outboxes.is_some() {
        page.push_str("\nThe settings add more outboxes.\n");
    }
    if !spec.params.is_empty() {
        page.push_str("\n## Settings\n\n| Name | Accepts | Default | Help |\n|---|---|---|---|\n");
        for param in spec.params {
            let live = if param.live { " Can be changed while the component runs." } else { "" };
            let (accepts, default) = (accepts(param), default(param));
            let _ = writeln!(page, "| `{}` | {accepts} | {default} | {}.{live} |", param.name, param.help);
        }
    }
    page.push_str(&errors(spec));
    page.push_str(&ending(spec));
    let _ = write!(page, "\nCategory: {}. ", spec.category.title());
    page.push_str("Every component also has `control` and `signal`.\n");
    page
}

/// What happens to invalid settings and messages, and after a crash.
fn errors(spec: &ComponentSpec) -> String {
    let mut text = "\n## Errors\n\n".to_owned();
    if !spec.params.is_empty() {
        text.push_str(
            "An invalid setting is refused before the component starts; the error names the setting and says how to \
             fix it. ",
        );
    }
    if spec.outboxes.iter().any(|found| found.name == "rejected") {
        text.push_str(
            "A message that the component cannot use goes to `rejected`, the console shows the reason, and the \
             component continues. ",
        );
    }
    text.push_str(
        "If the component crashes, it shows the error, a run without a window fails with that error, and the other \
         components continue.\n",
    );
    text
}

/// How the component ends: the same rule for all.
fn ending(spec: &ComponentSpec) -> String {
    let text = if spec.is_pure_source() {
        "It ends when it has sent everything, or when *finish* or *stop* arrives on `control`."
    } else {
        "When its input ends or *finish* arrives on `control`, it first handles the queued messages. *Stop* ends \
         it at once."
    };
    format!("\n## Shutdown\n\n{text} It announces its end on `signal`.\n")
}

fn boxes(page: &mut String, title: &str, specs: &[BoxSpec], inboxes: bool) {
    // Boxes whose name begins with an underscore are internal.
    let mut specs = specs.iter().filter(|spec| !spec.name.starts_with('_')).peekable();
    if specs.peek().is_none() {
        return;
    }
    let _ = write!(page, "\n## {title}\n\n");
    for spec in specs {
        let capacity = if inboxes { format!(" {}.", capacity(spec)) } else { String::new() };
        let _ = writeln!(page, "- `{}` ({}): {}.{capacity}", spec.name, kinds(spec), spec.help);
    }
}

/// The kinds of message that a box accepts or sends, as text.
pub fn kinds(spec: &BoxSpec) -> String {
    if spec.kinds.is_empty() {
        return "any".to_owned();
    }
    spec.kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ")
}

fn capacity(spec: &BoxSpec) -> String {
    let Some(capacity) = spec.capacity else { return "Holds any number of messages".to_owned() };
    let full = match spec.policy {
        FullPolicy::Block => "then the sender waits",
        FullPolicy::DropOldest => "then the oldest message is dropped",
        FullPolicy::DropNewest => "then the newest message is dropped",
        FullPolicy::Fail => "then the sender crashes",
    };
    format!("Holds {capacity}, {full}")
}

/// What a setting accepts, with bounds and unit, as text.
pub fn accepts(param: &ParamSpec) -> String {
    let text = match param.kind {
        ParamKind::Text => "text".to_owned(),
        ParamKind::LongText => "text with several lines".to_owned(),
        ParamKind::Bool => "true or false".to_owned(),
        ParamKind::Int { min, max: i64::MAX } => format!("whole number from {min}"),
        ParamKind::Int { min, max } => format!("whole number from {min} to {max}"),
        ParamKind::Float { min, max } => format!("number from {min} to {max}"),
        ParamKind::Choice(options) => options.iter().map(|option| format!("`{option}`")).collect::<Vec<_>>().join(", "),
        ParamKind::FileToRead([]) => "file to read".to_owned(),
        ParamKind::FileToRead(extensions) => format!("file to read ({})", extensions.join(", ")),
        ParamKind::FileToWrite => "file to write".to_owned(),
        ParamKind::Expression => "Rhai expression over `msg`".to_owned(),
        ParamKind::Template => "name of a template in the project".to_owned(),
        ParamKind::List => "list".to_owned(),
        ParamKind::Any => "anything".to_owned(),
    };
    if param.unit.is_empty() { text } else { format!("{text}, in {}", param.unit) }
}

fn default(param: &ParamSpec) -> String {
    match param.default {
        DefaultValue::Required => "required".to_owned(),
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
    use crate::source::PERIODIC_TICK;

    #[test]
    fn a_page_lists_boxes_kinds_settings_units_and_ranges() {
        let page = page(&MESSAGE_RATE_LIMIT);
        for part in [
            "# MessageRateLimit\n",
            "- `inbox` (any): Messages at any rate. Holds 100, then the sender waits.",
            "| `messages_per_second` | number from 0.001 to 1000000, in messages/s | `10` |",
            "Can be changed while the component runs.",
            "## Errors",
            "## Shutdown",
            "*finish* arrives on `control`, it first handles the queued messages.",
            "Category: Flow.",
        ] {
            assert!(page.contains(part), "{part} is not in\n{page}");
        }
    }

    #[test]
    fn a_page_shows_every_limit_of_a_setting() {
        let page = page(&PERIODIC_TICK);
        assert!(page.contains("| `delay` | number from 0.001 to 1000000000, in s |"), "{page}");
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
