//! The page of `vigie serve`: its drawings.
#![allow(dead_code, reason = "the page calls them")]

pub(crate) mod histogram;
pub(crate) mod map;
