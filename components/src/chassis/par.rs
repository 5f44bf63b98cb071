//! PAR: runs templates in parallel and merges their output.

use std::collections::BTreeMap;
use std::sync::Arc;

use compose_runtime::dev::*;
use compose_runtime::ids::Direction;
use compose_runtime::template::Instance;
use futures_lite::future;

use super::orders::{Order, Orders, next_end};
use super::retire;

/// Description of PAR.
pub static PAR: ComponentSpec = ComponentSpec {
    type_name: "PAR",
    category: Category::Chassis,
    summary: "Runs templates in parallel and merges their output",
    docs: "\
Runs one instance of each template in `components`; a name may occur several times. All their output is sent on \
`outbox`. `policy` decides what happens to messages received on `inbox`: they are discarded (*discard*), copied to \
every instance, at the pace of the slowest (*copy*), or distributed in turn, skipping instances whose inbox is full \
(*deal*).

Control messages go to all instances. PAR ends when all of them have ended, and announces its end once.

Example: four instances of a template `Worker` with the policy *deal* share the work.

**Differs from the original:** `policy` is new (the documentation of the original promised to distribute messages, but \
the code discarded them); stop waits for the members; the end of the stream is announced once, not once per member.",
    inboxes: &[BoxSpec::new("inbox", "Messages for the members, distributed by policy")],
    outboxes: &[BoxSpec::new("outbox", "All messages from the members")],
    params: &[
        ParamSpec::list("components", "Names of the templates to run").of_templates(),
        ParamSpec::choice("policy", &["discard", "copy", "deal"], "What to do with messages received on inbox"),
    ],
    sends_first: SendsFirst::Yes,
    build: build::<Par>,
    ..ComponentSpec::EMPTY
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Policy {
    Discard,
    Copy,
    Deal,
}

struct Par {
    templates: Vec<String>,
    policy: Policy,
}

struct Member {
    instance: Instance,
    /// The hidden outbox that is linked to the instance.
    feed: Arc<str>,
}

enum Event {
    Control(Order),
    Ended,
    Message(Message),
    NoMore,
}

impl Component for Par {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let templates = params.list("components").iter().map(ToString::to_string).collect();
        let policy = match params.text("policy").as_str() {
            "copy" => Policy::Copy,
            "deal" => Policy::Deal,
            _ => Policy::Discard,
        };
        Ok(Self { templates, policy })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut members = Vec::new();
        for template in &self.templates {
            members.push(self.begin(&io, template).await?);
        }
        let orders = Orders::default();
        let (mut inbox_ended, mut finishes, mut stops) = (false, false, false);
        let mut turn = 0;
        loop {
            remove_ended(&io, &mut members).await;
            if members.is_empty() {
                return Ok(());
            }
            match next_event(&io, &orders, inbox_ended, stops).await {
                Event::Control(Order::Stop) => {
                    stops = true;
                    for member in &members {
                        io.send_control(member.instance.id, Message::Shutdown).await;
                    }
                }
                Event::Control(Order::Finish) => {
                    finishes = true;
                    // If messages for the members are still waiting, the members finish after those messages.
                    if self.policy == Policy::Discard || inbox_ended {
                        finish(&io, &members).await;
                    }
                }
                Event::Ended => {}
                Event::Message(message) => self.distribute(&io, &members, &mut turn, message).await,
                Event::NoMore => {
                    inbox_ended = true;
                    for member in &members {
                        io.finish(&member.feed);
                    }
                    if finishes {
                        finish(&io, &members).await;
                    }
                }
            }
        }
    }
}

impl Par {
    async fn begin(&self, io: &BoxIo, template: &str) -> Result<Member, Fault> {
        let mut new = io.new_instance(template, &BTreeMap::new())?;
        let feed = io.add_outbox("_feed");
        if self.policy != Policy::Discard {
            new.link(new.own(Direction::Outbox, &feed), new.inbox("inbox"));
        }
        new.link(new.outbox("outbox"), new.own(Direction::Outbox, "outbox"));
        let (instance, _) = io.start_instance(new, Fate::EndsWithOwner).await?;
        Ok(Member { instance, feed })
    }

    async fn distribute(&self, io: &BoxIo, members: &[Member], turn: &mut usize, message: Message) {
        match self.policy {
            Policy::Discard => {}
            Policy::Copy => {
                for member in members {
                    io.send(&member.feed, message.clone()).await;
                }
            }
            Policy::Deal => {
                let in_turn = || members.iter().cycle().skip(*turn % members.len().max(1)).take(members.len());
                let free = in_turn().find(|member| io.has_space(&member.feed)).or_else(|| in_turn().next());
                *turn += 1;
                if let Some(member) = free {
                    io.send(&member.feed, message).await;
                }
            }
        }
    }
}

async fn next_event(io: &BoxIo, orders: &Orders, inbox_ended: bool, stops: bool) -> Event {
    if stops {
        // Check again at every safe point, as long as the scheduler allows.
        io.sync().await;
        return Event::Ended;
    }
    let control = async { Event::Control(orders.next(io).await) };
    let ended = async {
        let _end = next_end(io).await;
        Event::Ended
    };
    let message = async {
        if inbox_ended {
            return future::pending().await;
        }
        io.recv("inbox").await.map_or(Event::NoMore, Event::Message)
    };
    future::or(control, future::or(ended, message)).await
}

async fn remove_ended(io: &BoxIo, members: &mut Vec<Member>) {
    let mut running = Vec::new();
    for member in std::mem::take(members) {
        if io.child_outcome(member.instance.id).is_some() {
            retire(io, &member.instance, false).await;
            // The outbox exists, because it was added for this member.
            let _ = io.delete_outbox(&member.feed).await;
        } else {
            running.push(member);
        }
    }
    *members = running;
}

async fn finish(io: &BoxIo, members: &[Member]) {
    for member in members {
        io.send_control(member.instance.id, Message::ProducerFinished).await;
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::super::rig::{self, once, pass};
    use super::*;

    fn par(members: &[&str], policy: &str) -> Rig {
        let names = Message::list(members.iter().map(Message::text));
        let templates = [("Pass", &pass()), ("A", &once("a")), ("B", &once("b"))];
        rig::chassis(&PAR, &[("components", names), ("policy", policy.into())], &templates)
    }

    #[test]
    fn par_1_the_output_of_the_members_is_merged() {
        let mut rig = par(&["A", "B", "A"], "discard");
        rig.run();
        let mut texts = rig.texts("outbox");
        texts.sort();
        assert_eq!((texts, rig.state()), (vec!["a".to_owned(), "a".into(), "b".into()], State::Finished));
    }

    #[test]
    fn par_2_the_policy_distributes_the_input() {
        for (policy, expected) in [("discard", ""), ("copy", "112233"), ("deal", "123")] {
            let mut rig = par(&["Pass", "Pass"], policy);
            for text in ["1", "2", "3"] {
                rig.put("inbox", text);
            }
            rig.run();
            let mut texts = rig.texts("outbox");
            texts.sort();
            assert_eq!(texts.concat(), expected, "{policy}");
        }
    }

    #[test]
    fn par_3_finish_reaches_all_members_after_the_data() {
        for policy in ["discard", "copy", "deal"] {
            let mut rig = par(&["Pass", "Pass"], policy);
            rig.put("inbox", "last");
            rig.finish();
            rig.run();
            assert_eq!(rig.state(), State::Finished, "{policy}");
            assert_eq!(rig.texts("outbox").is_empty(), policy == "discard");
        }
    }

    #[test]
    fn par_4_stop_waits_for_the_members() {
        let mut rig = par(&["Pass", "Pass"], "copy");
        rig.run();
        rig.shutdown();
        rig.run();
        assert_eq!((rig.state(), rig.texts("signal")), (State::Finished, vec!["shutdown".to_owned()]));
        assert_eq!(rig.names(), Vec::<String>::new());
    }

    #[test]
    fn par_5_the_end_is_announced_once() {
        let mut rig = par(&["A", "B"], "discard");
        rig.run();
        assert_eq!(rig.texts("signal"), ["producer finished"]);
    }

    #[test]
    fn par_6_without_members_it_finishes_immediately() {
        let mut rig = par(&[], "copy");
        rig.run();
        assert_eq!(rig.state(), State::Finished);
    }
}
