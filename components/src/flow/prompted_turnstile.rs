//! PromptedTurnstile: messages leave when they are asked for.

use compose_runtime::dev::*;

use super::turn::turn;

/// Description of PromptedTurnstile.
pub static PROMPTED_TURNSTILE: ComponentSpec = ComponentSpec {
    type_name: "PromptedTurnstile",
    category: Category::Flow,
    summary: "Lets one message through for every request",
    docs: "Messages wait in the inbox until something, whatever it is, arrives in `next`; requests may run ahead of the \
           messages. When its input has ended it goes on until what is waiting has been asked out, or no more requests \
           can come.\n\n\
           Example: pictures into a PromptedTurnstile whose `next` is fed by a Button come one per press.",
    inboxes: &[
        BoxSpec::new("inbox", "Messages to hold").needed(),
        BoxSpec::new("next", "Anything: lets one through").needed(),
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
        turn(&io, "next", |_| true).await
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn messages_leave_when_they_are_asked_for() {
        let mut rig = Rig::new(&PROMPTED_TURNSTILE, &[]);
        rig.put("next", 1);
        rig.run();
        for text in ["a", "b", "c"] {
            rig.put("inbox", text);
        }
        rig.run();
        assert_eq!(rig.texts("outbox"), ["a"]);
        rig.put("next", "whatever");
        rig.run();
        assert_eq!(rig.texts("outbox"), ["b"]);
    }
}
