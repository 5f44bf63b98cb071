//! LossyConnector: passes messages on, but drops them while the next inbox is full.

use compose_runtime::dev::*;

/// Description of LossyConnector.
pub static LOSSY_CONNECTOR: ComponentSpec = ComponentSpec {
    type_name: "LossyConnector",
    category: Category::Flow,
    summary: "Passes messages on, but drops them while the next inbox is full",
    docs: "It never waits for the receiver, so a slow receiver never delays the sender. The component shows how many \
           messages it dropped.\n\n\
           Example: live video that goes through a LossyConnector to a slow viewer skips frames instead of falling \
           behind.\n\n\
           To get the same effect without it, set the policy of the receiver's inbox to drop the newest message.",
    inboxes: &[BoxSpec::new("inbox", "Messages to pass on, at any rate")],
    outboxes: &[BoxSpec::new("outbox", "Messages that the receiver had space for")],
    has_surface: true,
    build: build::<LossyConnector>,
    ..ComponentSpec::EMPTY
};

struct LossyConnector;

impl Component for LossyConnector {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut dropped: u64 = 0;
        let show = |dropped| io.show(Surface::Text { lines: vec![format!("{dropped} dropped")] });
        show(0);
        while let Some(message) = io.recv("inbox").await {
            if io.try_send("outbox", message).is_err() {
                dropped += 1;
                show(dropped);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::check;

    use super::*;

    #[test]
    fn messages_pass_while_there_is_space() {
        check(&LOSSY_CONNECTOR, &[], &["a", "b"], &["a", "b"]);
    }
}
