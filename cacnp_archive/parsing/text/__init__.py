"""The text of an article, and what stands in it: links, media, embeds, tables, dates."""
