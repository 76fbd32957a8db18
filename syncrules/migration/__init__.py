"""Two servers and exports -> the plan of a migration.

Way in: `planner.plan`, which returns a `plan.Plan`. `placing/` says where each rule goes, `checks/`
what stands against the move, `output/` what is written. May import: pairing, servers, exports,
rules, expressions, script, errors, diagnostics.
"""
