"""The own web page: Direct Line, sessions, the page's files, the embed."""
