//! Filter: passes on the messages an expression says yes to.

use compose_runtime::dev::*;

use super::Expression;

/// Description of Filter.
pub static FILTER: ComponentSpec = ComponentSpec {
    type_name: "Filter",
    category: Category::Text,
    summary: "Passes on the messages for which an expression is true",
    docs: "The expression is in the language Rhai; the message is `msg`. It must give `true` (pass on) or `false` (drop; \
           `()` does the same). Anything else, or a mistake while it runs, ends the component with words that say what \
           it gave or where it went wrong.\n\n\
           Examples: `msg.contains(\"error\")`, `msg > 10`, `msg.name == \"Ada\"`, `type_of(msg) == \"string\"`.\n\n\
           Differs from the original: an expression takes the place of an object with a `filter` method; use \
           PureTransformer to change messages.",
    inboxes: &[BoxSpec::new("inbox", "Messages to look at")],
    outboxes: &[BoxSpec::new("outbox", "Those that pass, unchanged")],
    params: &[ParamSpec::expression("filter", "true", "Whether to pass msg on")],
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
        while let Some(message) = io.recv("inbox").await {
            match self.filter.run(&message)? {
                Some(Message::Bool(true)) => io.send("outbox", message).await,
                Some(Message::Bool(false)) | None => {}
                Some(other) => {
                    let words = format!(
                        "the filter must give true or false, not {}, which it gave for {}",
                        other.label(40),
                        message.label(40)
                    );
                    return Err(Fault::new(words));
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
    fn only_what_is_true_passes() {
        check(&FILTER, &[("filter", "msg.contains('o')".into())], &["one", "six", "two", ""], &["one", "two"]);
        check(&FILTER, &[], &["a", ""], &["a", ""]);
    }

    #[test]
    fn an_answer_that_is_neither_true_nor_false_is_a_crash_in_words() {
        let mut rig = Rig::new(&FILTER, &[("filter", "msg.len()".into())]);
        rig.put("inbox", "abc");
        rig.run();
        match rig.state() {
            State::Crashed(words) => assert!(words.contains("must give true or false, not 3"), "{words}"),
            other => panic!("{other:?}"),
        }
    }
}
