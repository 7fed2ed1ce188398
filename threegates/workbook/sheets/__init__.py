"""What single sheets hold besides tables."""
