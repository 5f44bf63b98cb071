//! Adjusting the description of a setting: its unit, whether it must be given, what its entries name.

use super::{DefaultValue, ParamKind, ParamSpec, ParamValue};
use crate::message::Message;

impl ParamSpec {
    /// The same setting with a unit.
    #[must_use]
    pub const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = unit;
        self
    }

    /// The same setting, without a default.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.default = DefaultValue::Required;
        self
    }

    /// The same setting; changes take effect without a restart.
    #[must_use]
    pub const fn live(mut self) -> Self {
        self.live = true;
        self
    }

    /// The same list; each of its entries is the name of a template, or a map whose `template` is one.
    #[must_use]
    pub const fn of_templates(mut self) -> Self {
        self.names_templates = true;
        self
    }

    /// The templates that a value of this setting names. Those that a chassis will only know when it makes an instance,
    /// because they say `"${name}"`, are not among them.
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
