"""Where each rule goes on staging: beside which rule, at which precedence, as which one."""
