//! LossyConnector: passes messages on, and drops them while the next inbox is full.

use compose_runtime::dev::*;

/// Description of LossyConnector.
pub static LOSSY_CONNECTOR: ComponentSpec = ComponentSpec {
    type_name: "LossyConnector",
    category: Category::Flow,
    summary: "Passes messages on, and drops them while the next inbox is full",
    docs: "It never waits, so whoever sends to it is never held up by a slow receiver behind it. How many were dropped \
           stands on it.\n\n\
           Example: live video through a LossyConnector into a slow viewer skips frames instead of falling behind.\n\n\
           The same can be had without it: give the receiver's inbox the policy that drops the newest.",
    inboxes: &[BoxSpec::new("inbox", "Messages at any rate")],
    outboxes: &[BoxSpec::new("outbox", "Those for which there was room")],
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
    fn what_there_is_room_for_passes() {
        check(&LOSSY_CONNECTOR, &[], &["a", "b"], &["a", "b"]);
    }
}
