//! Registry: type name → description.

use std::collections::BTreeMap;

use crate::component::ComponentSpec;

/// The types of component that can be started.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    specs: BTreeMap<&'static str, &'static ComponentSpec>,
    order: Vec<&'static ComponentSpec>,
}

/// Why a registration or a look-up failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// Two descriptions have one name.
    #[error("there are two components named {0}")]
    Duplicate(&'static str),
    /// No description has this name.
    #[error("there is no component type {0}")]
    Unknown(String),
}

impl Registry {
    /// Adds a type.
    pub fn register(&mut self, spec: &'static ComponentSpec) -> Result<(), RegistryError> {
        if self.specs.insert(spec.type_name, spec).is_some() {
            return Err(RegistryError::Duplicate(spec.type_name));
        }
        self.order.push(spec);
        Ok(())
    }

    /// The description of a type.
    pub fn get(&self, type_name: &str) -> Result<&'static ComponentSpec, RegistryError> {
        self.specs.get(type_name).copied().ok_or_else(|| RegistryError::Unknown(type_name.to_owned()))
    }

    /// All types in order of registration, which is palette order.
    pub fn iter(&self) -> impl Iterator<Item = &'static ComponentSpec> {
        self.order.iter().copied()
    }
}
