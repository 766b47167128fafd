"""The app package that brings the tutor into Teams: a manifest and two icons in a zip."""
