//! What those share that pack and unpack frames, each on a thread of its own because that takes long.

use std::sync::Arc;

use compose_runtime::dev::*;

use crate::refuse::wrong_kind;

pub(super) const BYTES: &[Kind] = &[Kind::Bytes];
pub(super) const FRAMES_OUT: BoxSpec = BoxSpec::new("outbox", "Frames").kinds(&[Kind::Image]);
pub(super) const FRAMES_IN: BoxSpec = BoxSpec::new("inbox", "Frames").kinds(&[Kind::Image]).capacity(10);

/// Says something on the console, from a thread.
pub(super) fn note(io: &mut ThreadIo, words: String) {
    io.on_scheduler(move |io| async move { io.note(&words) });
}

/// The frame in a message for `inbox`, or a crash in words.
pub(super) fn frame_of(message: &Message) -> Result<&Arc<ImageFrame>, Fault> {
    match message {
        Message::Image(image) => Ok(image),
        other => Err(wrong_kind("inbox", "frames", other)),
    }
}

#[cfg(test)]
pub(super) mod cards {
    //! Test cards with a number on each, and what becomes of them.

    use compose_runtime::testing::Rig;

    use super::*;
    use crate::picture::card::{card, frame_number};

    /// So many cards, numbered from 0.
    pub fn cards(count: u32) -> Vec<Message> {
        (0..count).map(|number| Message::Image(Arc::new(card(80, 64, number, 0)))).collect()
    }

    /// A component that was given these messages and has ended.
    pub fn through(spec: &'static ComponentSpec, given: &[Message]) -> Rig {
        let mut rig = Rig::new(spec, &[]);
        for message in given {
            rig.put("inbox", message.clone());
        }
        rig.finish();
        rig.run_until(|rig| rig.state().has_ended());
        rig
    }

    /// The numbers on frames.
    pub fn numbers(frames: &[Message]) -> Vec<Option<u32>> {
        let number = |message: &Message| match message {
            Message::Image(image) => frame_number(image),
            _ => None,
        };
        frames.iter().map(number).collect()
    }
}
