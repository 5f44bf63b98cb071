//! Nesting: limits the depth and the number of nested template instances.
//!
//! A template that contains itself would otherwise make instances until memory runs out. The check of a project names
//! the ring of templates; these limits hold for every way to make an instance. Instances that are not inside another
//! one are not limited, because their number follows from the input, for example from the clients of a server.

use std::iter;

use super::Graph;
use crate::component::Fault;
use crate::delivery::wake_state::EndRequest;
use crate::ids::ComponentId;

/// How deeply instances can be nested: a chassis in an instance makes an instance, and so on.
const MAX_NESTING: usize = 32;

/// How many instances inside other instances there can be at the same time in one scheduler.
const MAX_NESTED_INSTANCES: usize = 10_000;

impl Graph {
    /// The nesting depth of a further instance of `template` inside `owner`; a fault if there are too many instances,
    /// or if it would be nested too deeply.
    pub(super) fn nesting(&self, owner: ComponentId, template: &str) -> Result<usize, Fault> {
        let around = iter::successors(self.table.by_id(owner), |slot| self.table.by_id(slot.parent()?));
        let outer = around.map(|slot| slot.instance_depth()).find(|depth| *depth > 0).unwrap_or(0);
        check(template, outer, self.table.nested_instances())
    }

    /// Ends a chassis that was asked to end at once and requests an instance, so that a shutdown does not race with
    /// instances that make instances. False if the chassis may continue.
    pub(super) fn ends_instead(&mut self, owner: ComponentId) -> bool {
        let Some(core) = self.table.core(owner).cloned() else { return false };
        let must_end = core.end_request() == EndRequest::Shutdown;
        if must_end {
            self.postoffice.route_all(&self.table);
            self.end(core.slot(), Ok(()));
        }
        must_end
    }
}

/// The depth of a new instance inside one at depth `outer`, if there are already `nested` instances inside others.
fn check(template: &str, outer: usize, nested: usize) -> Result<usize, Fault> {
    if outer >= MAX_NESTING {
        return Err(Fault::new(format!(
            "cannot make an instance of {template}: instances are nested {MAX_NESTING} deep already; check whether the \
             template contains itself"
        )));
    }
    if outer > 0 && nested >= MAX_NESTED_INSTANCES {
        return Err(Fault::new(format!(
            "cannot make an instance of {template}: there are {MAX_NESTED_INSTANCES} instances inside other instances \
             already; check whether the template contains itself"
        )));
    }
    Ok(outer + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_is_refused_at_either_limit() {
        let depth = |outer, nested| check("T", outer, nested).map_err(|fault| fault.to_string());
        assert_eq!(depth(0, MAX_NESTED_INSTANCES), Ok(1), "instances that are not nested are not limited");
        assert_eq!(depth(MAX_NESTING - 1, MAX_NESTED_INSTANCES - 1), Ok(MAX_NESTING));
        assert!(depth(MAX_NESTING, 0).is_err_and(|text| text.contains("instance of T: instances are nested 32 deep")));
        assert!(depth(1, MAX_NESTED_INSTANCES).is_err_and(|text| text.contains("there are 10000 instances inside")));
    }
}
