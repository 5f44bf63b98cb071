//! ConditionalSplitter: sends each message one way or the other.

use compose_runtime::dev::*;

use super::router::says_yes;
use crate::text::Expression;

/// Description of ConditionalSplitter.
pub static CONDITIONAL_SPLITTER: ComponentSpec = ComponentSpec {
    type_name: "ConditionalSplitter",
    category: Category::Flow,
    summary: "Sends each message one way or the other, as a condition says",
    docs: "`condition` is an expression over `msg`. Where it gives true the message goes to `true`, where it gives false \
           or nothing to `false`. Anything else, or a mistake while it runs, ends the component with words.\n\n\
           Example: `msg.starts_with(\"/\")` parts commands from talk.",
    inboxes: &[BoxSpec::new("inbox", "Messages to sort")],
    outboxes: &[BoxSpec::new("true", "Where the condition holds"), BoxSpec::new("false", "Where it does not")],
    params: &[ParamSpec::expression("condition", "true", "Which way msg goes")],
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
        while let Some(message) = io.recv("inbox").await {
            let outbox = if says_yes(&mut self.condition, &message)? { "true" } else { "false" };
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
    fn a_condition_parts_the_stream() {
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
