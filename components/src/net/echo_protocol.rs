//! EchoProtocol: sends back every message it gets.

use compose_runtime::dev::*;

/// Description of EchoProtocol.
pub static ECHO_PROTOCOL: ComponentSpec = ComponentSpec {
    type_name: "EchoProtocol",
    category: Category::Network,
    summary: "Sends back every message it gets",
    docs: "For use inside a server; otherwise the same as PassThrough.\n\n\
           Example: SimpleServer with an EchoProtocol for each client.",
    inboxes: &[BoxSpec::new("inbox", "Messages from the client")],
    outboxes: &[BoxSpec::new("outbox", "The same messages, for the client")],
    build: build::<Echo>,
    ..ComponentSpec::EMPTY
};

struct Echo;

impl Component for Echo {
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
    fn it_sends_back_every_message() {
        check(&ECHO_PROTOCOL, &[], &["a", "b"], &["a", "b"]);
    }
}
