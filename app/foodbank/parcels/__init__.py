"""One parcel: packed by a person, handed out once."""
