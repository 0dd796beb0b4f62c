//! The French analysis chain.
mod fold;
pub use fold::fold;
