"""What happens once a capture is safe: it is read and saved."""
