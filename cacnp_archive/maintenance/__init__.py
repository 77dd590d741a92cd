"""The archive as a whole: complete, repair, verify, rebuild, import, package."""
