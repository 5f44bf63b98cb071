//! PromptedTurnstile: emits one message for each request.

use compose_runtime::dev::*;

use super::turn::emit_on_request;

/// Description of PromptedTurnstile.
pub static PROMPTED_TURNSTILE: ComponentSpec = ComponentSpec {
    type_name: "PromptedTurnstile",
    category: Category::Flow,
    summary: "Emits one message for each request",
    docs: "Messages wait in the inbox until any message arrives on `next`. Requests may arrive before the messages \
           they release. After its input ends, the component continues until all waiting messages have been requested \
           or `next` has ended.\n\n\
           Example: a PromptedTurnstile that receives pictures and has a Button linked to `next` emits one picture per \
           press.",
    inboxes: &[
        BoxSpec::new("inbox", "Messages to hold").needed(),
        BoxSpec::new("next", "Requests; any message emits one message").needed(),
    ],
    outboxes: &[BoxSpec::new("outbox", "One message per request")],
    build: build::<PromptedTurnstile>,
    ..ComponentSpec::EMPTY
};

struct PromptedTurnstile;

impl Component for PromptedTurnstile {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        emit_on_request(&io, "next", |_| true).await
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn a_message_is_emitted_for_each_request() {
        let mut rig = Rig::new(&PROMPTED_TURNSTILE, &[]);
        rig.put("next", 1);
        rig.run();
        for text in ["a", "b", "c"] {
            rig.put("inbox", text);
        }
        rig.run();
        assert_eq!(rig.texts("outbox"), ["a"]);
        rig.put("next", "anything");
        rig.run();
        assert_eq!(rig.texts("outbox"), ["b"]);
    }
}
