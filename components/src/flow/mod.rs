//! Choosing, splitting, slowing and swallowing messages.
