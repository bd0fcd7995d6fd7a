"""The FastCart order processing platform: one component per file, wired together in ``__main__.py``."""
