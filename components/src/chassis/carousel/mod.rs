//! Carousel: runs one child at a time and replaces it for every message on `next`.

use compose_runtime::dev::*;
use compose_runtime::template::Instance;
use futures_lite::future;

use super::orders::{Order, Orders, next_end, stop_in_order};
use super::{blame, check_template, retire, values_of};

/// Description of Carousel.
pub static CAROUSEL: ComponentSpec = ComponentSpec {
    type_name: "Carousel",
    category: Category::Chassis,
    summary: "Runs one child at a time, a new instance of a template for every message on next",
    docs: "\
Every message on `next` creates an instance of the template `child`. In the settings of the template, `\"${item}\"` \
stands for the message. If the message is a map, each entry is also available under its own name: `{\"filename\": \
\"a.png\"}` provides `\"${filename}\"`. Messages received on `inbox` go to the child, and messages from the child are \
sent on `outbox`.

When a child ends, the carousel sends *NEXT* on `requestNext`, unless a message is already waiting on `next`. With \
`make1stRequest`, it also sends *NEXT* once at the start. If a message arrives on `next` while a child is running, \
that child is asked to stop, and the new child starts after it has ended. While there is no child, messages wait in \
`inbox` for the next child. Messages that an ended child has not read are lost.

Finish on `control`: the carousel first processes the messages waiting on `next`, then asks the last child to finish \
and ends when that child ends. Stop: the child is stopped, and messages waiting on `next` are dropped. When `next` has \
ended, the carousel ends with its current child.

Example (*JoinChooserToCarousel*): link the `outbox` of a Chooser to `next`, `requestNext` to the `inbox` of the \
Chooser, and the `signal` of the Chooser to `control`. The template has a ReadFileAdaptor whose filename is \
`\"${item}\"`. The carousel then reads one file after another.

**Differs from the original:** the child is a template of the project instead of a function; if a child cannot be \
created, only the carousel crashes.",
    inboxes: &[
        BoxSpec::new("inbox", "Messages for the child"),
        BoxSpec::new("next", "Value for the next child").needed(),
    ],
    outboxes: &[
        BoxSpec::new("outbox", "Messages from the child"),
        BoxSpec::new("requestNext", "NEXT, when a child has ended and no message is waiting").kinds(&[Kind::Text]),
    ],
    params: &[
        ParamSpec::new("child", ParamKind::Template, DefaultValue::Required, "Template for the children"),
        ParamSpec::switch("make1stRequest", false, "Send NEXT once at the start"),
    ],
    sends_first: SendsFirst::If("make1stRequest"),
    build: build::<Carousel>,
    ..ComponentSpec::EMPTY
};

struct Carousel {
    template: String,
    makes_first_request: bool,
}

/// Events that a carousel waits for.
enum Event {
    Control(Order),
    ChildEnded,
    Next(Message),
    NoMore,
}

/// The current child and the state of the next one.
#[derive(Default)]
struct Status {
    child: Option<Instance>,
    /// Received from `next`, but its child does not exist yet.
    waiting: Option<Message>,
    /// `next` has ended.
    is_last: bool,
    /// The carousel was asked to finish.
    finishes: bool,
    /// The child has been asked to stop.
    child_was_asked_to_stop: bool,
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
        let mut status = Status::default();
        loop {
            if status.child.is_none() {
                match status.waiting.take() {
                    Some(item) => self.begin(&io, &mut status, &item).await?,
                    None if status.is_last => return Ok(()),
                    None => {}
                }
            }
            match next_event(&io, &orders, &status).await {
                Event::Control(Order::Stop) => {
                    if let Some(child) = &status.child {
                        stop_in_order(&io, child).await;
                    }
                    return Ok(());
                }
                Event::Control(Order::Finish) => {
                    status.finishes = true;
                    if let Some(child) = &status.child
                        && status.waiting.is_none()
                        && io.depth("next") == 0
                    {
                        io.send_control(child.id, Message::ProducerFinished).await;
                    }
                }
                Event::ChildEnded => {
                    if let Some(child) = status.child.take() {
                        retire(&io, &child, false).await;
                    }
                    if status.waiting.is_none() && io.depth("next") == 0 && !status.is_last && !status.finishes {
                        io.send("requestNext", "NEXT").await;
                    }
                }
                Event::Next(item) => {
                    status.waiting = Some(item);
                    if let Some(child) = status.child.as_ref().filter(|_| !status.child_was_asked_to_stop) {
                        io.send_control(child.id, Message::Shutdown).await;
                        status.child_was_asked_to_stop = true;
                    }
                }
                Event::NoMore => status.is_last = true,
            }
        }
    }
}

impl Carousel {
    /// Starts the next child.
    async fn begin(&self, io: &BoxIo, status: &mut Status, item: &Message) -> Outcome {
        let values = values_of(item);
        let mut new = io.new_instance(&self.template, &values)?;
        new.pass_through("inbox", "outbox");
        let started = io.start_instance(new, Fate::EndsWithOwner).await;
        let (child, _) = started.map_err(|fault| blame(io, &self.template, &values, fault))?;
        status.child_was_asked_to_stop = false;
        if status.finishes && io.depth("next") == 0 {
            io.send_control(child.id, Message::ProducerFinished).await;
        }
        status.child = Some(child);
        Ok(())
    }
}

async fn next_event(io: &BoxIo, orders: &Orders, status: &Status) -> Event {
    let control = async { Event::Control(orders.next(io).await) };
    let ended = async {
        let _end = next_end(io).await;
        Event::ChildEnded
    };
    let next = async {
        if status.waiting.is_some() || status.is_last {
            return future::pending().await;
        }
        io.recv("next").await.map_or(Event::NoMore, Event::Next)
    };
    future::or(control, future::or(ended, next)).await
}

#[cfg(test)]
mod tests;
