//! Nesting: how deep and how many instances of templates there may be.
//!
//! A template that contains itself would otherwise make instances until the memory is full. The check of a project names the
//! ring of templates; these limits hold for every way to make an instance.

use std::iter;

use super::Graph;
use crate::component::Fault;
use crate::ids::ComponentId;

/// How deep instances can be nested: a chassis in an instance makes an instance, and so on.
pub(crate) const MAX_NESTING: usize = 32;

/// How many instances there can be at the same time in one scheduler.
pub(crate) const MAX_INSTANCES: usize = 65_536;

impl Graph {
    /// Refuses a further instance of `template` inside `owner` if there are too many, or if they are nested too deep.
    pub(super) fn check_nesting(&self, owner: ComponentId, template: &str) -> Result<(), Fault> {
        let around = iter::successors(self.table.by_id(owner), |slot| self.table.by_id(slot.parent()?));
        check(template, around.filter(|slot| slot.is_instance()).count(), self.table.instances())
    }
}

/// Checks the number of instances around a new one, and the number of all instances.
fn check(template: &str, around: usize, all: usize) -> Result<(), Fault> {
    if around >= MAX_NESTING {
        return Err(Fault::new(format!(
            "cannot make an instance of {template}: instances are nested {MAX_NESTING} deep already; check whether the \
             template contains itself"
        )));
    }
    if all >= MAX_INSTANCES {
        return Err(Fault::new(format!(
            "cannot make an instance of {template}: there are {MAX_INSTANCES} instances already; check whether the \
             template contains itself, or remove instances that have ended"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_is_refused_at_either_limit() {
        assert_eq!(check("T", MAX_NESTING - 1, MAX_INSTANCES - 1), Ok(()));
        let text = |around, all| check("T", around, all).map_err(|fault| fault.to_string());
        assert!(text(MAX_NESTING, 0).is_err_and(|text| text.contains("instance of T: instances are nested 32 deep")));
        assert!(text(0, MAX_INSTANCES).is_err_and(|text| text.contains("there are 65536 instances already")));
    }
}
