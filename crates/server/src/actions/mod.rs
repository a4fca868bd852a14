//! Use cases: one public function each, one commit each. No HTTP here, no SQL, no rule.
