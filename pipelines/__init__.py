"""What becomes of a capture: one module, one pipeline each, in the order of ITEM_PIPELINES."""
