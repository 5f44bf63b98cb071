//! Entuple: wraps each message in a list with fixed items.

use compose_runtime::dev::*;

/// Description of Entuple.
pub static ENTUPLE: ComponentSpec = ComponentSpec {
    type_name: "Entuple",
    category: Category::Text,
    summary: "Wraps each message in a list with fixed items",
    docs: "Each message becomes a list: the items of `prefix`, then the message, then the items of `postfix`.\n\n\
           Example: with `prefix` = `[\"chat\"]`, `\"hello\"` becomes `[\"chat\", \"hello\"]`, so that the receiver \
           knows the source of the message.",
    inboxes: &[BoxSpec::new("inbox", "Messages to wrap")],
    outboxes: &[BoxSpec::new("outbox", "Lists that contain the message").kinds(&[Kind::List])],
    params: &[
        ParamSpec::list("prefix", "Items before each message"),
        ParamSpec::list("postfix", "Items after each message"),
    ],
    build: build::<Entuple>,
    ..ComponentSpec::EMPTY
};

struct Entuple {
    prefix: Vec<Message>,
    postfix: Vec<Message>,
}

impl Component for Entuple {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { prefix: params.list("prefix"), postfix: params.list("postfix") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            let parts = self.prefix.iter().cloned().chain([message]).chain(self.postfix.iter().cloned());
            io.send("outbox", Message::list(parts)).await;
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::command::Step;
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::scheduler::{ClockKind, RunEnd, RunLimit, Scheduler, SchedulerConfig};
    use compose_runtime::testing::check;

    use super::*;
    use crate::chassis::{Graph, Part};

    #[test]
    fn one_that_wraps_its_own_output_crashes_at_the_limit_of_depth_and_the_others_go_on() {
        let links = ["one.outbox -> wrap.inbox", "wrap.outbox -> wrap.inbox", "other.outbox -> self.outbox"];
        let parts = [
            ("one", Part::new("OneShot").with("msg", "x")),
            ("wrap", Part::new("Entuple")),
            ("other", Part::new("OneShot").with("msg", "y")),
        ];
        let graph = Graph::graphline(&parts, &links).unwrap();
        let mut config = SchedulerConfig::new(crate::registry());
        config.clock = ClockKind::Virtual;
        let mut scheduler = Scheduler::new(config);
        scheduler.reconfigure(1, Step::start_all(&graph.topology("graph", 1)));
        assert_eq!(scheduler.run(RunLimit::default()), RunEnd::Ended);
        let snapshot = scheduler.snapshot();
        let state =
            |name: &str| snapshot.components.iter().find(|view| view.name.ends_with(name)).unwrap().state.clone();
        let State::Crashed(text) = state("wrap") else { panic!("{:?}", state("wrap")) };
        assert!(text.contains("more than 256 deep"), "{text}");
        assert_eq!(state("other"), State::Finished);
    }

    #[test]
    fn fixed_items_surround_each_message() {
        let around = [("prefix", Message::list([1.into()])), ("postfix", Message::list([2.into(), 3.into()]))];
        check(&ENTUPLE, &around, &["a"], &["[1, \"a\", 2, 3]"]);
        check(&ENTUPLE, &[], &["a"], &["[\"a\"]"]);
    }
}
