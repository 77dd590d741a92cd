"""How values are shown to people, in a terminal and in HTML."""
