//! Templates declared in Rust, a small chassis that makes instances of them, and composites with further boxes.

use std::cell::RefCell;
use std::rc::Rc;

use compose_runtime::command::Step;
use compose_runtime::dev::*;
use compose_runtime::ids::Direction;
use compose_runtime::prelude::*;

/// Passes on each message with a prefix.
struct Prefix(String);

impl Component for Prefix {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self(params.text("prefix")))
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            io.send("outbox", format!("{} {message}", self.0)).await;
        }
        Ok(())
    }
}

static PREFIX: ComponentSpec = ComponentSpec {
    type_name: "Prefix",
    inboxes: &[BoxSpec::new("inbox", "Anything")],
    outboxes: &[BoxSpec::new("outbox", "The same with a prefix")],
    params: &[ParamSpec::text("prefix", "", "The prefix")],
    build: build::<Prefix>,
    ..ComponentSpec::EMPTY
};

/// Sends two strings.
struct Sender;

impl Component for Sender {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        for text in ["one", "two"] {
            io.send("outbox", text).await;
        }
        Ok(())
    }
}

static SENDER: ComponentSpec = ComponentSpec {
    type_name: "Sender",
    outboxes: &[BoxSpec::new("outbox", "The texts")],
    build: build::<Sender>,
    ..ComponentSpec::EMPTY
};

struct Printer;

impl Component for Printer {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            io.print(&message.to_string());
        }
        Ok(())
    }
}

static PRINTER: ComponentSpec = ComponentSpec {
    type_name: "Printer",
    inboxes: &[BoxSpec::new("inbox", "What to print")],
    build: build::<Printer>,
    ..ComponentSpec::EMPTY
};

/// A chassis: starts an instance of the template `Protocol` for each message and sends the message to its inbox
/// `question`.
struct Each;

impl Component for Each {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            let mut new = io.new_instance("Protocol", &[("who".to_owned(), message.clone())].into())?;
            new.link(new.own(Direction::Outbox, "question"), new.inbox("question"));
            new.link(new.outbox("answer"), new.own(Direction::Outbox, "outbox"));
            let (instance, _) = io.start_instance(new, Fate::EndsWithOwner).await?;
            io.send("question", message).await;
            io.send_control(instance.id, Message::ProducerFinished).await;
            io.child_ended().await;
            io.remove_child(instance.id).await?;
        }
        Ok(())
    }
}

static EACH: ComponentSpec = ComponentSpec {
    type_name: "Each",
    inboxes: &[BoxSpec::new("inbox", "One instance per message")],
    outboxes: &[BoxSpec::new("outbox", "Answers of the instances"), BoxSpec::new("question", "To the instance")],
    build: build::<Each>,
    ..ComponentSpec::EMPTY
};

/// Runs a system to its end and returns the printed lines.
fn printed(system: &System) -> Vec<String> {
    let lines = Rc::new(RefCell::new(Vec::new()));
    let kept = lines.clone();
    let end = system.run(move |_, line| kept.borrow_mut().push(line.to_owned())).unwrap();
    assert_eq!(end, RunEnd::Ended);
    lines.take()
}

/// Two prefixes in a row, between the boxes `question` and `answer` of the composite around them.
fn protocol(inside: &mut System, outer: ComponentId, prefixes: [&str; 2]) -> [ComponentId; 2] {
    let members = prefixes.map(|prefix| {
        let member = inside.add(prefix, &PREFIX);
        inside.set(member, "prefix", prefix);
        member
    });
    inside.add_boxes(outer, &["question"], &["answer"]).pipeline(&members);
    inside.pass_in((outer, "question"), (members[0], "inbox")).pass_in((outer, "control"), (members[0], "control"));
    inside.pass_out((members[1], "outbox"), (outer, "answer"));
    members
}

#[test]
fn a_chassis_makes_instances_of_a_template_declared_in_rust() {
    let mut system = System::new();
    let members = [system.add("sender", &SENDER), system.add("each", &EACH), system.add("printer", &PRINTER)];
    system.pipeline(&members).template("Protocol", |inside| {
        protocol(inside, Topology::OWNER, ["${who}", "${title}"]);
        // The chassis does not give `title`, so this value applies; its own `who` takes precedence.
        inside.set(Topology::OWNER, "title", "dear").set(Topology::OWNER, "who", "unused");
    });
    assert_eq!(printed(&system), ["dear one one", "dear two two"]);
}

#[test]
fn an_existing_template_needs_its_types_registered() {
    let mut one = System::new();
    let members = [one.add("sender", &SENDER), one.add("each", &EACH), one.add("printer", &PRINTER)];
    one.pipeline(&members);
    let mut other = System::new();
    other.template("Protocol", |inside| {
        protocol(inside, Topology::OWNER, ["a", "b"]);
    });
    let template = other.topology().templates["Protocol"].as_ref().clone();
    one.add_template("Protocol", template);
    assert_eq!(printed(&one), [""; 0], "the instances are refused");
    one.register(&PREFIX);
    assert_eq!(printed(&one), ["b a one", "b a two"]);
}

#[test]
fn a_template_inside_another_belongs_to_the_system() {
    let mut system = System::new();
    system.template("Outer", |inside| {
        inside.template("Inner", |inside| {
            inside.add("sender", &SENDER);
        });
        inside.add("each", &EACH);
    });
    assert_eq!(system.topology().templates.keys().map(|name| &**name).collect::<Vec<_>>(), ["Inner", "Outer"]);
    assert!(system.registry().get("Sender").is_ok());
}

#[test]
fn a_composite_can_have_further_boxes() {
    let mut system = System::new();
    let sender = system.add("sender", &SENDER);
    let round = system.add_composite("round");
    for member in protocol(&mut system, round, ["a", "b"]) {
        system.put_inside(member, round);
    }
    let printer = system.add("printer", &PRINTER);
    system.link((sender, "outbox"), (round, "question")).link((round, "answer"), (printer, "inbox"));
    assert_eq!(printed(&system), ["b a one", "b a two"]);
}

#[test]
fn a_composite_may_be_added_after_its_members() {
    let mut system = System::new();
    let sender = system.add("sender", &SENDER);
    let members = [system.add("first", &PREFIX), system.add("second", &PREFIX)];
    let printer = system.add("printer", &PRINTER);
    let inner = system.add_composite("inner");
    let outer = system.add_composite("outer");
    system.pipeline(&members).put_inside(inner, outer);
    for member in members {
        system.put_inside(member, inner);
    }
    system.pass_in((inner, "inbox"), (members[0], "inbox")).pass_out((members[1], "outbox"), (inner, "outbox"));
    system.pass_in((outer, "inbox"), (inner, "inbox")).pass_out((inner, "outbox"), (outer, "outbox"));
    system.pipeline(&[sender, outer, printer]);
    let mut scheduler = system.scheduler(|_| {}).unwrap();
    scheduler.run_ready();
    assert_eq!(scheduler.run(RunLimit::default()), RunEnd::Ended);
    let starts = Step::start_all(system.topology()).into_iter().filter_map(|step| match step {
        Step::Start { id, .. } => Some(id),
        _ => None,
    });
    assert_eq!(starts.collect::<Vec<_>>(), [sender, outer, inner, members[0], members[1], printer]);
    assert_eq!(printed(&system), ["  one", "  two"]);
}
