//! Dispatch: carries out, after drawing, what was asked for while drawing.
