"""What every other room speaks of; imports nothing of the rest."""
