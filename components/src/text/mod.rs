//! Reading, cutting and changing text and values.
