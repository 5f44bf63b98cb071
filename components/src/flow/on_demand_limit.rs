//! OnDemandLimit: emits one message for each NEXT.

use compose_runtime::dev::*;

use super::turn::emit_on_request;

/// Description of OnDemandLimit.
pub static ON_DEMAND_LIMIT: ComponentSpec = ComponentSpec {
    type_name: "OnDemandLimit",
    category: Category::Flow,
    summary: "Holds messages and emits one per NEXT",
    docs: "Works like PromptedTurnstile, but only the text NEXT on `slidecontrol` counts as a request. A NEXT that \
           arrives while no message is waiting is remembered.\n\n\
           Example: link a source of slides to an OnDemandLimit, and a Button with the message NEXT to its \
           `slidecontrol`.",
    inboxes: &[
        BoxSpec::new("inbox", "Messages to hold"),
        BoxSpec::new("slidecontrol", "NEXT emits one message").kinds(&[Kind::Text, Kind::Bytes]),
    ],
    outboxes: &[BoxSpec::new("outbox", "One message per NEXT")],
    build: build::<OnDemandLimit>,
    ..ComponentSpec::EMPTY
};

struct OnDemandLimit;

impl Component for OnDemandLimit {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        emit_on_request(&io, "slidecontrol", |message| message.to_string().trim().eq_ignore_ascii_case("NEXT")).await
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn only_next_emits_a_message() {
        let mut rig = Rig::new(&ON_DEMAND_LIMIT, &[]);
        for text in ["a", "b"] {
            rig.put("inbox", text);
        }
        rig.put("slidecontrol", "please");
        rig.run();
        assert_eq!(rig.waiting("outbox"), 0);
        rig.put("slidecontrol", "next\n");
        rig.run();
        assert_eq!(rig.texts("outbox"), ["a"]);
    }
}
