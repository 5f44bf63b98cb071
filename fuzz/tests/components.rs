//! Components that parse input: web requests, marshalled records, JSON, frames, pictures, XML and lines.
//!
//! Invalid input may crash a component with an error. The component must not panic, and it must respond to shutdown.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that cannot continue must fail

use std::time::Duration;

use compose_components::BUILTINS;
use compose_fuzz::{damaged, panics_in, pieces, seeds};
use compose_runtime::component::ComponentSpec;
use compose_runtime::message::Message;
use compose_runtime::testing::Rig;
use proptest::prelude::*;

fn find(name: &str) -> &'static ComponentSpec {
    BUILTINS.iter().copied().find(|spec| spec.type_name == name).expect("the component exists")
}

/// Sends the pieces to the component, first as bytes and then as text.
fn check(name: &str, settings: &[(&str, Message)], bytes: &[u8], cuts: &[f64]) -> Result<(), TestCaseError> {
    for is_text in [false, true] {
        let mut rig = Rig::new(find(name), settings);
        let panics = panics_in(|| {
            for piece in pieces(bytes, cuts) {
                let message =
                    if is_text { Message::text(String::from_utf8_lossy(&piece)) } else { Message::bytes(piece) };
                rig.put("inbox", message);
                rig.run_for(Duration::from_millis(10));
            }
            rig.shutdown();
            rig.run_for(Duration::from_secs(1));
        });
        prop_assert_eq!(panics, 0, "{} panics", name);
        prop_assert!(rig.state().has_ended(), "{name} does not respond to shutdown");
    }
    Ok(())
}

fn cuts() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(0.0..=1.0, 0..4)
}

proptest! {
    #[test]
    fn heads_of_requests(bytes in damaged(seeds("http")), cuts in cuts()) {
        check("HTTPServer", &[], &bytes, &cuts)?;
    }

    #[test]
    fn marshalled_records(bytes in damaged(seeds("marshalled")), cuts in cuts(), codec in 0_usize..3) {
        let codec = ["mime", "json", "words"][codec];
        check("DeMarshaller", &[("codec", codec.into())], &bytes, &cuts)?;
    }

    #[test]
    fn json(bytes in damaged(seeds("json")), cuts in cuts()) {
        check("JSONDecoder", &[], &bytes, &cuts)?;
    }

    #[test]
    fn frames(bytes in damaged(seeds("frames")), cuts in cuts()) {
        for name in ["DeFramer", "LengthDeframer", "DataDeChunker"] {
            check(name, &[], &bytes, &cuts)?;
        }
    }

    #[test]
    fn pictures(bytes in damaged(seeds("picture")), cuts in cuts()) {
        check("YUV4MPEGToFrame", &[], &bytes, &cuts)?;
    }

    #[test]
    fn xml(bytes in damaged(seeds("xml")), cuts in cuts()) {
        for name in ["SimpleXMLParser", "SubtitleColourDecoder"] {
            check(name, &[], &bytes, &cuts)?;
        }
    }

    #[test]
    fn lines(bytes in damaged(seeds("lines")), cuts in cuts()) {
        for name in ["chunks_to_lines", "lines_to_tokenlists"] {
            check(name, &[], &bytes, &cuts)?;
        }
    }
}
