"""Live sessions on pages: the host's, the big screen, the way in, the report."""
