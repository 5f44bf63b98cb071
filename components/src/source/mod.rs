//! Where messages begin: lists, clocks, choosers.
