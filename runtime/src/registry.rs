//! Registry: finds the description of a component type by name.

use std::collections::BTreeMap;

use crate::component::ComponentSpec;

/// The component types that can be started.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    specs: BTreeMap<&'static str, &'static ComponentSpec>,
    order: Vec<&'static ComponentSpec>,
}

/// Why a registration or a lookup failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// Two descriptions have the same name.
    #[error("there are two component types named {0}")]
    Duplicate(&'static str),
    /// No description has this name.
    #[error("there is no component type {0}")]
    Unknown(String),
}

impl Registry {
    /// Adds a type.
    ///
    /// # Errors
    /// A type with this name is already registered; it is kept.
    pub fn register(&mut self, spec: &'static ComponentSpec) -> Result<(), RegistryError> {
        if self.specs.contains_key(spec.type_name) {
            return Err(RegistryError::Duplicate(spec.type_name));
        }
        self.specs.insert(spec.type_name, spec);
        self.order.push(spec);
        Ok(())
    }

    /// The description of a type.
    ///
    /// # Errors
    /// No type has this name.
    pub fn get(&self, type_name: &str) -> Result<&'static ComponentSpec, RegistryError> {
        self.specs.get(type_name).copied().ok_or_else(|| RegistryError::Unknown(type_name.to_owned()))
    }

    /// All types in order of registration, which is the order of the palette.
    pub fn iter(&self) -> impl Iterator<Item = &'static ComponentSpec> {
        self.order.iter().copied()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_second_type_of_the_same_name_is_refused() {
        static FIRST: ComponentSpec = ComponentSpec { type_name: "It", summary: "first", ..ComponentSpec::EMPTY };
        static SECOND: ComponentSpec = ComponentSpec { type_name: "It", summary: "second", ..ComponentSpec::EMPTY };
        let mut registry = Registry::default();
        registry.register(&FIRST).unwrap();
        assert_eq!(registry.register(&SECOND), Err(RegistryError::Duplicate("It")));
        assert_eq!(registry.get("It").unwrap().summary, "first");
        assert_eq!(registry.iter().count(), 1);
    }
}
