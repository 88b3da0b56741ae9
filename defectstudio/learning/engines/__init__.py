"""Ways to run a trained detector: one protocol, one module an engine, and the choice between them."""
