//! Filter: passes on the messages for which an expression is true.

use compose_runtime::dev::*;

use super::Expression;

/// Description of Filter.
pub static FILTER: ComponentSpec = ComponentSpec {
    type_name: "Filter",
    category: Category::Text,
    summary: "Passes on the messages for which an expression is true",
    docs: "The expression is written in the language Rhai; `msg` is the message. It must return `true` to pass the \
           message on, or `false` or `()` to drop it. A statement that ends in `;` returns `()`. For any other result, or a runtime error, the component crashes; \
           the error shows the result or the location.\n\n\
           Examples: `msg.contains(\"error\")`, `msg > 10`, `msg.name == \"Ada\"`, `type_of(msg) == \"string\"`.\n\n\
           Differs from the original: an expression replaces the object with a `filter` method. To change messages, \
           use PureTransformer.",
    inboxes: &[BoxSpec::new("inbox", "Messages to filter")],
    outboxes: &[BoxSpec::new("outbox", "Messages that pass, unchanged")],
    params: &[ParamSpec::expression("filter", "true", "Condition for passing msg on")],
    build: build::<Filter>,
    ..ComponentSpec::EMPTY
};

struct Filter {
    filter: Expression,
}

impl Component for Filter {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { filter: Expression::new("filter", &params.text("filter"))? })
    }

    async fn main(mut self, io: BoxIo) -> Outcome {
        self.filter.seed(io.seed());
        while let Some(message) = io.recv("inbox").await {
            match self.filter.run(&message)? {
                Some(Message::Bool(true)) => io.send("outbox", message).await,
                Some(Message::Bool(false)) | None => {}
                Some(other) => {
                    return Err(Fault::new(format!(
                        "the filter must return true or false, but returned {} for {}",
                        other.label(40),
                        message.label(40)
                    )));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::{Rig, check};

    use super::*;

    #[test]
    fn only_messages_that_meet_the_condition_pass() {
        check(&FILTER, &[("filter", "msg.contains('o')".into())], &["one", "six", "two", ""], &["one", "two"]);
        check(&FILTER, &[], &["a", ""], &["a", ""]);
        check(&FILTER, &[("filter", "msg == \"a\";".into())], &["a", ""], &[]);
    }

    #[test]
    fn a_result_that_is_neither_true_nor_false_crashes_it() {
        let mut rig = Rig::new(&FILTER, &[("filter", "msg.len()".into())]);
        rig.put("inbox", "abc");
        rig.run();
        match rig.state() {
            State::Crashed(error) => assert!(error.contains("must return true or false, but returned 3"), "{error}"),
            other => panic!("{other:?}"),
        }
    }
}
