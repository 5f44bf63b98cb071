//! Carousel: one replaceable child, made anew for every message on `next`.

use compose_runtime::dev::*;
use compose_runtime::template::Instance;
use futures_lite::future;

use super::orders::{Order, Orders, next_end, stop_in_order};
use super::{check_template, retire, values_of};

/// The description.
pub static CAROUSEL: ComponentSpec = ComponentSpec {
    type_name: "Carousel",
    category: Category::Chassis,
    summary: "Holds one child at a time, made of a template for every message on next",
    docs: "\
Every message on `next` makes an instance of the template `child`; in its settings `\"${item}\"` stands for the message. If \
the message is a map, each entry is a value of its own: `{\"filename\": \"a.png\"}` gives `\"${filename}\"`, too. What comes \
into `inbox` goes to the child, what the child sends comes out of `outbox`.

When a child ends, *NEXT* is sent on `requestNext`, unless a message waits on `next` already; with `make1stRequest` once at \
the start, too. A message on `next` while a child runs tells that child to stop; the new one follows when it has ended. \
Without a child, messages wait in `inbox` for the next one; what an ended child has not read is lost.

Finish on `control`: what waits on `next` is served first, each new child being told to finish at once; then the child is \
told to finish, and the carousel ends with it. Stop: the child is stopped, what waits on `next` is dropped. When nothing \
can come on `next` any more, the carousel ends with its child.

Example (*JoinChooserToCarousel*): a Chooser whose `outbox` feeds `next`, `requestNext` feeding the Chooser's `inbox`, its \
`signal` feeding `control`; a template with a ReadFileAdaptor whose filename is `\"${item}\"`. It reads one file after the \
other.

**Differs from the original:** the child is a template of the project instead of a function; a child that cannot be made \
is a crash of the carousel only.",
    inboxes: &[
        BoxSpec::new("inbox", "Messages for the child"),
        BoxSpec::new("next", "What to make the next child of").needed(),
    ],
    outboxes: &[
        BoxSpec::new("outbox", "What the child sends"),
        BoxSpec::new("requestNext", "NEXT, when a child has ended and nothing waits").kinds(&[Kind::Text]),
    ],
    params: &[
        ParamSpec::new("child", ParamKind::Template, DefaultValue::Required, "Template that children are made of"),
        ParamSpec::switch("make1stRequest", false, "Send NEXT once at the start"),
    ],
    speaks_first: SpeaksFirst::If("make1stRequest"),
    build: build::<Carousel>,
    ..ComponentSpec::EMPTY
};

struct Carousel {
    template: String,
    makes_first_request: bool,
}

/// What a carousel waits for.
enum Event {
    Told(Order),
    ChildEnded,
    Next(Message),
    NoMore,
}

/// The child and what is known of what follows.
#[derive(Default)]
struct Turn {
    child: Option<Instance>,
    /// Taken from `next`, not yet made a child of.
    waiting: Option<Message>,
    /// Nothing more can come on `next`.
    is_last: bool,
    /// The carousel was told to finish.
    finishes: bool,
    /// The child has been told to stop.
    child_told: bool,
}

impl Component for Carousel {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { template: params.text("child"), makes_first_request: params.switch("make1stRequest") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        if io.template(&self.template).is_none() {
            check_template(&io, &self.template, &[])?;
        }
        if self.makes_first_request {
            io.send("requestNext", "NEXT").await;
        }
        let orders = Orders::default();
        let mut turn = Turn::default();
        loop {
            if turn.child.is_none() {
                match turn.waiting.take() {
                    Some(item) => self.begin(&io, &mut turn, &item).await?,
                    None if turn.is_last => return Ok(()),
                    None => {}
                }
            }
            match next_event(&io, &orders, &turn).await {
                Event::Told(Order::Stop) => {
                    if let Some(child) = &turn.child {
                        stop_in_order(&io, child).await;
                    }
                    return Ok(());
                }
                Event::Told(Order::Finish) => {
                    turn.finishes = true;
                    if let Some(child) = &turn.child
                        && turn.waiting.is_none()
                        && io.depth("next") == 0
                    {
                        io.tell(child.id, Message::ProducerFinished).await;
                    }
                }
                Event::ChildEnded => {
                    if let Some(child) = turn.child.take() {
                        retire(&io, &child, false).await;
                    }
                    if turn.waiting.is_none() && io.depth("next") == 0 && !turn.is_last && !turn.finishes {
                        io.send("requestNext", "NEXT").await;
                    }
                }
                Event::Next(item) => {
                    turn.waiting = Some(item);
                    if let Some(child) = turn.child.as_ref().filter(|_| !turn.child_told) {
                        io.tell(child.id, Message::Shutdown).await;
                        turn.child_told = true;
                    }
                }
                Event::NoMore => turn.is_last = true,
            }
        }
    }
}

impl Carousel {
    /// Makes the next child.
    async fn begin(&self, io: &BoxIo, turn: &mut Turn, item: &Message) -> Outcome {
        let mut new = io.new_instance(&self.template, &values_of(item))?;
        new.pass_through("inbox", "outbox");
        let (child, _) = io.start_instance(new, Fate::EndsWithOwner).await?;
        turn.child_told = false;
        if turn.finishes && io.depth("next") == 0 {
            io.tell(child.id, Message::ProducerFinished).await;
        }
        turn.child = Some(child);
        Ok(())
    }
}

async fn next_event(io: &BoxIo, orders: &Orders, turn: &Turn) -> Event {
    let told = async { Event::Told(orders.next(io).await) };
    let ended = async {
        let _end = next_end(io).await;
        Event::ChildEnded
    };
    let next = async {
        if turn.waiting.is_some() || turn.is_last {
            return future::pending().await;
        }
        io.recv("next").await.map_or(Event::NoMore, Event::Next)
    };
    future::or(told, future::or(ended, next)).await
}

#[cfg(test)]
#[path = "carousel_tests.rs"]
mod tests;
