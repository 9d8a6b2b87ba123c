"""The command `foyer`: the one room that knows both programs.  It holds no rule."""
