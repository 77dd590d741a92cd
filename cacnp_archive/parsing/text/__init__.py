"""The text of an article and its parts: links, media, embeds, tables and dates."""
