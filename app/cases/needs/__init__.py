"""What a household needs from a home and from a parcel, and where it must not go."""
