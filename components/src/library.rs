//! Descriptions that the code of a component can look up by name.
//!
//! The list of all components refers to their code, so component code that needs the list finds it here. It is set
//! once, when the components are first registered, and never changes.

use std::sync::OnceLock;

use compose_runtime::component::ComponentSpec;

static LIBRARY: OnceLock<&'static [&'static ComponentSpec]> = OnceLock::new();

/// Makes these descriptions available. Later calls have no effect.
pub(crate) fn set(specs: &'static [&'static ComponentSpec]) {
    LIBRARY.get_or_init(|| specs);
}

/// The description with this name; `None` if there is none, or if the components have not been registered.
pub(crate) fn find(type_name: &str) -> Option<&'static ComponentSpec> {
    let specs = LIBRARY.get().copied().unwrap_or_default();
    specs.iter().copied().find(|spec| spec.type_name == type_name)
}
