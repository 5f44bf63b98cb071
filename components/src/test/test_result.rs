//! TestResult: crashes when it receives a false value.

use compose_runtime::dev::*;

/// Description of TestResult.
pub static TEST_RESULT: ComponentSpec = ComponentSpec {
    type_name: "TestResult",
    category: Category::Flow,
    summary: "Counts true values and crashes on the first false one",
    docs: "Nothing, false, zero and empty values count as false. The error gives the number and the content of the \
           message. A headless run with a crashed component exits with code 1, so a project with a TestResult is a \
           test.\n\n\
           Example: a PureTransformer with `msg > 0` into a TestResult fails when a number is not positive.\n\n\
           Differs from the original: only this component crashes; the rest of the system keeps running.",
    inboxes: &[BoxSpec::new("inbox", "Values that should be true")],
    has_surface: true,
    build: build::<TestResult>,
    ..ComponentSpec::EMPTY
};

struct TestResult;

impl Component for TestResult {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut count: u64 = 0;
        let show = |count| io.show(Surface::Text { lines: vec![format!("{count} true")] });
        show(0);
        while let Some(message) = io.recv("inbox").await {
            count += 1;
            if !message.is_truthy() {
                return Err(Fault::new(format!("message {count} is not true: {}", message.label(80))));
            }
            if io.depth("inbox") == 0 {
                show(count);
            }
        }
        show(count);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn true_values_are_counted() {
        let mut rig = Rig::new(&TEST_RESULT, &[]);
        for message in [Message::Bool(true), 1.into(), "yes".into()] {
            rig.put("inbox", message);
        }
        rig.finish();
        rig.run();
        assert_eq!(rig.state(), State::Finished);
        assert_eq!(rig.surface(), Some(Surface::Text { lines: vec!["3 true".to_owned()] }));
    }

    #[test]
    fn a_false_value_crashes_it_and_is_in_the_error() {
        let mut rig = Rig::new(&TEST_RESULT, &[]);
        rig.put("inbox", true);
        rig.put("inbox", 0);
        rig.run();
        match rig.state() {
            State::Crashed(error) => assert!(error.contains("message 2 is not true: 0"), "{error}"),
            other => panic!("{other:?}"),
        }
    }
}
