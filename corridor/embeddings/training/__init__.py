"""How the adapter that ships with the default model was made; nothing here runs in production."""
