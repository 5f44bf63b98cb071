//! PureTransformer: applies one expression to each message.

use compose_runtime::dev::*;

use super::Expression;

/// Description of PureTransformer.
pub static PURE_TRANSFORMER: ComponentSpec = ComponentSpec {
    type_name: "PureTransformer",
    category: Category::Text,
    summary: "Applies an expression to each message and sends the result",
    docs: "The expression is written in the language Rhai; `msg` is the message. If the result is `()`, nothing is \
           sent; a statement that ends in `;` has this result. Empty text, zero and false are sent like any other result. Syntax errors are shown while you type. On \
           a runtime error, such as a division by zero, the component crashes and the error gives the location. Each \
           message may take up to 50 000 steps and one second. An expression may create 16 MiB of text, lists and blobs \
           of 1 048 576 items or bytes, and maps of 100 000 entries, in addition to four times the size of its \
           message.\n\n\
           Examples: `upper(msg)`, `msg + 1`, `` `hello ${msg}` ``, `msg.name`, `msg[0]`, `decode(msg)` for bytes to \
           text, `encode(msg)` for text to bytes, `text(msg)` for the text form of any value, `[msg, msg * 2]`, `if \
           msg > 10 { \"much\" } else { () }`. `random()` is a number from 0 up to but not including 1, and \
           `random(1, 6)` a whole number from 1 to 6; both depend on the seed of the run.\n\n\
           If `${name}` is the name of a project parameter, its value replaces it before the expression is compiled. \
           Inside quotes, the value stays text, whatever characters it contains. Any other `${...}` between \
           back-ticks is a value of the expression; write `$${name}` for a variable that has the name of a \
           parameter.\n\n\
           Differs from the original: an expression replaces the Python function.",
    inboxes: &[BoxSpec::new("inbox", "Messages to transform")],
    outboxes: &[BoxSpec::new("outbox", "The results")],
    params: &[ParamSpec::expression("function", "msg", "Expression that maps msg to a result; () sends nothing")],
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
        self.function.seed(io.seed());
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
    fn a_unit_result_sends_nothing_but_empty_results_are_sent() {
        let function = "if msg == \"drop\" { () } else if msg == \"zero\" { 0 } else { \"\" }";
        check(&PURE_TRANSFORMER, &[("function", function.into())], &["drop", "zero", "empty"], &["0", ""]);
        check(&PURE_TRANSFORMER, &[("function", "upper(msg);".into())], &["one"], &[]);
    }

    #[test]
    fn a_runtime_error_crashes_it_and_gives_the_location() {
        let mut rig = Rig::new(&PURE_TRANSFORMER, &[("function", "100 / msg".into())]);
        rig.put("inbox", 50);
        rig.put("inbox", 0);
        rig.run();
        assert_eq!(rig.take("outbox"), [Message::Int(2)]);
        match rig.state() {
            State::Crashed(error) => {
                assert!(error.contains("division by zero: 100 / 0 in the expression at column 5"), "{error}");
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_syntax_error_in_the_setting_is_refused() {
        let function = Message::from("msg +* 2");
        let params = Params::check(PURE_TRANSFORMER.params, [("function", &function)]).unwrap();
        let error = (PURE_TRANSFORMER.build)(&params).err().unwrap().to_string();
        assert!(error.starts_with("function: ") && error.contains("at column 6"), "{error}");
    }
}
