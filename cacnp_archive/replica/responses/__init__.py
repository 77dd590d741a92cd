"""Which response each address of the test copy of the site gets."""
