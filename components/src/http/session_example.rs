//! SessionExample: a request handler that recognises each visitor across requests.

use std::collections::BTreeMap;
use std::sync::Arc;

use compose_runtime::dev::*;
use compose_runtime::message::Entries;

use crate::refuse::{REJECTED, reject};

/// Maximum number of visitors to remember.
const MOST: usize = 10_000;

/// Description of SessionExample.
pub static SESSION_EXAMPLE: ComponentSpec = ComponentSpec {
    type_name: "SessionExample",
    category: Category::Network,
    summary: "Answers web requests with the number of visits of each visitor",
    docs: "For each request (a map from HTTPServer) it sends one response (a map for HTTPServer). It recognises a \
           visitor by a cookie that holds a 128-bit random number from the operating system; a visitor without a \
           cookie, or with an unknown one, gets a new one. The counts are in the shared value `sessions`, so that they \
           are kept after the connection has closed: put a Value of that name, with a map as its `initial` value, on \
           the canvas. At most 10 000 visitors are remembered; further visitors get the response 503.\n\n\
           Example: inside a SimpleServer, a Router sends requests for `/visits` from `HTTPServer.request` to this \
           component, which sends its response to `HTTPServer.response`.\n\n\
           Differs from the original: the session is a shared value, not a component that waits for requests.",
    inboxes: &[BoxSpec::new("inbox", "Requests").kinds(&[Kind::Map])],
    outboxes: &[BoxSpec::new("outbox", "Responses, one for each request").kinds(&[Kind::Map]), REJECTED],
    params: &[
        ParamSpec::text("sessions", "sessions", "Name of the shared value with the counts"),
        ParamSpec::text("cookie", "session", "Name of the cookie"),
    ],
    build: build::<SessionExample>,
    ..ComponentSpec::EMPTY
};

struct SessionExample {
    sessions: String,
    cookie: String,
}

impl Component for SessionExample {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let cookie = params.text("cookie");
        if cookie.is_empty() || !cookie.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return Err(ParamError::Other(format!(
                "cookie: {cookie} is not a valid name; use letters, digits and underscores"
            )));
        }
        Ok(Self { sessions: params.text("sessions"), cookie })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(request) = io.recv("inbox").await {
            let Message::Map(map) = &request else {
                reject(&io, "inbox", request, "expected a request").await;
                continue;
            };
            let counts = self.counts(&io)?;
            let known = self.cookie_of(map).filter(|id| counts.contains_key(id));
            let is_new = known.is_none();
            let id = match known {
                Some(id) => id,
                None => match new_id(&io).await? {
                    Some(id) => id,
                    None => break,
                },
            };
            // The counts are read again, because another connection may have changed them while the number was drawn.
            // There is no `.await` until they are written.
            let counts = self.counts(&io)?;
            if is_new && counts.len() >= MOST {
                io.send("outbox", Message::map([("statuscode", 503.into()), ("body", "too many visitors\n".into())]))
                    .await;
                continue;
            }
            let count = counts.get(&id).and_then(Message::as_number).unwrap_or(0.0) as i64 + 1;
            let mut counts = BTreeMap::clone(&counts);
            counts.insert(id.clone(), count.into());
            io.update_value(&self.sessions, Message::map(counts))?;
            io.send("outbox", self.page(&id, count, is_new)).await;
        }
        Ok(())
    }
}

/// The number of a new visitor, in hexadecimal; `None` if the component is stopped. It comes from outside the run,
/// because it must not be possible to compute it from the seed; a recording contains it, so that a replay assigns the
/// same number.
async fn new_id(io: &BoxIo) -> Result<Option<String>, Fault> {
    let source = io.outside("a random number", |port| async move {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|error| {
            Fault::new(format!("the operating system gave no random number ({error}); start the component again"))
        })?;
        port.send(format!("{:032x}", u128::from_be_bytes(bytes))).await;
        Ok(())
    });
    Ok(source.recv().await?.map(|id| id.to_string()))
}

impl SessionExample {
    /// The number of visits of each visitor.
    fn counts(&self, io: &BoxIo) -> Result<Arc<Entries>, Fault> {
        let name = &self.sessions;
        match io.tracked_value(name) {
            Ok(Message::Map(counts)) => Ok(counts),
            Ok(_) => {
                Err(Fault::new(format!("the Value {name} does not contain a map; set its `initial` value to {{}}")))
            }
            Err(error) => Err(Fault::new(format!(
                "{error}; add a Value outside the template, with `name` {name} and `initial` {{}}"
            ))),
        }
    }

    /// The number in the request's cookie.
    fn cookie_of(&self, request: &BTreeMap<String, Message>) -> Option<String> {
        let Some(Message::Map(headers)) = request.get("headers") else { return None };
        let cookies = headers.get("cookie")?.as_text()?;
        let pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs.filter(|(name, _)| *name == self.cookie).map(|(_, id)| id.to_owned()).next()
    }

    fn page(&self, id: &str, count: i64, is_new: bool) -> Message {
        let times = if count == 1 { "the first time".to_owned() } else { format!("{count} times") };
        let page = format!("<!DOCTYPE html><title>Visits</title><p>You have been here {times}.</p>\n");
        let cookie = format!("{}={id}; Path=/; HttpOnly; SameSite=Lax", self.cookie);
        let headers = is_new.then(|| ("Set-Cookie", Message::from(cookie)));
        Message::map([
            ("statuscode", 200.into()),
            ("type", "text/html; charset=utf-8".into()),
            ("headers", Message::map(headers)),
            ("body", page.into()),
        ])
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;
    use crate::test_system::System;

    fn request(cookie: Option<&str>) -> BTreeMap<String, Message> {
        let headers = Message::map(cookie.map(|cookie| ("cookie", Message::from(cookie))));
        BTreeMap::from([("headers".to_owned(), headers)])
    }

    #[test]
    fn the_right_cookie_is_found_among_others() {
        let example = SessionExample { sessions: String::new(), cookie: "session".to_owned() };
        assert_eq!(example.cookie_of(&request(Some("a=1; session=xyz; b=2"))), Some("xyz".to_owned()));
        assert_eq!(example.cookie_of(&request(Some("sessions=1"))), None);
        assert_eq!(example.cookie_of(&request(None)), None);
    }

    #[test]
    fn each_new_visitor_gets_another_number_and_is_recognised_by_it() {
        let mut system = System::new();
        system.start(1, "Value", &[("name", "sessions".into()), ("initial", Message::map::<&str>([]))]);
        system.start(2, "SessionExample", &[]);
        system.printer(3, 2);
        let mut pages = Vec::new();
        let mut ask = |cookie: Option<&str>| {
            system.put(2, "inbox", Message::map(request(cookie)));
            system.run();
            pages = system.printed_by(3);
            pages.last().cloned().unwrap_or_default()
        };
        let mut ids: Vec<String> = (0..3).filter_map(|_| Some(number_in(&ask(None))?.to_owned())).collect();
        assert!(ids.iter().all(|id| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())), "{ids:?}");
        let again = ask(Some(&format!("session={}", ids[0])));
        assert!(again.contains("2 times") && number_in(&again).is_none(), "{again}");
        ids.extend(number_in(&ask(Some("session=0"))).map(str::to_owned));
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 4);
    }

    /// The number in the cookie that a response sets.
    fn number_in(page: &str) -> Option<&str> {
        Some(page.split_once("session=")?.1.split_once(';')?.0)
    }

    #[test]
    fn only_a_new_visitor_gets_a_cookie() {
        let example = SessionExample { sessions: String::new(), cookie: "session".to_owned() };
        assert!(example.page("x", 1, true).to_string().contains("Set-Cookie: \"session=x; Path=/; HttpOnly"));
        let again = example.page("x", 2, false).to_string();
        assert!(!again.contains("Set-Cookie") && again.contains("2 times"), "{again}");
    }

    #[test]
    fn without_its_value_the_error_names_what_is_missing() {
        let mut rig = Rig::new(&SESSION_EXAMPLE, &[]);
        rig.put("inbox", Message::map(request(None)));
        rig.run();
        assert!(matches!(rig.state(), State::Crashed(error)
            if error.contains("with `name` sessions and `initial` {}")));
    }
}
