//! ConditionalSplitter: sends each message to one of two outboxes.

use compose_runtime::dev::*;

use super::router::accepts;
use crate::text::Expression;

/// Description of ConditionalSplitter.
pub static CONDITIONAL_SPLITTER: ComponentSpec = ComponentSpec {
    type_name: "ConditionalSplitter",
    category: Category::Flow,
    summary: "Sends each message to one of two outboxes, depending on a condition",
    docs: "`condition` is an expression over `msg`. If it evaluates to true, the message goes to `true`; if it \
           evaluates to false or nothing, the message goes to `false`. Any other result, or an error during \
           evaluation, crashes the component with an error message.\n\n\
           Example: `msg.starts_with(\"/\")` separates commands from chat messages.",
    inboxes: &[BoxSpec::new("inbox", "Messages to sort")],
    outboxes: &[BoxSpec::new("true", "Messages that meet the condition"), BoxSpec::new("false", "All other messages")],
    params: &[ParamSpec::expression("condition", "true", "Condition on msg; true sends it to true, false to false")],
    build: build::<ConditionalSplitter>,
    ..ComponentSpec::EMPTY
};

struct ConditionalSplitter {
    condition: Expression,
}

impl Component for ConditionalSplitter {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { condition: Expression::new("condition", &params.text("condition"))? })
    }

    async fn main(mut self, io: BoxIo) -> Outcome {
        self.condition.seed(io.seed());
        while let Some(message) = io.recv("inbox").await {
            let outbox = if accepts(&mut self.condition, &message)? { "true" } else { "false" };
            io.send(outbox, message).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn a_condition_splits_the_stream() {
        let mut rig = Rig::new(&CONDITIONAL_SPLITTER, &[("condition", "msg % 2 == 0".into())]);
        for number in 1..5 {
            rig.put("inbox", number);
        }
        rig.finish();
        rig.run();
        assert_eq!(rig.texts("true"), ["2", "4"]);
        assert_eq!(rig.texts("false"), ["1", "3"]);
    }
}
