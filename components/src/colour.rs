//! Colours as text: hexadecimal or by name.
//!
//! Pure.

/// Parses `#rrggbb`.
pub(crate) fn from_hex(text: &str) -> Option<[u8; 3]> {
    let digits = text.trim().strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let byte = |at: usize| digits.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    Some([byte(0)?, byte(2)?, byte(4)?])
}

/// `#rrggbb`, one of the sixteen basic colour names of HTML, `cyan` or `magenta`.
pub(crate) fn from_name_or_hex(text: &str) -> Option<[u8; 3]> {
    Some(match text.trim().to_ascii_lowercase().as_str() {
        "black" => [0, 0, 0],
        "silver" => [192, 192, 192],
        "gray" | "grey" => [128, 128, 128],
        "white" => [255, 255, 255],
        "maroon" => [128, 0, 0],
        "red" => [255, 0, 0],
        "purple" => [128, 0, 128],
        "fuchsia" | "magenta" => [255, 0, 255],
        "green" => [0, 128, 0],
        "lime" => [0, 255, 0],
        "olive" => [128, 128, 0],
        "yellow" => [255, 255, 0],
        "navy" => [0, 0, 128],
        "blue" => [0, 0, 255],
        "teal" => [0, 128, 128],
        "aqua" | "cyan" => [0, 255, 255],
        digits => return from_hex(digits),
    })
}

/// Formats a colour as `#rrggbb`.
pub(crate) fn to_hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_hex_digits_are_parsed_and_anything_else_is_not() {
        assert_eq!(from_name_or_hex(" Yellow "), Some([255, 255, 0]));
        assert_eq!(from_name_or_hex("#10a0FF"), Some([16, 160, 255]));
        for bad in ["", "mauve", "#12", "#12345g", "#ééé", "102030"] {
            assert_eq!(from_name_or_hex(bad), None, "{bad}");
        }
        assert_eq!(to_hex([16, 160, 255]), "#10a0ff");
    }
}
