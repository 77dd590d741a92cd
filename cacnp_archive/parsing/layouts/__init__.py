"""Find the text of a page in any theme: by conventions, by what was learned, or by its prose."""
