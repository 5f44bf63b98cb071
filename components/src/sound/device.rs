//! The sound card: a thread of its own that opens it, plays sources on it and closes it.
//!
//! Opening may take long and the stream of some systems may not change threads, so all of it happens on the thread
//! `compose-sound`. It is asked through a bounded channel and ends when the [`Device`] is dropped.

use std::thread;

use async_channel::{Receiver, Sender};
use compose_runtime::dev::Fault;
use rodio::DeviceSinkBuilder;

use super::queue::Drain;

/// An open sound card. Dropping it closes it.
pub struct Device {
    to_play: Sender<Drain>,
}

/// How long sound taken by the card may still wait inside it before it is heard.
pub const INSIDE_THE_CARD: std::time::Duration = std::time::Duration::from_millis(150);

impl Device {
    /// Opens the system's sound output; an error says in words why there is none.
    pub async fn open() -> Result<Self, Fault> {
        let (to_play, from_feeder) = async_channel::bounded(4);
        let (opened, is_open) = async_channel::bounded(1);
        thread::Builder::new()
            .name("compose-sound".to_owned())
            .spawn(move || play(&from_feeder, &opened))
            .map_err(|error| Fault::new(format!("no thread for the sound output: {error}")))?;
        match is_open.recv().await {
            Ok(Ok(())) => Ok(Self { to_play }),
            Ok(Err(why)) => Err(Fault::new(why)),
            Err(_) => Err(Fault::new("the sound system gave up while it was opened")),
        }
    }

    /// Starts to play; `false` if the card is gone.
    pub async fn play(&self, sound: Drain) -> bool {
        self.to_play.send(sound).await.is_ok()
    }
}

/// The body of the thread.
fn play(from_feeder: &Receiver<Drain>, opened: &Sender<Result<(), String>>) {
    let builder = DeviceSinkBuilder::from_default_device();
    // Errors while playing (a late buffer, an unplugged card) are heard; there is nobody to tell on this thread.
    let stream = builder.and_then(|builder| builder.with_error_callback(|_| {}).open_sink_or_fallback());
    let mut stream = match stream {
        Ok(stream) => stream,
        Err(error) => {
            let _ = opened.send_blocking(Err(why(&error)));
            return;
        }
    };
    stream.log_on_drop(false);
    let _ = opened.send_blocking(Ok(()));
    while let Ok(sound) = from_feeder.recv_blocking() {
        stream.mixer().add(sound);
    }
}

/// An error with its causes, in one line.
fn why(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words = format!("{words}: {error}");
        cause = error.source();
    }
    words
}
