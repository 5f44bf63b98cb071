//! The console: lines typed and lines shown.
