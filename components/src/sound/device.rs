//! The sound card: opened, played on and closed by its own thread.
//!
//! Opening may be slow, and on some systems the stream may not move between threads, so all of this happens on the
//! thread `compose-sound`. It takes requests from a bounded channel and ends when the [`Device`] is dropped.

use std::thread;

use async_channel::{Receiver, Sender};
use compose_runtime::dev::Fault;
use rodio::DeviceSinkBuilder;

use super::one_format::OneFormat;
use super::pacer::Pacer;
use super::queue::Drain;

/// An open sound card. Dropping it closes it.
pub struct Device {
    to_play: Sender<Drain>,
    /// Closed when the thread has closed the card.
    closed: Receiver<Result<(), Fault>>,
}

/// How long sound may wait inside the card before it is heard.
pub const CARD_LATENCY: std::time::Duration = std::time::Duration::from_millis(150);

impl Device {
    /// Opens the system's sound output. On failure, the error gives the reason.
    pub async fn open() -> Result<Self, Fault> {
        let (to_play, from_feeder) = async_channel::bounded(4);
        let (opened, is_open) = async_channel::bounded(1);
        thread::Builder::new()
            .name("compose-sound".to_owned())
            .spawn(move || play(&from_feeder, opened))
            .map_err(|error| Fault::new(format!("cannot start the sound output thread: {error}")))?;
        match is_open.recv().await {
            Ok(Ok(())) => Ok(Self { to_play, closed: is_open }),
            Ok(Err(fault)) => Err(fault),
            Err(_) => Err(Fault::new("the sound output stopped while it was being opened")),
        }
    }

    /// Starts to play; `false` if the card is gone.
    pub async fn play(&self, sound: Drain) -> bool {
        self.to_play.send(sound).await.is_ok()
    }

    /// Closes the card and waits until it is closed: only then is a recording complete.
    pub async fn close(self) {
        drop(self.to_play);
        // The thread sends nothing more; it drops its sender when it ends.
        let _ = self.closed.recv().await;
    }
}

/// The body of the thread.
fn play(from_feeder: &Receiver<Drain>, opened: Sender<Result<(), Fault>>) {
    keep_quiet();
    let builder = DeviceSinkBuilder::from_default_device();
    // Errors during playback (a late buffer, an unplugged card) are audible; this thread has no way to report them.
    let stream = builder.and_then(|builder| builder.with_error_callback(|_| {}).open_sink_or_fallback());
    let mut stream = match stream {
        Ok(stream) => stream,
        Err(error) => {
            let _ = opened.send_blocking(Err(Fault::new(why(&error))));
            return;
        }
    };
    stream.log_on_drop(false);
    let _ = opened.send_blocking(Ok(()));
    let config = stream.config();
    stream.mixer().add(OneFormat(Pacer::new((config.sample_rate(), config.channel_count()))));
    while let Ok(sound) = from_feeder.recv_blocking() {
        stream.mixer().add(OneFormat(sound));
    }
    drop(stream);
    drop(opened);
}

/// Keeps the sound library from printing to standard error on this thread; real failures are returned as errors.
pub(super) fn keep_quiet() {
    #[cfg(target_os = "linux")]
    let _ = alsa::Output::local_error_handler();
}

/// An error with its causes, in one line.
pub(super) fn why(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
