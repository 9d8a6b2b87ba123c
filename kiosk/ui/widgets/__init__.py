"""One board for each view: takes the view, draws it, and says what was touched."""
