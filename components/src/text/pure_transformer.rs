//! PureTransformer: applies one expression to each message.

use compose_runtime::dev::*;

use super::Expression;

/// Description of PureTransformer.
pub static PURE_TRANSFORMER: ComponentSpec = ComponentSpec {
    type_name: "PureTransformer",
    category: Category::Text,
    summary: "Applies an expression to each message and emits the result",
    docs: "The expression is in the language Rhai; the message is `msg`. A result of `()` emits nothing; an empty text, \
           zero and false are results like any other. A mistake in the expression is shown while it is typed; a \
           mistake while it runs, such as a division by zero, ends the component with the place in its words. One \
           message may take 50 000 steps and a second.\n\n\
           Examples: `upper(msg)`, `msg + 1`, `` `hello ${msg}` ``, `msg.name`, `msg[0]`, `decode(msg)` for bytes to \
           text, `encode(msg)` for text to bytes, `text(msg)` for the text form of anything, `[msg, msg * 2]`, \
           `if msg > 10 { \"much\" } else { () }`.\n\n\
           Differs from the original: an expression takes the place of a Python function.",
    inboxes: &[BoxSpec::new("inbox", "Messages to change")],
    outboxes: &[BoxSpec::new("outbox", "The results")],
    params: &[ParamSpec::expression("function", "msg", "What to make of msg; () emits nothing")],
    build: build::<PureTransformer>,
    ..ComponentSpec::EMPTY
};

struct PureTransformer {
    function: Expression,
}

impl Component for PureTransformer {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { function: Expression::new("function", &params.text("function"))? })
    }

    async fn main(mut self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            if let Some(result) = self.function.run(&message)? {
                io.send("outbox", result).await;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::{Rig, check};

    use super::*;

    #[test]
    fn the_function_is_applied_to_each_message() {
        check(&PURE_TRANSFORMER, &[("function", "upper(msg)".into())], &["one", "two"], &["ONE", "TWO"]);
    }

    #[test]
    fn nothing_emits_nothing_but_empty_results_count() {
        let function = "if msg == \"drop\" { () } else if msg == \"zero\" { 0 } else { \"\" }";
        check(&PURE_TRANSFORMER, &[("function", function.into())], &["drop", "zero", "empty"], &["0", ""]);
    }

    #[test]
    fn a_mistake_while_running_crashes_it_with_the_place() {
        let mut rig = Rig::new(&PURE_TRANSFORMER, &[("function", "100 / msg".into())]);
        rig.put("inbox", 50);
        rig.put("inbox", 0);
        rig.run();
        assert_eq!(rig.take("outbox"), [Message::Int(2)]);
        match rig.state() {
            State::Crashed(words) => {
                assert!(words.contains("division by zero: 100 / 0 in the expression at column 5"), "{words}");
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_mistake_in_the_expression_refuses_the_setting() {
        let given = Message::from("msg +* 2");
        let params = Params::check(PURE_TRANSFORMER.params, [("function", &given)]).unwrap();
        let error = (PURE_TRANSFORMER.build)(&params).err().unwrap().to_string();
        assert!(error.starts_with("function: ") && error.contains("at column 6"), "{error}");
    }
}
