//! UpdateValue: changes a shared value.

use compose_runtime::dev::*;

use crate::refuse::wrong_value;

/// Description of UpdateValue.
pub static UPDATE_VALUE: ComponentSpec = ComponentSpec {
    type_name: "UpdateValue",
    category: Category::Flow,
    summary: "Changes a shared value with every message it gets",
    docs: "`how` determines what a message does to the value of this name:\n\n\
           - `set`: the message becomes the value\n\
           - `add`: the message is a number and is added to the value\n\
           - `exchange`: the message is a list of the expected value and the new value. If the current value is not \
           the expected one, nothing changes and the message goes to `conflict`, so that its sender can read the \
           value again\n\n\
           Each change is atomic: no component sees a half-changed value, and concurrent additions are not lost. The \
           new value leaves from `outbox`. The component crashes if a message cannot be added, if it is not a list \
           of two values, or if no Value of this name exists.\n\n\
           Example: in the protocol of a server, an UpdateValue `bytes` that adds the length of each message.\n\n\
           New as a component: in the original it is a call to the tracker or to the transactional store.",
    inboxes: &[BoxSpec::new("inbox", "New values, numbers to add, or lists of expected and new value")],
    outboxes: &[
        BoxSpec::new("outbox", "The new value after each change"),
        BoxSpec::new("conflict", "Failed exchanges (the expected value did not match), passed on as received")
            .kinds(&[Kind::List]),
    ],
    params: &[
        ParamSpec::text("name", "", "Name of the Value").required(),
        ParamSpec::choice("how", &["set", "add", "exchange"], "What a message does to the value"),
    ],
    build: build::<UpdateValue>,
    ..ComponentSpec::EMPTY
};

struct UpdateValue {
    name: String,
    how: String,
}

impl Component for UpdateValue {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { name: params.text("name").trim().to_owned(), how: params.text("how") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            // No other component has a turn between reading the value and writing it.
            let now = io.tracked_value(&self.name)?;
            let new = match self.how.as_str() {
                "add" => sum(&now, &message)?,
                "exchange" => match &message {
                    Message::List(pair) if pair.len() == 2 && pair.first() == Some(&now) => {
                        pair.get(1).cloned().unwrap_or_default()
                    }
                    Message::List(pair) if pair.len() == 2 => {
                        io.send("conflict", message).await;
                        continue;
                    }
                    other => return Err(wrong_value("inbox", "a list of expected and new value", other)),
                },
                _ => message,
            };
            io.update_value(&self.name, new.clone())?;
            io.send("outbox", new).await;
        }
        Ok(())
    }
}

fn sum(now: &Message, more: &Message) -> Result<Message, Fault> {
    match (now, more) {
        (Message::Int(a), Message::Int(b)) => a.checked_add(*b).map(Message::Int).ok_or_else(|| {
            Fault::new(format!("inbox: {b} cannot be added to {a}, because the sum is too large for a whole number"))
        }),
        (a, b) => match (a.as_number(), b.as_number()) {
            (Some(a), Some(b)) => Ok(Message::Float(a + b)),
            _ => Err(Fault::new(format!("inbox: {} cannot be added to {}", b.label(40), a.label(40)))),
        },
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;

    use super::*;
    use crate::test_system::System;

    /// Starts a Value with 0 and sends these messages to an UpdateValue; returns the console output and the final
    /// state.
    fn updated(how: &str, messages: Vec<Message>) -> (Vec<String>, State) {
        let mut system = System::new();
        system.start(1, "Value", &[("name", "n".into())]);
        system.start(2, "UpdateValue", &[("name", "n".into()), ("how", how.into())]);
        system.start(3, "ConsoleEchoer", &[]);
        system.start(4, "ConsoleEchoer", &[("tag", "conflict ".into())]);
        system.wire(2, "outbox", 3, "inbox");
        system.wire(2, "conflict", 4, "inbox");
        system.wire(2, "signal", 1, "control");
        system.start(5, "DataSource", &[("messages", Message::list(messages))]);
        system.link(5, 2);
        system.run();
        (system.printed(), system.state(2))
    }

    #[test]
    fn values_are_set_and_added_to() {
        assert_eq!(updated("set", vec!["a".into(), 2.into()]).0, ["c3: a", "c3: 2"]);
        assert_eq!(updated("add", vec![2.into(), 3.into(), 0.5.into()]).0, ["c3: 2", "c3: 5", "c3: 5.5"]);
    }

    #[test]
    fn the_second_of_two_conflicting_exchanges_is_sent_to_conflict() {
        let from_zero = |new: i64| Message::list([0.into(), new.into()]);
        let printed = updated("exchange", vec![from_zero(1), from_zero(2)]).0;
        assert_eq!(printed, ["c3: 1", "c4: conflict [0, 2]"]);
    }

    #[test]
    fn a_message_that_cannot_be_added_is_named_in_the_error() {
        let (_, state) = updated("add", vec!["much".into()]);
        assert!(matches!(state, State::Crashed(error) if error.contains("\"much\" cannot be added to 0")));
    }

    #[test]
    fn a_sum_that_is_too_large_is_an_error_and_changes_nothing() {
        for (most, one) in [(i64::MAX, 1), (i64::MIN, -1)] {
            let (printed, state) = updated("add", vec![most.into(), one.into()]);
            assert_eq!(printed, [format!("c3: {most}")]);
            let expected = format!("{one} cannot be added to {most}, because the sum is too large for a whole number");
            assert!(matches!(&state, State::Crashed(error) if error.contains(&expected)), "{state:?}");
        }
    }

    #[test]
    fn an_exchange_without_two_values_is_an_error_that_shows_the_message() {
        for (given, expected) in [(Message::list([1.into()]), "new value, not [1]"), (7.into(), "new value, not 7")] {
            let (_, state) = updated("exchange", vec![given]);
            assert!(matches!(&state, State::Crashed(error) if error.contains(expected)), "{state:?}");
        }
    }
}
