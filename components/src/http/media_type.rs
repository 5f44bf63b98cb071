//! Media types of files, by file extension.
//!
//! Pure; mime_guess has the table.

use std::borrow::Cow;
use std::path::Path;

/// The media type of a file. Text is declared as UTF-8.
pub(super) fn media_type(path: &Path) -> Cow<'static, str> {
    match mime_guess::from_path(path).first_raw() {
        // RFC 9239 has made the older name obsolete.
        Some("application/javascript") => "text/javascript; charset=utf-8".into(),
        Some("text/html") => "text/html; charset=utf-8".into(),
        Some(text) if text.starts_with("text/") => format!("{text}; charset=utf-8").into(),
        Some(other) => other.into(),
        None => "application/octet-stream".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_determines_the_type() {
        for (name, expected) in [
            ("index.html", "text/html; charset=utf-8"),
            ("INDEX.HTM", "text/html; charset=utf-8"),
            ("style.css", "text/css; charset=utf-8"),
            ("app.js", "text/javascript; charset=utf-8"),
            ("app.mjs", "text/javascript; charset=utf-8"),
            ("notes.txt", "text/plain; charset=utf-8"),
            ("notes.md", "text/markdown; charset=utf-8"),
            ("table.csv", "text/csv; charset=utf-8"),
            ("data.json", "application/json"),
            ("code.wasm", "application/wasm"),
            ("drawing.svg", "image/svg+xml"),
            ("photo.jpeg", "image/jpeg"),
            ("photo.avif", "image/avif"),
            ("photo.webp", "image/webp"),
            ("icon.ico", "image/x-icon"),
            ("sound.mp3", "audio/mpeg"),
            ("sound.ogg", "audio/ogg"),
            ("sound.wav", "audio/wav"),
            ("film.mp4", "video/mp4"),
            ("film.webm", "video/webm"),
            ("letter.woff2", "font/woff2"),
            ("paper.pdf", "application/pdf"),
            ("all.zip", "application/zip"),
            ("all.tar.gz", "application/gzip"),
            ("README", "application/octet-stream"),
            ("file.unknown-type", "application/octet-stream"),
        ] {
            assert_eq!(media_type(Path::new(name)), expected, "{name}");
        }
    }
}
