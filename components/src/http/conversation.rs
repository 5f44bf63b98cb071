//! The server side of HTTP on one connection: requests in order, each with its response.
//!
//! Shared by HTTPServer and WebSocketServer; runs on the scheduler thread. Answers invalid and slow requests itself.

use std::time::Duration;

use compose_runtime::dev::*;
use http::StatusCode;

use super::calendar::Calendar;
use super::request_reader::{Found, Request, RequestReader};
use super::response::{self, CONTINUE};
use crate::refuse::wrong_kind;

/// Number of body bytes that extend the client's deadline by one second.
const BYTES_PER_SECOND: f64 = 500.0;

/// The setting `largest`.
pub(super) const LARGEST: ParamSpec =
    ParamSpec::int("largest", 0, 1 << 30, 1 << 20, "Largest body of a request").unit("bytes");
/// The setting `head_timeout`.
pub(super) const HEAD_TIMEOUT: ParamSpec = ParamSpec::seconds(
    "head_timeout",
    60.0,
    "Longest time to wait for the head of a request, from the connection or the last response; 0 for no limit",
);
/// The setting `body_timeout`.
pub(super) const BODY_TIMEOUT: ParamSpec = ParamSpec::seconds(
    "body_timeout",
    30.0,
    "Longest time for the body of a request, plus a second for each 500 bytes received; 0 for no limit",
);

/// The settings of a connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub largest: usize,
    head: Duration,
    body: Duration,
}

impl Limits {
    /// The limits in the settings of a server.
    pub(super) fn new(params: &Params) -> Self {
        let (head, body) = (params.seconds("head_timeout"), params.seconds("body_timeout"));
        Self { largest: params.count("largest"), head, body }
    }

    /// The deadline for the next request, if there is a limit. `began` is the time at which the current part (head or
    /// body) began, `body_len` the number of body bytes that have arrived.
    fn deadline(&self, began: Duration, body_len: Option<usize>) -> Option<Duration> {
        let (limit, more) = match body_len {
            None => (self.head, 0.0),
            Some(length) => (self.body, length as f64 / BYTES_PER_SECOND),
        };
        (!limit.is_zero()).then(|| began.saturating_add(limit).saturating_add(Duration::from_secs_f64(more)))
    }
}

/// One connection.
pub(super) struct Conversation<'a> {
    io: &'a BoxIo,
    limits: Limits,
    reader: RequestReader,
    calendar: Calendar,
}

impl<'a> Conversation<'a> {
    /// Begins to serve the client of this component.
    pub(super) async fn open(io: &'a BoxIo, limits: Limits) -> Result<Self, Fault> {
        Ok(Self { io, limits, reader: RequestReader::new(limits.largest), calendar: Calendar::read(io).await? })
    }

    /// The next request; `None` if the client has left, or if its request was refused and the connection must be
    /// closed.
    pub(super) async fn next(&mut self) -> Result<Option<Request>, Fault> {
        let (mut began, mut is_in_body) = (self.io.now(), false);
        loop {
            match self.reader.next() {
                Ok(Found::Request(request)) => return Ok(Some(request)),
                Ok(Found::AsksToContinue) => self.io.send("outbox", Message::bytes(CONTINUE)).await,
                Ok(Found::Nothing) => {}
                Err(refusal) => {
                    self.refuse(refusal.status, refusal.is_head, &[]).await;
                    return Ok(None);
                }
            }
            let body_len = self.reader.body_len();
            if body_len.is_some() && !is_in_body {
                (began, is_in_body) = (self.io.now(), true);
            }
            let piece = match self.limits.deadline(began, body_len) {
                Some(deadline) => self.io.recv_timeout("inbox", deadline.saturating_sub(self.io.now())).await,
                None => self.io.recv("inbox").await.map_or(Timed::Ended, Timed::Message),
            };
            match piece {
                Timed::Message(message) => {
                    self.reader.feed(message.as_bytes().ok_or_else(|| wrong_kind("inbox", "bytes", &message))?);
                }
                Timed::Ended => return Ok(None),
                Timed::TimedOut => {
                    // A client that has sent no request gets no response, because it could mistake one for the response
                    // to its next request.
                    if self.reader.has_begun() {
                        self.refuse(StatusCode::REQUEST_TIMEOUT, self.reader.is_head(), &[]).await;
                    }
                    return Ok(None);
                }
            }
        }
    }

    /// Passes a request to the handlers and sends their response. Returns whether the connection stays open.
    pub(super) async fn exchange(&mut self, mut request: Request) -> bool {
        // Gives a handler that answers the previous request twice a turn to send the second message, which is dropped.
        self.io.yield_now().await;
        self.drop_extra();
        let message = std::mem::take(&mut request.message);
        let url = if let Message::Map(map) = &message { map.get("url").cloned() } else { None };
        self.io.send("request", message).await;
        let is_head = request.method == "HEAD";
        let Some(response) = self.io.recv("response").await else {
            if !self.io.is_shutting_down() {
                let (method, url) = (&request.method, url.unwrap_or_default());
                self.io.note(&format!("no response to {method} {url} arrived; the client received status 500"));
                self.refuse(StatusCode::INTERNAL_SERVER_ERROR, is_head, &[]).await;
            }
            return false;
        };
        for complaint in response::complaints(&response) {
            self.io.note(&format!("response: {complaint}"));
        }
        self.send(&response, is_head, request.keeps_open).await;
        request.keeps_open
    }

    /// Drops the responses that no request waits for, so that they do not answer the next request.
    pub(super) fn drop_extra(&self) {
        for extra in self.io.drain("response") {
            self.io.note(&format!(
                "response: no request waits for this one, so it was dropped; send one response for each request: {}",
                extra.label(60)
            ));
        }
    }

    /// Sends the response that refuses a request, with these headers. The connection must be closed afterwards.
    pub(super) async fn refuse(&mut self, status: StatusCode, is_head: bool, headers: &[(&str, &str)]) {
        let headers = headers.iter().map(|(name, value)| (*name, Message::from(*value)));
        let response = Message::map([
            ("statuscode", i64::from(status.as_u16()).into()),
            ("headers", Message::map(headers)),
            ("body", format!("{status}\n").into()),
        ]);
        self.send(&response, is_head, false).await;
    }

    async fn send(&mut self, message: &Message, is_head: bool, keeps_open: bool) {
        let date = self.calendar.date(self.io.now());
        let (head, body) = response::response(message, is_head, keeps_open, date);
        self.io.send("outbox", Message::from(head)).await;
        if let Some(body) = body {
            self.io.send("outbox", body).await;
        }
    }

    /// The bytes after the last request.
    pub(super) fn into_rest(self) -> Vec<u8> {
        self.reader.into_rest()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_received_byte_of_a_body_extends_its_time() {
        let seconds = Duration::from_secs;
        let limits = Limits { largest: 0, head: seconds(60), body: seconds(30) };
        assert_eq!(limits.deadline(seconds(5), None), Some(seconds(65)));
        assert_eq!(limits.deadline(seconds(5), Some(0)), Some(seconds(35)));
        assert_eq!(limits.deadline(seconds(5), Some(5000)), Some(seconds(45)));
        let limits = Limits { largest: 0, head: Duration::ZERO, body: Duration::ZERO };
        assert_eq!((limits.deadline(seconds(5), None), limits.deadline(seconds(5), Some(9))), (None, None));
    }
}
