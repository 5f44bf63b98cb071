//! Helpers shared by the components that encode and decode frames.
//!
//! Each of these components runs on its own thread, because encoding and decoding are slow.

use std::sync::Arc;

use compose_runtime::dev::*;

use crate::refuse::wrong_kind;

pub(super) const BYTES: &[Kind] = &[Kind::Bytes];
pub(super) const FRAMES_OUT: BoxSpec = BoxSpec::new("outbox", "Frames").kinds(&[Kind::Image]);
pub(super) const FRAMES_IN: BoxSpec = BoxSpec::new("inbox", "Frames").kinds(&[Kind::Image]).capacity(10);

/// Writes a line to the console from a component's thread.
pub(super) fn note(io: &mut ThreadIo, text: String) {
    io.on_scheduler(move |io| async move { io.note(&text) });
}

/// The frame in a message for `inbox`, or a fault if the message is not a frame.
pub(super) fn frame_of(message: &Message) -> Result<&Arc<ImageFrame>, Fault> {
    match message {
        Message::Image(image) => Ok(image),
        other => Err(wrong_kind("inbox", "frames", other)),
    }
}

#[cfg(test)]
pub(super) mod cards {
    //! Numbered test cards, and functions that run them through a component.

    use compose_runtime::testing::Rig;

    use super::*;
    use crate::picture::card::{card, frame_number};

    /// `count` cards, numbered from 0.
    pub fn cards(count: u32) -> Vec<Message> {
        (0..count).map(|number| Message::Image(Arc::new(card(80, 64, number, 0)))).collect()
    }

    /// Runs a component on these messages until it has ended.
    pub fn through(spec: &'static ComponentSpec, messages: &[Message]) -> Rig {
        let mut rig = Rig::new(spec, &[]);
        for message in messages {
            rig.put("inbox", message.clone());
        }
        rig.finish();
        rig.run_until(|rig| rig.state().has_ended());
        rig
    }

    /// Reads the number of each frame.
    pub fn numbers(frames: &[Message]) -> Vec<Option<u32>> {
        let number = |message: &Message| match message {
            Message::Image(image) => frame_number(image),
            _ => None,
        };
        frames.iter().map(number).collect()
    }
}
