//! Parts that judge other parts.
