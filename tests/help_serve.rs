//! The help of `vigie serve`.

mod common;

use common::help::own;

#[test]
fn help_serve() {
    insta::assert_snapshot!(own("serve"));
}
