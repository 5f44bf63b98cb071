//! Adjusts the description of a setting: its unit, whether it is required or live, and whether its entries name
//! templates or are code.

use super::{DefaultValue, ParamKind, ParamSpec, ParamValue};
use crate::message::Message;

impl ParamSpec {
    /// Gives the setting a unit.
    #[must_use]
    pub const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = unit;
        self
    }

    /// Removes the default: the user must give a value.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.default = DefaultValue::Required;
        self
    }

    /// Makes the setting live: changes take effect without a restart.
    #[must_use]
    pub const fn live(mut self) -> Self {
        self.live = true;
        self
    }

    /// Declares that each entry of this list is the name of a template, or a map with such a name under `template`.
    #[must_use]
    pub const fn of_templates(mut self) -> Self {
        self.names_templates = true;
        self
    }

    /// Declares that each entry of this list is a Rhai expression over `msg`.
    #[must_use]
    pub const fn of_code(mut self) -> Self {
        self.has_code_entries = true;
        self
    }

    /// Whether its value is code, or a list of code, in which `${...}` may belong to the language.
    pub const fn is_code(&self) -> bool {
        self.has_code_entries || matches!(self.kind, ParamKind::Expression)
    }

    /// The templates that a value of this setting names. Names that contain `"${name}"` are left out, because they are
    /// known only when a chassis makes an instance.
    pub fn templates_in(&self, value: &ParamValue) -> Vec<String> {
        let of_entry = |entry: &Message| match entry {
            Message::Map(map) => map.get("template").and_then(Message::as_text).map(str::to_owned),
            entry => entry.as_text().map(str::to_owned),
        };
        let names: Vec<String> = match (self.kind, value) {
            (ParamKind::Template, value) => value.as_text().map(str::to_owned).into_iter().collect(),
            (ParamKind::List, Message::List(entries)) if self.names_templates => {
                entries.iter().filter_map(of_entry).collect()
            }
            _ => Vec::new(),
        };
        names.into_iter().filter(|name| !name.is_empty() && !name.contains("${")).collect()
    }
}
