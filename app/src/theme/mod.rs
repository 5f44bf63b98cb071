//! The theme: every colour, size and font in one place.
