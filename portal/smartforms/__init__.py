"""Smart forms: what a form asks is data, one evaluator decides what comes next, and a proof shows that it can be finished."""
