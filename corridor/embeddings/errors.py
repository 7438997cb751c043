class ModelUnavailable(RuntimeError):
    """An embedding model cannot be loaded; the message says what to do."""
