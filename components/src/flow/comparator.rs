//! Comparator: compares two streams item by item.

use compose_runtime::dev::*;

/// Description of Comparator.
pub static COMPARATOR: ComponentSpec = ComponentSpec {
    type_name: "Comparator",
    category: Category::Flow,
    summary: "Compares two streams item by item",
    docs: "Waits for one message in each inbox and emits whether the two are equal, that is, have the same kind and \
           the same value. If one stream is longer than the other, it emits `false` for each extra message.\n\n\
           Example: a Comparator linked to a TestResult makes a project fail if two implementations of the same task \
           differ.",
    inboxes: &[BoxSpec::new("inA", "One stream").needed(), BoxSpec::new("inB", "The other stream").needed()],
    outboxes: &[BoxSpec::new("outbox", "Whether the two items are equal").kinds(&[Kind::Bool])],
    build: build::<Comparator>,
    ..ComponentSpec::EMPTY
};

struct Comparator;

impl Component for Comparator {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        loop {
            let equal = match (io.recv("inA").await, io.recv("inB").await) {
                (None, None) => return Ok(()),
                (Some(a), Some(b)) => a == b,
                _ => false,
            };
            if io.is_shutting_down() {
                return Ok(());
            }
            io.send("outbox", equal).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn items_are_compared_in_pairs_and_an_extra_item_is_a_difference() {
        let mut rig = Rig::new(&COMPARATOR, &[]);
        for (a, b) in [("x", "x"), ("y", "z")] {
            rig.put("inA", a);
            rig.put("inB", b);
        }
        rig.put("inB", "more");
        rig.finish();
        rig.run();
        assert_eq!(rig.texts("outbox"), ["true", "false", "false"]);
        assert_eq!(rig.state(), State::Finished);
    }
}
