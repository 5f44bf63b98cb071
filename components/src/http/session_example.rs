//! SessionExample: a request handler that recognises each visitor across requests.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, DefaultHasher, Hash as _, Hasher as _, RandomState};

use compose_runtime::dev::*;

use crate::refuse::{REJECTED, reject};

/// Maximum number of visitors to remember.
const MOST: usize = 10_000;

/// Description of SessionExample.
pub static SESSION_EXAMPLE: ComponentSpec = ComponentSpec {
    type_name: "SessionExample",
    category: Category::Network,
    summary: "Answers web requests with the number of visits of each visitor",
    docs: "For each request (a map from HTTPServer) it sends one response (a map for HTTPServer). It recognises a \
           visitor by a cookie with an unguessable number; a visitor without a cookie, or with an unknown one, gets \
           a new one. The counts are in the shared value `sessions`, so that they are kept after the connection has \
           closed: put a Value of that name, with a map as its `initial` value, on the canvas. At most 10 000 visitors \
           are remembered; further visitors get the response 503.\n\n\
           Example: inside a SimpleServer, a Router sends requests for `/visits` from `HTTPServer.request` to this \
           component, which answers into `HTTPServer.response`.\n\n\
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
        let key = secret(&io).await?;
        let mut created: u64 = 0;
        while let Some(request) = io.recv("inbox").await {
            let Message::Map(map) = &request else {
                reject(&io, "inbox", request, "expected a request").await;
                continue;
            };
            // Nothing is awaited between reading and writing the counts, so no other connection can change them.
            let Message::Map(counts) = io.tracked_value(&self.sessions)? else {
                return Err(Fault::new(format!(
                    "the Value {} does not contain a map; set its `initial` value to {{}}",
                    self.sessions
                )));
            };
            let known = self.cookie_of(map).filter(|id| counts.contains_key(id));
            let is_new = known.is_none();
            if is_new && counts.len() >= MOST {
                io.send("outbox", Message::map([("statuscode", 503.into()), ("body", "too many visitors\n".into())]))
                    .await;
                continue;
            }
            let id = known.unwrap_or_else(|| {
                created += 1;
                number(&key, io.id().0, created)
            });
            let count = counts.get(&id).and_then(Message::as_number).unwrap_or(0.0) as i64 + 1;
            let mut counts = BTreeMap::clone(&counts);
            counts.insert(id.clone(), count.into());
            io.update_value(&self.sessions, Message::map(counts))?;
            io.send("outbox", self.page(&id, count, is_new)).await;
        }
        Ok(())
    }
}

/// A secret of 128 bits. It comes from outside the run, because the numbers of visitors must not be guessable from the
/// seed; a recording contains it, so that a replay gives out the same numbers.
async fn secret(io: &BoxIo) -> Result<Message, Fault> {
    let source = io.outside("a secret", |port| async move {
        // The keys of the hasher are random numbers of the operating system.
        let random = RandomState::new();
        port.send(format!("{:016x}{:016x}", random.hash_one(1), random.hash_one(2))).await;
        Ok(())
    });
    source.recv().await.map(Option::unwrap_or_default)
}

/// The number of a visitor, in hexadecimal.
fn number(key: &Message, component: u64, created: u64) -> String {
    let half = |salt: u64| {
        let mut hasher = DefaultHasher::new();
        (key.as_text(), component, created, salt).hash(&mut hasher);
        hasher.finish()
    };
    format!("{:016x}{:016x}", half(1), half(2))
}

impl SessionExample {
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
    fn the_numbers_of_visitors_follow_from_the_secret() {
        let numbers = |key: &str| [number(&key.into(), 1, 1), number(&key.into(), 1, 2), number(&key.into(), 2, 1)];
        let mut all = [numbers("a"), numbers("b")].concat();
        assert_eq!(numbers("a"), numbers("a"));
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 6);
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
        assert!(matches!(rig.state(), State::Crashed(error) if error.contains("sessions")));
    }
}
