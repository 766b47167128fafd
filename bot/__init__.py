"""The shell: channels, the store, the workers, the web pages, the settings."""
