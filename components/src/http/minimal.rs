//! Minimal: answers web requests with the files in a folder.

use std::fs;
use std::io::Read as _;
use std::path::{Component as Part, Path};

use compose_runtime::dev::*;
use http::StatusCode;

use crate::file::open::to_read;
use crate::refuse::{REJECTED, reject};

/// The largest file that is served.
const LARGEST: u64 = 64 << 20;

/// Description of Minimal.
pub static MINIMAL: ComponentSpec = ComponentSpec {
    type_name: "Minimal",
    category: Category::Network,
    summary: "Answers web requests with the files in a folder",
    docs: "For each request (a map from HTTPServer) it sends one response (a map for HTTPServer) with the file at \
           `path`. A request for a folder gets the file `indexfilename` in it. If the file does not exist or is \
           outside the folder, the response is 404; for methods other than GET and HEAD it is 405. Files of more \
           than 64 MiB are not served.\n\n\
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
        while let Some(request) = io.recv("inbox").await {
            let Message::Map(map) = &request else {
                reject(&io, "inbox", request, "expected a request").await;
                continue;
            };
            let field = |name: &str| map.get(name).and_then(Message::as_text).unwrap_or_default().to_owned();
            if !["GET", "HEAD"].contains(&field("method").as_str()) {
                io.send("outbox", error(StatusCode::METHOD_NOT_ALLOWED)).await;
                continue;
            }
            let (folder, index, path) = (io.path(&self.folder), self.index.clone(), field("path"));
            let far = io.outside(&format!("file {path}"), move |port| async move {
                let file = blocking::unblock(move || read(&folder, &path, &index)).await;
                port.send(file.unwrap_or_else(|| error(StatusCode::NOT_FOUND))).await;
                Ok(())
            });
            if let Some(response) = far.recv().await? {
                io.send("outbox", response).await;
            }
        }
        Ok(())
    }
}

fn error(status: StatusCode) -> Message {
    let page = format!("<!DOCTYPE html><title>{}</title><h1>{status}</h1>\n", status.as_str());
    Message::map([
        ("statuscode", i64::from(status.as_u16()).into()),
        ("type", "text/html; charset=utf-8".into()),
        ("body", page.into()),
    ])
}

/// The response with the file; `None` if there is no such file inside the folder. Blocking.
fn read(folder: &Path, path: &str, index: &str) -> Option<Message> {
    let relative = Path::new(path.trim_start_matches('/'));
    if !relative.components().all(|part| matches!(part, Part::Normal(_) | Part::CurDir)) {
        return None;
    }
    // Symbolic links must not lead out of the folder either.
    let root = fs::canonicalize(folder).ok()?;
    let mut file = fs::canonicalize(root.join(relative)).ok()?;
    if file.is_dir() {
        file = fs::canonicalize(file.join(index)).ok()?;
    }
    if !file.starts_with(&root) || !file.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    to_read(&file, false).ok()?.take(LARGEST + 1).read_to_end(&mut bytes).ok()?;
    if bytes.len() as u64 > LARGEST {
        return None;
    }
    Some(Message::map([("statuscode", 200.into()), ("type", type_of(&file).into()), ("body", Message::from(bytes))]))
}

fn type_of(path: &Path) -> &'static str {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_ascii_lowercase();
    match extension.as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "txt" | "md" => "text/plain; charset=utf-8",
        "json" => "application/json",
        "xml" => "application/xml",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "wav" => "audio/wav",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn files_in_the_folder_are_served_and_files_outside_are_not() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("htdocs/sub")).unwrap();
        fs::write(folder.path().join("htdocs/index.html"), "home").unwrap();
        fs::write(folder.path().join("htdocs/sub/a.txt"), "a").unwrap();
        fs::write(folder.path().join("secret"), "secret").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.path().join("secret"), folder.path().join("htdocs/link")).unwrap();
        let mut rig = Rig::in_folder(&MINIMAL, &[], folder.path().to_owned());
        for (method, path) in [
            ("GET", "/"),
            ("GET", "/sub/a.txt"),
            ("GET", "/../secret"),
            ("GET", "/link"),
            ("GET", "/sub"),
            ("POST", "/"),
        ] {
            rig.put("inbox", Message::map([("method", method.into()), ("path", path.into())]));
        }
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        let responses = rig.take("outbox");
        let field = |message: &Message, name: &str| match message {
            Message::Map(map) => map[name].to_string(),
            other => other.to_string(),
        };
        let statuses: Vec<_> = responses.iter().map(|response| field(response, "statuscode")).collect();
        assert_eq!(statuses, ["200", "200", "404", "404", "404", "405"]);
        assert_eq!(
            (field(&responses[0], "body"), field(&responses[1], "type")),
            ("home".to_owned(), "text/plain; charset=utf-8".to_owned())
        );
    }
}
