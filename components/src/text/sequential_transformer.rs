//! SequentialTransformer: applies several expressions to each message in sequence.

use compose_runtime::dev::*;

use super::Expression;

/// Description of SequentialTransformer.
pub static SEQUENTIAL_TRANSFORMER: ComponentSpec = ComponentSpec {
    type_name: "SequentialTransformer",
    category: Category::Text,
    summary: "Applies several expressions to each message in sequence",
    docs: "Each expression receives the result of the previous one as `msg`. If a result is `()`, nothing is sent for \
           this message. If `functions` is empty, messages pass unchanged. The expression language is the same as in \
           PureTransformer.\n\n\
           Example: `functions` = `[\"decode(msg)\", \"upper(msg)\", \"msg + '!'\"]`.",
    inboxes: &[BoxSpec::new("inbox", "Messages to transform")],
    outboxes: &[BoxSpec::new("outbox", "The results of the last expression")],
    params: &[ParamSpec::list("functions", "Expressions over msg, as strings, in the order to apply them").of_code()],
    build: build::<SequentialTransformer>,
    ..ComponentSpec::EMPTY
};

struct SequentialTransformer {
    functions: Vec<Expression>,
}

impl Component for SequentialTransformer {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let functions = params.list("functions");
        let compile = |(index, function): (usize, &Message)| match function.as_text() {
            Some(source) => {
                let name = format!("functions, number {}", index + 1);
                Expression::new(&name, source).map(|function| function.named(name))
            }
            None => Err(ParamError::Other(format!("functions: {} is not text", function.label(40)))),
        };
        Ok(Self { functions: functions.iter().enumerate().map(compile).collect::<Result<_, _>>()? })
    }

    async fn main(mut self, io: BoxIo) -> Outcome {
        for (number, function) in (0..).zip(&self.functions) {
            function.seed(io.seed().wrapping_add(number));
        }
        while let Some(message) = io.recv("inbox").await {
            let mut result = Some(message);
            for function in &mut self.functions {
                let Some(message) = result else { break };
                result = function.run(&message)?;
            }
            if let Some(result) = result {
                io.send("outbox", result).await;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::testing::{Rig, check};

    use super::*;

    #[test]
    fn functions_are_applied_in_order_until_one_returns_nothing() {
        let functions = Message::list(["if msg != \"x\" { msg + 1 }".into(), "upper(msg)".into()]);
        check(&SEQUENTIAL_TRANSFORMER, &[("functions", functions)], &["a", "x", "b"], &["A1", "B1"]);
        check(&SEQUENTIAL_TRANSFORMER, &[], &["a"], &["a"]);
    }

    #[test]
    fn an_error_names_the_function() {
        let functions = Message::list(["msg".into(), "msg +".into()]);
        let params = Params::check(SEQUENTIAL_TRANSFORMER.params, [("functions", &functions)]).unwrap();
        let error = (SEQUENTIAL_TRANSFORMER.build)(&params).err().unwrap().to_string();
        assert!(error.starts_with("functions, number 2: "), "{error}");
        let functions = Message::list(["msg - 1".into(), "6 / msg".into()]);
        let mut rig = Rig::new(&SEQUENTIAL_TRANSFORMER, &[("functions", functions)]);
        rig.put("inbox", 1);
        rig.run();
        let state = format!("{:?}", rig.state());
        assert!(state.contains("division by zero: 6 / 0 in functions, number 2 at column 3"), "{state}");
    }
}
