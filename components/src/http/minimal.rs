//! Minimal: answers web requests with the files in a folder.

use std::sync::Arc;

use compose_runtime::dev::*;
use http::StatusCode;

use super::file_response::{self, Requested, Site};
use crate::refuse::{REJECTED, reject};

/// The methods that are answered; the value of the header `Allow`.
const ALLOWED: &str = "GET, HEAD, OPTIONS";
/// Standard methods that are not supported for files.
const REFUSED: [&str; 6] = ["POST", "PUT", "DELETE", "PATCH", "CONNECT", "TRACE"];

/// Description of Minimal.
pub static MINIMAL: ComponentSpec = ComponentSpec {
    type_name: "Minimal",
    category: Category::Network,
    summary: "Answers web requests with the files in a folder",
    docs: "For each request (a map from HTTPServer) it sends one response (a map for HTTPServer) with the file at \
           `path`. A request for a folder gets the file `indexfilename` in it; if `path` does not end with a slash, \
           the response redirects (301) to the address with the slash. If the file does not exist or is outside the \
           folder, the response is 404. The media type is determined by the file extension; text is sent as UTF-8. \
           At most 64 MiB are sent at once: for larger files the response is 500 unless `Range` selects a \
           part.\n\n\
           Responses have `ETag` and `Last-Modified`. If the client has the current version (`If-None-Match`, \
           `If-Modified-Since`), the response is 304; if it wants another version (`If-Match`, \
           `If-Unmodified-Since`), 412. A `Range` of bytes gets that part (206) if `If-Range` allows it, and 416 if \
           the part begins after the end of the file; several ranges get the whole file.\n\n\
           The methods are GET, HEAD and OPTIONS. Other methods of the standard get 405, unknown ones 501.\n\n\
           Example: `HTTPServer.request` into Minimal, Minimal into `HTTPServer.response`.",
    inboxes: &[BoxSpec::new("inbox", "Requests").kinds(&[Kind::Map])],
    outboxes: &[BoxSpec::new("outbox", "Responses, one for each request").kinds(&[Kind::Map]), REJECTED],
    params: &[
        ParamSpec::text("homedirectory", "htdocs", "Folder with the files; relative to the project file"),
        ParamSpec::text("indexfilename", "index.html", "File to send when a folder is requested"),
    ],
    build: build::<Minimal>,
    ..ComponentSpec::EMPTY
};

struct Minimal {
    folder: String,
    index: String,
}

impl Component for Minimal {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { folder: params.text("homedirectory"), index: params.text("indexfilename") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let site = Arc::new(Site::new(io.path(&self.folder), self.index));
        while let Some(request) = io.recv("inbox").await {
            let Message::Map(map) = &request else {
                reject(&io, "inbox", request, "expected a request").await;
                continue;
            };
            let field = |name: &str| map.get(name).and_then(Message::as_text).unwrap_or_default();
            let method = field("method");
            if !["GET", "HEAD"].contains(&method) {
                io.send("outbox", without_file(method)).await;
                continue;
            }
            let (site, requested) = (site.clone(), Requested::new(map.clone()));
            let far = io.outside(&format!("file {}", field("path")), move |port| async move {
                port.send(blocking::unblock(move || site.response(&requested)).await).await;
                Ok(())
            });
            if let Some(response) = far.recv().await? {
                io.send("outbox", response).await;
            }
        }
        Ok(())
    }
}

/// The response to a request that does not ask for a file.
fn without_file(method: &str) -> Message {
    let allow = [("Allow", Message::from(ALLOWED))];
    match method {
        "OPTIONS" => Message::map([
            ("statuscode", i64::from(StatusCode::NO_CONTENT.as_u16()).into()),
            ("headers", Message::map(allow)),
        ]),
        _ if REFUSED.contains(&method) => file_response::error(StatusCode::METHOD_NOT_ALLOWED, allow),
        _ => file_response::error(StatusCode::NOT_IMPLEMENTED, allow),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs;

    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn each_request_gets_one_response_in_order() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("htdocs/sub")).unwrap();
        fs::write(folder.path().join("htdocs/index.html"), "home").unwrap();
        let mut rig = Rig::in_folder(&MINIMAL, &[], folder.path().to_owned());
        for (method, path) in [
            ("GET", "/"),
            ("HEAD", "/"),
            ("GET", "/sub"),
            ("POST", "/"),
            ("OPTIONS", "*"),
            ("BREW", "/"),
            ("GET", "/a"),
        ] {
            rig.put("inbox", Message::map([("method", method.into()), ("path", path.into())]));
        }
        rig.put("inbox", 5);
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        let responses = rig.take("outbox");
        let field = |message: &Message, name: &str| match message {
            Message::Map(map) => map[name].clone(),
            other => other.clone(),
        };
        let statuses: Vec<_> = responses.iter().map(|response| field(response, "statuscode").to_string()).collect();
        assert_eq!(statuses, ["200", "200", "301", "405", "204", "501", "404"]);
        assert_eq!(field(&responses[0], "body"), Message::bytes("home"));
        assert_eq!(responses[0], responses[1], "HTTPServer removes the body of the response to HEAD");
        for response in &responses[3..6] {
            assert_eq!(field(&field(response, "headers"), "Allow"), ALLOWED.into());
        }
        assert_eq!(rig.take("rejected"), [Message::Int(5)]);
    }
}
