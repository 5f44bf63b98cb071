//! Why an XML document cannot be read.

/// Maximum total number of bytes to which the entities of a document may expand.
pub(super) const LARGEST_EXPANSION: usize = 1 << 20;

/// Why an XML document cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum XmlError {
    #[error(transparent)]
    Syntax(#[from] quick_xml::Error),
    #[error("the encoding {0} is not supported; convert the document to UTF-8")]
    UnsupportedEncoding(String),
    #[error("the bytes are not valid {0}, the encoding of the document")]
    InvalidBytes(&'static str),
    #[error("the character U+{0:04X} is not allowed")]
    Character(u32),
    #[error("the XML declaration is damaged or is not at the start of the document")]
    Declaration,
    #[error("{0:?} is not the target of a processing instruction")]
    Target(String),
    #[error("the document type is damaged: {0}")]
    DocType(&'static str),
    #[error("parameter entities are not supported; write the declarations out")]
    ParameterEntity,
    #[error("{0:?} is not a name")]
    Name(String),
    #[error("the attributes of {0} are damaged")]
    Attributes(String),
    #[error("the attribute {0} occurs twice")]
    DuplicateAttribute(String),
    #[error("an attribute value contains <")]
    LessThan,
    #[error("text contains ]]>")]
    CDataEnd,
    #[error("text is outside the root element")]
    OutsideRoot,
    #[error("there is no root element")]
    NoRoot,
    #[error("{0} is a second root element")]
    SecondRoot(String),
    #[error("{0} elements are not closed")]
    Unclosed(usize),
    #[error("&{0}; is not a character")]
    CharacterReference(String),
    #[error("the entity {0} is not declared")]
    Undeclared(String),
    #[error("the entity {0} is external, and external entities are never read; put its text into the document")]
    External(String),
    #[error("the entity {0} contains itself")]
    Recursive(String),
    #[error("the entity {0} does not contain whole elements")]
    Unbalanced(String),
    #[error("the entities expand to more than {} bytes or are nested too deeply", LARGEST_EXPANSION)]
    LargeExpansion,
}

impl XmlError {
    /// Whether the text ends where it must continue.
    pub(super) fn is_from_missing_text(&self) -> bool {
        use quick_xml::Error::{IllFormed, Syntax};
        let is_cut = |error: &quick_xml::Error| {
            matches!(error, Syntax(_) | IllFormed(quick_xml::errors::IllFormedError::UnclosedReference))
        };
        match self {
            Self::Syntax(error) => is_cut(error),
            Self::NoRoot | Self::Unclosed(_) => true,
            _ => false,
        }
    }

    /// What the error means for the document: it breaks a rule of XML, or it uses an unsupported feature.
    pub(super) fn headline(&self) -> &'static str {
        match self {
            Self::UnsupportedEncoding(_) | Self::ParameterEntity | Self::External(_) | Self::LargeExpansion => {
                "the XML cannot be read"
            }
            _ => "the XML is not well-formed",
        }
    }
}
