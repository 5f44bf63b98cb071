//! PassThrough: copies its inbox to its outbox.

use compose_runtime::dev::*;

/// Description of PassThrough.
pub static PASS_THROUGH: ComponentSpec = ComponentSpec {
    type_name: "PassThrough",
    category: Category::Text,
    summary: "Passes every message on unchanged",
    docs: "Also serves as the Echo component of the white paper: linked to a server's connection, it sends back \
           everything it receives. It is also useful for joining or fanning out links at one visible point.\n\n\
           Example: SingleServer's `outbox` into a PassThrough into SingleServer's `inbox` is an echo server.\n\n\
           Differs from the original: it always finishes when its input ends; there is no `shutdownOn`.",
    inboxes: &[BoxSpec::new("inbox", "Messages to pass on")],
    outboxes: &[BoxSpec::new("outbox", "The same messages")],
    build: build::<PassThrough>,
    ..ComponentSpec::EMPTY
};

struct PassThrough;

impl Component for PassThrough {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            io.send("outbox", message).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::check;

    use super::*;

    #[test]
    fn all_messages_pass_in_order() {
        check(&PASS_THROUGH, &[], &["a", "", "b"], &["a", "", "b"]);
    }
}
