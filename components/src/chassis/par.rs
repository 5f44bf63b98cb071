//! PAR: runs templates in parallel and merges their output.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use compose_runtime::dev::*;
use compose_runtime::ids::Direction;
use compose_runtime::template::Instance;
use futures_lite::future;

use super::orders::{Order, Orders, next_end};
use super::{blame, retire};

/// Description of PAR.
pub static PAR: ComponentSpec = ComponentSpec {
    type_name: "PAR",
    category: Category::Chassis,
    summary: "Runs templates in parallel and merges their output",
    docs: "\
Runs one instance of each template in `components`; a name may occur several times. All their output is sent on \
`outbox`. `policy` decides what happens to messages received on `inbox`: they are discarded (*discard*), copied to \
every instance, at the pace of the slowest (*copy*), or distributed in turn, skipping instances whose inbox is full \
(*deal*). With *deal*, when an instance ends, the messages that it has not taken from its inbox go to the others; the \
one that it was working on is lost if it crashes. If no instance is left, or the input has ended, the console shows \
how many messages were not processed.

When the input ends, the input of every instance ends, with every policy. Control messages go to all instances. PAR \
ends when all of them have ended, and announces its end once.

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

/// How many messages a member can lose at most, so that one whose inbox refuses messages does not fill the memory.
const MOST_GIVEN: u64 = 100_000;

struct Member {
    instance: Instance,
    /// The hidden outbox that is linked to the instance.
    feed: Arc<str>,
    /// With *deal*, the last messages sent to it, at least those that it has not taken yet.
    given: VecDeque<Message>,
    /// Number of messages sent to it.
    sent: u64,
}

impl Member {
    /// Forgets the messages that have left the inbox of the instance.
    fn forget_taken(&mut self, io: &BoxIo) {
        let waiting = self.sent.saturating_sub(io.gone_from(&self.feed));
        while self.given.len() as u64 > waiting.min(MOST_GIVEN) {
            self.given.pop_front();
        }
    }
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
            let mut left = VecDeque::from(remove_ended(&io, &mut members).await);
            // Another member may end meanwhile. After the end of the input, no member accepts further messages.
            while !(inbox_ended || stops || members.is_empty())
                && let Some(message) = left.pop_front()
            {
                self.distribute(&io, &mut members, &mut turn, message).await;
                left.extend(remove_ended(&io, &mut members).await);
            }
            if !stops {
                report_lost(&io, left.len());
            }
            if members.is_empty() {
                if self.policy == Policy::Deal && !stops {
                    report_lost(&io, io.drain("inbox").count());
                }
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
                Event::Message(message) => self.distribute(&io, &mut members, &mut turn, message).await,
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
        // With *discard*, only the end of the input passes through it.
        new.link(new.own(Direction::Outbox, &feed), new.inbox("inbox"));
        new.link(new.outbox("outbox"), new.own(Direction::Outbox, "outbox"));
        let started = io.start_instance(new, Fate::EndsWithOwner).await;
        let (instance, _) = started.map_err(|fault| blame(io, template, &BTreeMap::new(), fault))?;
        Ok(Member { instance, feed, given: VecDeque::new(), sent: 0 })
    }

    async fn distribute(&self, io: &BoxIo, members: &mut [Member], turn: &mut usize, message: Message) {
        match self.policy {
            Policy::Discard => {}
            Policy::Copy => {
                for member in members {
                    io.send(&member.feed, message.clone()).await;
                }
            }
            Policy::Deal => {
                let count = members.len().max(1);
                let in_turn = || (0..count).map(|offset| (*turn + offset) % count);
                let has_space = |index: &usize| members.get(*index).is_some_and(|member| io.has_space(&member.feed));
                let chosen = in_turn().find(has_space).or_else(|| in_turn().next()).unwrap_or_default();
                *turn += 1;
                if let Some(member) = members.get_mut(chosen) {
                    member.forget_taken(io);
                    member.given.push_back(message.clone());
                    member.sent += 1;
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

/// Removes the members that have ended. Returns the messages that they have not taken.
async fn remove_ended(io: &BoxIo, members: &mut Vec<Member>) -> Vec<Message> {
    let (mut running, mut left) = (Vec::new(), Vec::new());
    for mut member in std::mem::take(members) {
        if io.child_outcome(member.instance.id).is_some() {
            member.forget_taken(io);
            left.extend(member.given);
            retire(io, &member.instance, false).await;
            // The outbox exists, because it was added for this member.
            let _ = io.delete_outbox(&member.feed).await;
        } else {
            running.push(member);
        }
    }
    *members = running;
    left
}

/// Reports messages that no member has processed.
fn report_lost(io: &BoxIo, count: usize) {
    if count > 0 {
        io.note(&format!(
            "{count} messages were not processed, because the instances that should process them have ended"
        ));
    }
}

async fn finish(io: &BoxIo, members: &[Member]) {
    for member in members {
        io.send_control(member.instance.id, Message::ProducerFinished).await;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::super::graph::{Graph, Part};
    use super::super::rig::{self, once, pass};
    use super::*;
    use crate::test_system::System;

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

    /// The first member takes one message, and fails or finishes; the other one processes the rest.
    #[test]
    fn deal_gives_what_an_ended_member_has_not_taken_to_the_others() {
        for (ends, done) in [(Part::new("PureTransformer").with("function", "throw \"no\""), "234567")] {
            let ends = Graph::pipeline(vec![ends]).unwrap();
            let names = Message::list(["Ends".into(), "Pass".into()]);
            let params = [("components", names), ("policy", "deal".into())];
            let mut rig = rig::chassis(&PAR, &params, &[("Pass", &pass()), ("Ends", &ends)]);
            for number in 1..=7 {
                rig.put("inbox", number);
            }
            rig.run();
            let mut texts = rig.texts("outbox");
            texts.sort();
            assert_eq!(texts.concat(), done);
        }
    }

    #[test]
    fn messages_that_no_member_can_process_are_reported() {
        let ends = Graph::pipeline(vec![Part::new("PureTransformer").with("function", "throw \"no\"")]).unwrap();
        let params = [("components", Message::list(["Ends".into()])), ("policy", "deal".into())];
        let mut rig = rig::chassis(&PAR, &params, &[("Ends", &ends)]);
        for number in 1..=3 {
            rig.put("inbox", number);
        }
        rig.run();
        assert!(rig.console().concat().contains("2 messages were not processed"), "{:?}", rig.console());
        assert_eq!(rig.state(), State::Finished);
    }

    #[test]
    fn with_discard_the_end_of_the_input_reaches_members_that_read_their_inbox() {
        let mut system = System::new();
        system.template("Pass", &pass());
        system.start(1, "DataSource", &[("messages", Message::list(["x".into()]))]);
        system.start(2, "PAR", &[("components", Message::list(["Pass".into()]))]);
        system.link(1, 2);
        system.run();
        assert_eq!(system.state(2), State::Finished);
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
