//! PromptedTurnstile and OnDemandLimit: messages leave when they are asked for.

use compose_runtime::dev::*;

/// Description of PromptedTurnstile.
pub static PROMPTED_TURNSTILE: ComponentSpec = ComponentSpec {
    type_name: "PromptedTurnstile",
    category: Category::Flow,
    summary: "Lets one message through for every request",
    docs: "Messages wait in the inbox until something, whatever it is, arrives in `next`; requests may run ahead of the \
           messages. When its input has ended it goes on until what is waiting has been asked out, or no more requests \
           can come.\n\n\
           Example: pictures into a PromptedTurnstile whose `next` is fed by a Button come one per press.",
    inboxes: &[BoxSpec::new("inbox", "Messages to hold"), BoxSpec::new("next", "Anything: lets one through")],
    outboxes: &[BoxSpec::new("outbox", "One message per request")],
    build: build::<PromptedTurnstile>,
    ..ComponentSpec::EMPTY
};

/// Description of OnDemandLimit.
pub static ON_DEMAND_LIMIT: ComponentSpec = ComponentSpec {
    type_name: "OnDemandLimit",
    category: Category::Flow,
    summary: "Holds messages; one leaves per NEXT",
    docs: "As PromptedTurnstile, but only the word NEXT in `slidecontrol` counts. A NEXT that finds nothing is \
           remembered.\n\nExample: slides into OnDemandLimit, a Button with NEXT into `slidecontrol`.",
    inboxes: &[
        BoxSpec::new("inbox", "Messages to hold"),
        BoxSpec::new("slidecontrol", "NEXT lets one through").kinds(&[Kind::Text, Kind::Bytes]),
    ],
    outboxes: &[BoxSpec::new("outbox", "One message per NEXT")],
    build: build::<OnDemandLimit>,
    ..ComponentSpec::EMPTY
};

struct PromptedTurnstile;
struct OnDemandLimit;

impl Component for PromptedTurnstile {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        turn(&io, "next", |_| true).await
    }
}

impl Component for OnDemandLimit {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        turn(&io, "slidecontrol", |message| message.to_string().trim().eq_ignore_ascii_case("NEXT")).await
    }
}

/// One message for every request that counts; what is not asked for stays in the inbox, where it can be seen.
async fn turn(io: &BoxIo, requests: &'static str, counts: impl Fn(&Message) -> bool) -> Outcome {
    while let Some(request) = io.recv(requests).await {
        if !counts(&request) {
            continue;
        }
        let Some(message) = io.recv("inbox").await else { return Ok(()) };
        io.send("outbox", message).await;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn messages_leave_when_they_are_asked_for() {
        for (spec, requests) in [(&PROMPTED_TURNSTILE, "next"), (&ON_DEMAND_LIMIT, "slidecontrol")] {
            let mut rig = Rig::new(spec, &[]);
            rig.put(requests, "NEXT");
            rig.run();
            for text in ["a", "b", "c"] {
                rig.put("inbox", text);
            }
            rig.run();
            assert_eq!(rig.texts("outbox"), ["a"]);
            rig.put(requests, "next\n");
            rig.run();
            assert_eq!(rig.texts("outbox"), ["b"]);
        }
    }
}
