"""What happens to a capture: one module per pipeline, in the order of ITEM_PIPELINES."""
