"""What a person sees at the door: one Textual screen that draws views."""
