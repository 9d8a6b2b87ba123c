"""The hub's part of introductions: what is known of the past, the plan of the day, tables, learning."""
