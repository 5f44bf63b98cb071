//! The response with a file: found inside a folder, whole or in part, or just the status 304 if it has not changed.
//!
//! Blocking; runs off the scheduler thread. Paths are not trusted: neither `..` nor a symbolic link gives access
//! to files outside the folder.

use std::fs;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Component as Part, Path, PathBuf};
use std::sync::{Arc, OnceLock};

use compose_runtime::dev::*;
use compose_runtime::message::Entries;
use http::StatusCode;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::conditional::{Verdict, Version};
use super::media_type::media_type;
use super::range::Wanted;
use crate::file::open::to_read;

/// The largest number of bytes of a file in one response.
const LARGEST: u64 = 64 << 20;
/// Characters of a path that must be encoded in an address.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The folder whose files are served.
pub(super) struct Site {
    folder: PathBuf,
    index: String,
    /// The canonical path of the folder (without symbolic links), once it is known.
    root: OnceLock<PathBuf>,
}

/// A request map.
pub(super) struct Requested(Arc<Entries>);

/// The result of looking up a path.
enum Place {
    File(PathBuf),
    /// A folder, requested without its slash.
    Folder,
    Nothing,
}

impl Site {
    /// The files in `folder`; a request for a folder gets the file `index` in it.
    pub(super) fn new(folder: PathBuf, index: String) -> Self {
        Self { folder, index, root: OnceLock::new() }
    }

    /// The response to a GET or HEAD, a map for HTTPServer. Blocking.
    pub(super) fn response(&self, requested: &Requested) -> Message {
        let file = match self.find(requested.text("path")) {
            Ok(Place::File(file)) => file,
            Ok(Place::Folder) => return redirect(requested.text("path"), requested.text("query")),
            Ok(Place::Nothing) | Err(_) => return error(StatusCode::NOT_FOUND, []),
        };
        // The file may have vanished meanwhile, or be unreadable.
        answer(&file, requested).unwrap_or_else(|_| error(StatusCode::NOT_FOUND, []))
    }

    fn find(&self, path: &str) -> io::Result<Place> {
        let relative = Path::new(path.trim_start_matches('/'));
        if !relative.components().all(|part| matches!(part, Part::Normal(_) | Part::CurDir)) {
            return Ok(Place::Nothing);
        }
        let root = match self.root.get() {
            Some(root) => root,
            None => {
                let root = fs::canonicalize(&self.folder)?;
                self.root.get_or_init(|| root)
            }
        };
        let found = fs::canonicalize(root.join(relative))?;
        // Symbolic links must not give access to files outside the folder either.
        if !found.starts_with(root) {
            return Ok(Place::Nothing);
        }
        if found.is_file() {
            return Ok(Place::File(found));
        }
        if found.is_dir() && !path.is_empty() && !path.ends_with('/') {
            return Ok(Place::Folder);
        }
        let index = fs::canonicalize(found.join(&self.index))?;
        Ok(if index.starts_with(root) && index.is_file() { Place::File(index) } else { Place::Nothing })
    }
}

impl Requested {
    /// The request in this map.
    pub(super) fn new(request: Arc<Entries>) -> Self {
        Self(request)
    }

    fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Message::as_text).unwrap_or_default()
    }

    fn header(&self, name: &str) -> Option<&str> {
        let Some(Message::Map(headers)) = self.0.get("headers") else { return None };
        headers.get(name).and_then(Message::as_text)
    }
}

/// An error page with these headers.
pub(super) fn error<const N: usize>(status: StatusCode, headers: [(&str, Message); N]) -> Message {
    error_page(status, headers, "")
}

/// An error page for a file that exists but cannot be sent; `why` is HTML.
fn failure(why: &str) -> Message {
    error_page(StatusCode::INTERNAL_SERVER_ERROR, [], &format!("<p>{why}</p>"))
}

fn error_page<const N: usize>(status: StatusCode, headers: [(&str, Message); N], more: &str) -> Message {
    let page = format!("<!DOCTYPE html><title>{}</title><h1>{status}</h1>{more}\n", status.as_str());
    Message::map([
        ("statuscode", i64::from(status.as_u16()).into()),
        ("type", "text/html; charset=utf-8".into()),
        ("headers", Message::map(headers)),
        ("body", page.into()),
    ])
}

/// The response that redirects the client to the folder with a slash, so that relative links on its page work.
fn redirect(path: &str, query: &str) -> Message {
    // Two leading slashes would redirect to another host.
    let mut location = format!("/{}/", utf8_percent_encode(path.trim_start_matches('/'), ENCODED));
    if !query.is_empty() {
        location.push('?');
        location.push_str(query);
    }
    error(StatusCode::MOVED_PERMANENTLY, [("Location", location.into())])
}

/// The response with this file, or an error page if it cannot be sent as it is.
fn answer(path: &Path, requested: &Requested) -> io::Result<Message> {
    let mut file = to_read(path, false)?;
    let facts = file.metadata()?;
    let (length, version) = (facts.len(), Version::new(facts.len(), facts.modified().ok()));
    let mut headers = vec![("Accept-Ranges", "bytes".into()), ("ETag", Message::from(version.tag.as_str()))];
    headers.extend(version.last_modified().map(|date| ("Last-Modified", date.into())));
    match version.verdict(|name| requested.header(name)) {
        Verdict::Proceed => {}
        Verdict::NotModified => {
            let status = i64::from(StatusCode::NOT_MODIFIED.as_u16());
            return Ok(Message::map([("statuscode", status.into()), ("headers", Message::map(headers))]));
        }
        Verdict::Failed => return Ok(error(StatusCode::PRECONDITION_FAILED, [])),
    }
    // RFC 9110, section 14.2: a range is meaningful only for GET.
    let range = requested.header("range").filter(|_| requested.text("method") == "GET");
    let range = range.filter(|_| version.matches_if_range(requested.header("if-range")));
    let (status, part) = match Wanted::of(range, length) {
        Wanted::Whole => (StatusCode::OK, 0..length),
        Wanted::Part(part) => {
            headers.push(("Content-Range", format!("bytes {}-{}/{length}", part.start, part.end - 1).into()));
            (StatusCode::PARTIAL_CONTENT, part)
        }
        Wanted::Beyond => {
            let range = format!("bytes */{length}");
            return Ok(error(StatusCode::RANGE_NOT_SATISFIABLE, [("Content-Range", range.into())]));
        }
    };
    let size = part.end - part.start;
    if size > LARGEST {
        return Ok(failure(&format!(
            "The file is larger than {} MiB, the most that this server sends at once; request parts of it with Range.",
            LARGEST >> 20
        )));
    }
    if part.start > 0 {
        file.seek(SeekFrom::Start(part.start))?;
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    file.take(size).read_to_end(&mut bytes)?;
    if (bytes.len() as u64) < size {
        return Ok(failure("The file became shorter while it was read; request it again."));
    }
    Ok(Message::map([
        ("statuscode", i64::from(status.as_u16()).into()),
        ("type", media_type(path).into_owned().into()),
        ("headers", Message::map(headers)),
        ("body", Message::from(bytes)),
    ]))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// A folder with some files; `secret` is outside the served part.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("htdocs");
        fs::create_dir_all(site.join("sub")).unwrap();
        fs::create_dir_all(site.join("a b")).unwrap();
        for (name, text) in
            [("index.html", "home"), ("sub/index.html", "sub"), ("a.txt", "0123456789"), ("../secret", "x")]
        {
            fs::write(site.join(name), text).unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.path().join("secret"), site.join("link")).unwrap();
        folder
    }

    fn ask(folder: &tempfile::TempDir, path: &str, headers: &[(&str, &str)]) -> Arc<Entries> {
        let headers = headers.iter().map(|(name, value)| (*name, Message::from(*value)));
        let requested = Message::map([
            ("method", "GET".into()),
            ("path", path.into()),
            ("query", "q=1".into()),
            ("headers", Message::map(headers)),
        ]);
        let (Message::Map(requested), site) = (requested, folder.path().join("htdocs")) else { panic!() };
        let Message::Map(response) = Site::new(site, "index.html".to_owned()).response(&Requested::new(requested))
        else {
            panic!()
        };
        response
    }

    fn header(response: &BTreeMap<String, Message>, name: &str) -> Option<String> {
        let Message::Map(headers) = &response["headers"] else { panic!() };
        headers.get(name).map(|value| value.to_string())
    }

    #[test]
    fn files_in_the_folder_are_served_and_files_outside_are_not() {
        let folder = folder();
        for (path, status, body) in [
            ("/", 200, Some("home")),
            ("", 200, Some("home")),
            ("/sub/", 200, Some("sub")),
            ("//sub/./", 200, Some("sub")),
            ("/sub", 301, None),
            ("/a b/", 404, None),
            ("/a.txt/", 404, None),
            ("/nothing", 404, None),
            ("/../secret", 404, None),
            ("/sub/../../secret", 404, None),
            ("/link", 404, None),
            ("/a\0", 404, None),
        ] {
            let response = ask(&folder, path, &[]);
            assert_eq!(response["statuscode"], status.into(), "{path}");
            assert!(body.is_none_or(|body| response["body"] == Message::bytes(body)), "{path}");
        }
    }

    #[test]
    fn a_redirect_stays_on_this_host_and_keeps_the_query() {
        let folder = folder();
        for (path, location) in [("/sub", "/sub/?q=1"), ("//sub", "/sub/?q=1"), ("/a b", "/a%20b/?q=1")] {
            assert_eq!(header(&ask(&folder, path, &[]), "Location").as_deref(), Some(location), "{path}");
        }
        let Message::Map(response) = redirect("/x\r\nSet-Cookie: a", "") else { panic!() };
        assert_eq!(header(&response, "Location").as_deref(), Some("/x%0D%0ASet-Cookie%3A%20a/"));
    }

    #[test]
    fn a_part_of_a_file_is_served_and_described() {
        let folder = folder();
        for (range, status, described, body) in [
            ("bytes=2-4", 206, Some("bytes 2-4/10"), "234"),
            ("bytes=-3", 206, Some("bytes 7-9/10"), "789"),
            ("bytes=8-100", 206, Some("bytes 8-9/10"), "89"),
            ("bytes=0-1,3-4", 200, None, "0123456789"),
        ] {
            let response = ask(&folder, "/a.txt", &[("range", range)]);
            assert_eq!(
                (&response["statuscode"], &response["body"]),
                (&status.into(), &Message::bytes(body)),
                "{range}"
            );
            assert_eq!(header(&response, "Content-Range").as_deref(), described, "{range}");
            assert_eq!(response["type"], "text/plain; charset=utf-8".into());
        }
        let response = ask(&folder, "/a.txt", &[("range", "bytes=10-")]);
        assert_eq!(response["statuscode"], 416.into());
        assert_eq!(header(&response, "Content-Range").as_deref(), Some("bytes */10"));
    }

    #[test]
    fn a_version_that_the_client_has_is_not_sent_again() {
        let folder = folder();
        let first = ask(&folder, "/a.txt", &[]);
        let (tag, date) = (header(&first, "ETag").unwrap(), header(&first, "Last-Modified").unwrap());
        for (headers, status) in [
            (&[("if-none-match", &*tag)][..], 304),
            (&[("if-modified-since", &*date)], 304),
            (&[("if-match", "\"other\"")], 412),
            (&[("range", "bytes=1-2"), ("if-range", &*tag)], 206),
            (&[("range", "bytes=1-2"), ("if-range", "\"other\"")], 200),
            (&[("range", "bytes=1-2"), ("if-none-match", &*tag)], 304),
        ] {
            let response = ask(&folder, "/a.txt", headers);
            assert_eq!(response["statuscode"], status.into(), "{headers:?}");
            if status == 304 {
                assert_eq!((header(&response, "ETag"), response.get("body")), (Some(tag.clone()), None));
            }
        }
        fs::write(folder.path().join("htdocs/a.txt"), "changed").unwrap();
        let changed = ask(&folder, "/a.txt", &[("if-none-match", &tag)]);
        assert_eq!((&changed["statuscode"], &changed["body"]), (&200.into(), &Message::bytes("changed")));
    }

    #[test]
    fn a_file_that_is_too_large_is_refused_with_the_reason_and_sent_in_parts() {
        let folder = folder();
        let large = fs::File::create(folder.path().join("htdocs/large")).unwrap();
        large.set_len(LARGEST + 2).unwrap();
        let whole = ask(&folder, "/large", &[]);
        assert_eq!(whole["statuscode"], 500.into());
        assert!(whole["body"].to_string().contains("larger than 64 MiB"), "{}", whole["body"]);
        let last = ask(&folder, "/large", &[("range", "bytes=-2")]);
        assert_eq!((&last["statuscode"], &last["body"]), (&206.into(), &Message::bytes([0, 0])));
    }
}
