//! The documents that SimpleXMLParser accepts and refuses. The cases follow the productions and the well-formedness
//! constraints of XML 1.0; their numbers are in brackets.

use compose_runtime::introspect::snapshot::State;
use compose_runtime::testing::{Rig, check};

use super::*;

/// The events of a document between the first and the last, and the error.
fn parsed(document: impl Into<Message>) -> (Vec<String>, Option<String>) {
    let mut rig = Rig::new(&SIMPLE_XML_PARSER, &[]);
    rig.put("inbox", document);
    rig.finish();
    rig.run();
    let error = match rig.state() {
        State::Crashed(error) => Some(error.to_string()),
        _ => None,
    };
    let mut events = rig.texts("outbox");
    events.retain(|event| !matches!(event.as_str(), "[\"document\"]" | "[\"/document\"]"));
    (events, error)
}

#[test]
fn a_document_becomes_events_however_it_is_split() {
    check(
        &SIMPLE_XML_PARSER,
        &[],
        &["<a x='1 &lt;", " 2'>hi &am", "p; <b/></", "a>"],
        &[
            "[\"document\"]",
            "[\"element\", \"a\", {x: \"1 < 2\"}]",
            "[\"chars\", \"hi \"]",
            "[\"chars\", \"&\"]",
            "[\"chars\", \" \"]",
            "[\"element\", \"b\", {}]",
            "[\"/element\", \"b\"]",
            "[\"/element\", \"a\"]",
            "[\"/document\"]",
        ],
    );
    check(&SIMPLE_XML_PARSER, &[], &[], &[]);
}

#[test]
fn well_formed_documents_are_accepted() {
    for document in [
        "<a/>",
        "\u{feff}<a/>",
        "<?xml version='1.0' encoding=\"UTF-8\" standalone='yes' ?>\n<!-- c --><?pi x?><a></a \t>\n<!-- c --><?pi?> ",
        "<:a.-1 _b = 'x' c=\"'>\"/>",
        "<日本 é='1'>&#x1F600;&#10;</日本>",
        "<a><![CDATA[<b>&]] >]]><!-- -><!- --><?p ?></a>",
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a SYSTEM 'a.dtd'><a/>",
        "<!DOCTYPE a PUBLIC \"-//x//y\" 'a>.dtd' [ ]><a/>",
        "<!DOCTYPE a [<!-- ]> --><?p ]> ?><!ELEMENT a (#PCDATA|b)*><!ATTLIST a b CDATA 'x>y' c (d|e) #IMPLIED>
            <!NOTATION n SYSTEM \"n\"><!ENTITY u SYSTEM 'u' NDATA n><!ENTITY % p 'x'>\n] ><a/>",
    ] {
        assert_eq!(parsed(document).1, None, "{document}");
    }
}

#[test]
fn documents_that_are_not_well_formed_are_refused_with_the_line() {
    for (document, expected) in [
        ("<a/>junk<b/>", "text is outside the root element at line 1"),
        ("<a/><b/>", "b is a second root element"),
        ("<a></a>\n<b></b>", "b is a second root element at line 2"),
        ("junk<a/>", "text is outside the root"),
        ("<a/>&amp;", "text is outside the root"),
        ("<a/><![CDATA[]]>", "text is outside the root"),
        ("<!-- only -->", "there is no root element"),
        (" ", "there is no root element"),
        ("<a>\n</b>", "at line 2"),
        ("<a>\n<b>\n", "2 elements are not closed at line 3"),
        ("</a>", "not well-formed"),
        ("<1a/>", "\"1a\" is not a name"),
        ("< a/>", "\"\" is not a name"),
        ("<a=''/>", "is not a name"),
        ("<a 1b=''/>", "the attributes of a are damaged"),
        ("<a b/>", "the attributes of a are damaged"),
        ("<a b=c/>", "the attributes of a are damaged"),
        ("<a b='1'c='2'/>", "the attributes of a are damaged"),
        ("<a / >", "the attributes of a are damaged"),
        ("<a b='1' c='' b='2'/>", "the attribute b occurs twice"),
        ("<a b='<'/>", "an attribute value contains <"),
        ("<a b='&'/>", "is not a name"),
        ("<a></a b='1'>", "not well-formed"),
        ("<a>]]></a>", "text contains ]]>"),
        ("<a><!-- -- --></a>", "not well-formed"),
        ("<a><!-- ---></a>", "not well-formed"),
        ("<a><?xml version='1.0'?></a>", "the XML declaration is damaged or is not at the start"),
        (" <?xml version='1.0'?><a/>", "the XML declaration is damaged or is not at the start"),
        ("<?xml encoding='UTF-8'?><a/>", "the XML declaration is damaged"),
        ("<?XML x?><a/>", "\"XML\" is not the target"),
        ("<? x?><a/>", "is not the target"),
        ("<a>&nonsense;</a>", "the entity nonsense is not declared at line 1"),
        ("<a>& b</a>", "not well-formed"),
        ("<a>&b</a>", "not well-formed"),
        ("<a>&#0;</a>", "&#0; is not a character"),
        ("<a>&#xD800;</a>", "is not a character"),
        ("<a>&#+65;</a>", "is not a character"),
        ("<a>&#X41;</a>", "is not a character"),
        ("<a>\u{1}</a>", "U+0001 is not allowed"),
        ("<!doctype a><a/>", "in capital letters"),
        ("<!DOCTYPE><a/>", "not well-formed"),
        ("<a/><!DOCTYPE a>", "it comes after the root element"),
        ("<!DOCTYPE a><!DOCTYPE a><a/>", "there is another one"),
        ("<!DOCTYPE a [<!ENTITY e>]><a/>", "the declaration of an entity is damaged"),
        ("<!DOCTYPE a [<!ENTITY e 'a&b'>]><a/>", "is not a name"),
        ("<!DOCTYPE a [<!ELEMENT>]><a/>", "a declaration is damaged"),
        ("<!DOCTYPE a [junk]><a/>", "not a declaration"),
        ("<!DOCTYPE a [<!-- -- -->]><a/>", "a comment contains --"),
        ("<!DOCTYPE a SYSTEM><a/>", "an external identifier is damaged"),
    ] {
        let (_, error) = parsed(document);
        let error = error.unwrap_or_else(|| panic!("{document} is accepted"));
        assert!(error.contains(expected) && error.contains("at line"), "{document}: {error}");
        assert!(error.contains("not well-formed"), "{document}: {error}");
    }
}

#[test]
fn the_events_before_a_damaged_character_are_sent() {
    let events = ["[\"element\", \"a\", {}]", "[\"chars\", \"x\"]"];
    for (document, expected) in [
        (Message::from("<a>x\u{1}</a>"), "U+0001 is not allowed at line 1"),
        (Message::bytes(b"<a>x\xff</a>"), "not valid UTF-8"),
        (Message::bytes(b"<a>x<b c='\xff'/></a>"), "not valid UTF-8"),
        ("<a>x<!-- \u{1} --></a>".into(), "U+0001"),
        ("<a>x&am\u{1}".into(), "U+0001"),
        ("<a>x</b>\u{1}".into(), "expected `</a>`"),
    ] {
        let (found, error) = parsed(document.clone());
        let error = error.unwrap_or_default();
        assert!(found == events && error.contains(expected), "{document:?}: {found:?} {error}");
    }
    let (found, error) = parsed("<a>x</a>\u{1}");
    assert!(found.len() == 3 && error.is_some_and(|error| error.contains("U+0001")), "{found:?}");
}

#[test]
fn entities_declared_in_the_document_are_replaced() {
    let declared = |subset: &str, content: &str| parsed(format!("<!DOCTYPE a [{subset}]><a>{content}</a>"));
    let content = |subset: &str, content: &str| {
        let (mut events, error) = declared(subset, content);
        assert_eq!(error, None, "{subset} {content}");
        events.remove(0);
        events.pop();
        events.join(" ")
    };
    assert_eq!(content("<!ENTITY e 'x'>", "&e;"), "[\"chars\", \"x\"]");
    assert_eq!(content("<!ENTITY e 'x'><!ENTITY e 'y'>", "&e;"), "[\"chars\", \"x\"]", "the first one counts");
    assert_eq!(content("<!ENTITY e '&f;'><!ENTITY f '&#x41;&lt;'>", "&e;"), "[\"chars\", \"A\"] [\"chars\", \"<\"]");
    let inner = "[\"element\", \"b\", {c: \"x y\"}] [\"chars\", \"z\"] [\"/element\", \"b\"]";
    assert_eq!(content("<!ENTITY v 'x\ny'><!ENTITY e \"<b c='&v;'>z</b>\">", "&e;"), inner);
    assert_eq!(content("<!ENTITY e '&#38;#60;'>", "&e;"), "[\"chars\", \"<\"]");
    for (subset, content, expected) in [
        ("<!ENTITY e '&f;'><!ENTITY f '&e;'>", "&e;", "not well-formed: the entity e contains itself"),
        ("<!ENTITY e '<b>'>", "&e;</b>", "the entity e does not contain whole elements"),
        ("<!ENTITY e '</a><a>'>", "&e;", "the entity e does not contain whole elements"),
        ("<!ENTITY e '&#60;'>", "<b c='&e;'/>", "an attribute value contains <"),
        ("<!ENTITY e SYSTEM 'file:///etc/passwd'>", "&e;", "cannot be read: the entity e is external"),
        ("<!ENTITY % p ''> %p;", "", "cannot be read: parameter entities are not supported"),
    ] {
        let error = declared(subset, content).1.unwrap_or_default();
        assert!(error.contains(expected), "{subset}: {error}");
    }
}

#[test]
fn the_expansion_of_entities_is_bounded() {
    let wide = |level: i32| format!("<!ENTITY e{level} '{}'>", format!("&e{};", level - 1).repeat(10));
    let wide: Vec<String> = (1..20).map(wide).collect();
    let subset = format!("<!ENTITY e0 'lol'>{}", wide.concat());
    let deep: Vec<String> = (1..40).map(|level| format!("<!ENTITY d{level} '&d{};'>", level - 1)).collect();
    let deep = deep.concat();
    for document in [
        format!("<!DOCTYPE a [{subset}]><a>&e19;</a>"),
        format!("<!DOCTYPE a [{subset}]><a b='&e19;'/>"),
        format!("<!DOCTYPE a [<!ENTITY d0 ''>{deep}]><a>&d39;</a>"),
    ] {
        let error = parsed(document).1.unwrap_or_default();
        assert!(error.contains("cannot be read: the entities expand to more than 1048576 bytes"), "{error}");
    }
}

#[test]
fn documents_in_other_encodings_are_decoded() {
    let latin = parsed(Message::bytes(b"<?xml version='1.0' encoding='iso-8859-1'?><a>\xe9</a>")).0;
    let wide: Vec<u8> = "\u{feff}<a>é</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(latin[1] == "[\"chars\", \"é\"]" && latin == parsed(wide).0, "{latin:?}");
    let (events, error) = parsed(Message::bytes(b"<?xml version='1.0' encoding='koi8-r'?><a/>"));
    let text = "the XML cannot be read: the encoding koi8-r is not supported; convert the document to UTF-8 at line 1";
    assert_eq!((events.len(), error.as_deref()), (0, Some(text)));
}
