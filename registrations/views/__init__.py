"""The counsel's pages: load what the person may see, ask the rules, render."""
