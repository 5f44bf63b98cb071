//! `components`: describes the components, for people, for programs and for the manual.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use compose_components::{BUILTINS, manual};
use compose_runtime::component::{BoxSpec, Category, ComponentSpec, FullPolicy};
use compose_runtime::message::{Kind, Message};
use compose_runtime::params::{ParamKind, ParamSpec};
use serde_json::{Value, json};

use super::command_line::{ComponentsArguments, Format};
use super::component_text::component_text;
use super::terminal::{json_text, print, report};
use super::verdict::Verdict;

/// Lists all components, or describes one.
pub fn components(arguments: &ComponentsArguments) -> Verdict {
    let Some(name) = &arguments.name else {
        let text = match arguments.format {
            Format::Text => list(BUILTINS),
            Format::Json => json_text(&BUILTINS.iter().map(|spec| of_component(spec)).collect()),
            Format::Markdown => {
                BUILTINS.iter().fold(manual::index(), |text, spec| format!("{text}\n{}", manual::page(spec)))
            }
        };
        return print(&text, Verdict::Well);
    };
    let Some(spec) = BUILTINS.iter().find(|spec| spec.type_name == name) else {
        report(format!("there is no component {name}{}", suggestion(name, BUILTINS)));
        return Verdict::Refused;
    };
    let text = match arguments.format {
        Format::Json => json_text(&of_component(spec)),
        Format::Text => component_text(spec),
        Format::Markdown => manual::page(spec),
    };
    print(&text, Verdict::Well)
}

/// Writes the manual into a folder: a table of contents and one page for each component.
pub fn write_manual(folder: &Path) -> Verdict {
    let write = || -> anyhow::Result<()> {
        std::fs::create_dir_all(folder)?;
        std::fs::write(folder.join("README.md"), manual::index())?;
        for spec in BUILTINS {
            let file = folder.join(manual::file_name(spec));
            std::fs::write(&file, manual::page(spec)).with_context(|| file.display().to_string())?;
        }
        Ok(())
    };
    match write() {
        Ok(()) => Verdict::Well,
        Err(error) => {
            report(format!("the manual could not be written to {}: {error:#}", folder.display()));
            Verdict::Refused
        }
    }
}

fn list(specs: &[&ComponentSpec]) -> String {
    let mut text = String::new();
    let width = specs.iter().map(|spec| spec.type_name.len()).max().unwrap_or_default();
    for category in Category::ALL {
        let mut of_category = specs.iter().filter(|spec| spec.category == category).peekable();
        if of_category.peek().is_none() {
            continue;
        }
        let _ = writeln!(text, "{}{}", if text.is_empty() { "" } else { "\n" }, category.title());
        for spec in of_category {
            let _ = writeln!(text, "  {:width$}  {}", spec.type_name, spec.summary);
        }
    }
    text
}

/// Names similar to the wrong one, as the rest of a sentence.
fn suggestion(name: &str, specs: &[&ComponentSpec]) -> String {
    let wanted = name.to_lowercase();
    let similar: Vec<&str> = specs
        .iter()
        .map(|spec| spec.type_name)
        .filter(|known| {
            let known = known.to_lowercase();
            known.contains(&wanted) || wanted.contains(&known)
        })
        .collect();
    if similar.is_empty() {
        "; kamaelia-compose components lists all of them".to_owned()
    } else {
        format!("; did you mean {}?", similar.join(" or "))
    }
}

fn of_component(spec: &ComponentSpec) -> Value {
    json!({
        "name": spec.type_name,
        "category": spec.category.title(),
        "summary": spec.summary,
        "docs": spec.docs,
        "inboxes": spec.inboxes.iter().map(|spec| of_box(spec, true)).collect::<Vec<_>>(),
        "outboxes": spec.outboxes.iter().map(|spec| of_box(spec, false)).collect::<Vec<_>>(),
        "has_more_inboxes": spec.extra_inboxes.is_some(),
        "has_more_outboxes": spec.extra_outboxes.is_some(),
        "params": spec.params.iter().map(of_param).collect::<Vec<_>>(),
        "has_surface": spec.has_surface,
    })
}

fn of_box(spec: &BoxSpec, is_inbox: bool) -> Value {
    let kinds: Vec<&str> = spec.kinds.iter().copied().map(Kind::name).collect();
    let mut value = json!({ "name": spec.name, "help": spec.help, "kinds": kinds });
    if is_inbox {
        value["capacity"] = json!(spec.capacity);
        value["policy"] = json!(match spec.policy {
            FullPolicy::Block => "block",
            FullPolicy::DropOldest => "drop oldest",
            FullPolicy::DropNewest => "drop newest",
            FullPolicy::Fail => "fail",
        });
    }
    value
}

fn of_param(param: &ParamSpec) -> Value {
    let mut value = json!({
        "name": param.name,
        "kind": kind_word(param.kind),
        "is_required": param.default.value().is_none(),
        "default": param.default.value().map(|default| of_message(&default)),
        "unit": param.unit,
        "help": param.help,
        "is_live": param.live,
    });
    match param.kind {
        ParamKind::Int { min, max } => (value["min"], value["max"]) = (json!(min), json!(max)),
        ParamKind::Float { min, max } => (value["min"], value["max"]) = (json!(min), json!(max)),
        ParamKind::Choice(choices) => value["choices"] = json!(choices),
        ParamKind::FileToRead(extensions) => value["extensions"] = json!(extensions),
        ParamKind::Text
        | ParamKind::LongText
        | ParamKind::Bool
        | ParamKind::FileToWrite
        | ParamKind::Expression
        | ParamKind::Template
        | ParamKind::List
        | ParamKind::Any => {}
    }
    value
}

const fn kind_word(kind: ParamKind) -> &'static str {
    match kind {
        ParamKind::Text => "text",
        ParamKind::LongText => "long text",
        ParamKind::Bool => "bool",
        ParamKind::Int { .. } => "int",
        ParamKind::Float { .. } => "float",
        ParamKind::Choice(_) => "choice",
        ParamKind::FileToRead(_) => "file to read",
        ParamKind::FileToWrite => "file to write",
        ParamKind::Expression => "expression",
        ParamKind::Template => "template",
        ParamKind::List => "list",
        ParamKind::Any => "any",
    }
}

/// A default value as JSON. Defaults are always plain values.
fn of_message(message: &Message) -> Value {
    match message {
        Message::Bool(value) => json!(value),
        Message::Int(number) => json!(number),
        Message::Float(number) => json!(number),
        Message::Text(text) => json!(&**text),
        Message::List(items) => items.iter().map(of_message).collect(),
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static TAKE: ComponentSpec = ComponentSpec {
        type_name: "Take",
        category: Category::Flow,
        summary: "Passes on the first messages",
        inboxes: &[BoxSpec::new("inbox", "Messages")],
        params: &[ParamSpec::count("count", 1, "How many")],
        ..ComponentSpec::EMPTY
    };

    #[test]
    fn components_are_listed_by_category() {
        assert_eq!(list(&[&TAKE]), "Flow\n  Take  Passes on the first messages\n");
    }

    #[test]
    fn the_json_holds_boxes_and_settings() {
        let value = of_component(&TAKE);
        assert_eq!(value["params"][0]["default"], 1);
        assert_eq!(value["inboxes"][0]["capacity"], 100);
    }

    #[test]
    fn a_wrong_name_gets_a_suggestion() {
        assert_eq!(suggestion("take", &[&TAKE]), "; did you mean Take?");
        assert_eq!(suggestion("x", &[&TAKE]), "; kamaelia-compose components lists all of them");
    }
}
