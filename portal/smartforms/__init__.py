"""Smart forms: what they ask is data, one evaluator says what comes next, a proof shows that they can be finished."""
