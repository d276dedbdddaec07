//! tartgen compiles a typed fleet spec into a `SaltStack` tree.
