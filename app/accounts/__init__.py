"""Users, organisations, roles, signing in and staying signed in."""
