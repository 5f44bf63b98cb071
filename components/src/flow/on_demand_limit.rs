//! OnDemandLimit: messages leave at the word NEXT.

use compose_runtime::dev::*;

use super::turn::turn;

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

struct OnDemandLimit;

impl Component for OnDemandLimit {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        turn(&io, "slidecontrol", |message| message.to_string().trim().eq_ignore_ascii_case("NEXT")).await
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn only_the_word_next_lets_one_through() {
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
