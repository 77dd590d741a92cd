"""`parse`: what today's parser reads from one page, beside what the database holds."""
